import * as pulumi from "@pulumi/pulumi";
import { isError, ProblemsError } from "../provider/errors";
import type { Problem } from "../provider/errors";
import { hideSecrets } from "../provider/model/hideSecrets";
import { input, objectOf, secretText, text, usable } from "../provider/model/argument";
import type { ClusterModel, NodeModel } from "../provider/model/cluster";
import { expandConfig } from "../provider/model/config/expandConfig";
import type { ManagementInputs } from "../provider/model/servers";
import type { Through } from "../provider/model/through";
import type { AccountServers } from "../provider/model/jwt/accountServers";
import { renderCliContext } from "../provider/render/cliContext";
import { hasToken, renderServerConf } from "../provider/render/serverConf";
import type { ServerConf } from "../provider/render/serverConf";
import { Nkey } from "../provider/resources/nkey";
import { Password } from "../provider/resources/password";
import { topLevelBlocks } from "./clusterArgs";
import type { ClusterArgs } from "./clusterArgs";
import { clusterShapeProblems } from "./clusterShape";
import { argumentPath, argumentProblems, isUsable, openProblems, settingsProblems } from "./clusterProblems";
import { mergeSettings, ownKeyProblems, wantedListeners, withoutLeafLogins } from "./clusterSettings";
import { operatorArguments, withOperator } from "./clusterOperator";
import type { ClusterOperator } from "./clusterOperator";
import { clusterTls } from "./clusterTls";
import { holdsPlaceholder, leadsToPlaceholder, resolveInputs, resolveNow } from "./resolveInputs";
import type { Resolved } from "./resolveInputs";
import { targetProblems } from "./target";
import type { Placement, Target } from "./target";

/** The server version of a cluster that names none. */
const defaultServerVersion = "2.15.2";

/**
 * A NATS cluster: its servers with routes between them, TLS, accounts and users, JetStream and all else of nats.conf,
 * on the target that it is given. A change is rolled out so that the cluster keeps serving: reloaded where the servers
 * can, else restarted one server at a time; the preview says which, and why.
 *
 * @example
 * ```ts
 * const ca = new nats.CertificateAuthority("ca");
 * const cluster = new nats.Cluster("east", {
 *     target: nats.thisMachine({ servers: 3 }),
 *     tls: { issuer: ca },
 *     jetstream: { maxFileStore: "10GiB" },
 *     accounts: { APP: { jetstream: true, users: [{ user: "app", password: config.requireSecret("password") }] } },
 * });
 * export const urls = cluster.urls;
 * ```
 */
export class Cluster extends pulumi.ComponentResource {
  /** cluster.name. */
  readonly clusterName: string;
  /** The servers' names. */
  readonly serverNames: readonly string[];
  /** Where clients connect, one URL a server; known in a preview, and there once the servers serve. */
  readonly urls: pulumi.Output<string[]>;
  /** Where the servers answer monitoring requests over HTTP; with `monitorListen: "127.0.0.1"`, on their own hosts alone. */
  readonly monitorUrls: pulumi.Output<string[]>;
  /** PEM of the CA that clients must trust; "" without TLS. */
  readonly caCertificate: pulumi.Output<string>;
  /**
   * Seed of the system account's user by which this program asks the servers; a secret. A cluster with `authorization.token`
   * has no such user: it is asked by its monitoring ports; one with an operator has `operator.systemCreds` instead.
   */
  readonly systemSeed: pulumi.Output<string>;
  /** The resource that carries the servers, to depend on (`deletedWith: cluster.servers`). */
  readonly servers: pulumi.Resource;
  /** Where gateways of other clusters dial, one URL a server; empty without a gateway. */
  readonly gatewayUrls: pulumi.Output<string[]>;
  /** Where leaf nodes dial, one URL a server; empty without their listener. */
  readonly leafnodeUrls: pulumi.Output<string[]>;
  /** As whom this program asks the servers; a secret. */
  readonly management: pulumi.Output<ManagementInputs>;
  /** How this machine reaches the servers where it can't dial them; a secret. For `nats.Provider({ through: cluster })`. */
  readonly through: pulumi.Output<Through | undefined>;
  /** Who issues its accounts and users; undefined where they stand in the configuration. */
  readonly operator: ClusterOperator | undefined;
  /** How accounts get onto the servers; a secret. For `new nats.Account("…", { cluster })`. */
  readonly accountServers: pulumi.Output<readonly AccountServers[]>;

  readonly #caFile: string | undefined;
  readonly #isTlsFirst: pulumi.Output<boolean>;

  constructor(name: string, given: ClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("nats:index:Cluster", name, {}, options);
    const shape = [...clusterShapeProblems(given), ...targetProblems(given?.target)];
    if (shape.some(({ path }) => path === "" || /^target(\.|$)/.test(path))) {
      const others = given ? otherProblems(name, usable(given, shape), given.target) : [];
      throw new ProblemsError(`nats.Cluster ${JSON.stringify(name)}`, [...shape, ...others].filter(isError));
    }
    const args = usable(given, shape);
    const clusterName = args.name ?? name;
    const placement = args.target.place(clusterName, wantedListeners(args));
    const password = new Password(`${name}-cluster`, {}, { parent: this });
    const management = args.operator ? undefined : new Nkey(`${name}-management`, {}, { parent: this });
    const tls = args.tls && isUsable(args.tls) ? clusterTls(name, args.tls, placement, { parent: this }) : undefined;
    const conf = renderArgs(clusterName, args, placement, shape);

    const shown = tls && mayAskForCertificates(args) ? { cert: tls.cert, key: pulumi.secret(tls.key) } : {};
    const asked = conf.isMonitored.apply((isMonitored) =>
      isMonitored
        ? { monitor: true }
        : {
            ...(management ? { seed: management.seed } : { creds: pulumi.secret(args.operator!.systemCreds) }),
            ...(tls ? { ca: tls.ca } : {}),
            ...shown,
          },
    );
    const deployed = args.target.deploy(
      name,
      {
        cluster: clusterName,
        version: args.version ?? defaultServerVersion,
        placement,
        hasTls: args.tls !== undefined,
        config: conf.config,
        nodes: conf.nodes,
        secrets: pulumi.secret(
          pulumi
            .all([conf.secrets, password.result, management?.publicKey ?? ""])
            .apply(([secrets, clusterPassword, managementKey]) => secrets({ clusterPassword, managementKey })),
        ),
        files: { ...args.files, ...(tls ? { "tls/ca.pem": tls.ca, "tls/server.pem": tls.cert } : {}) },
        secretFiles: mapSecrets({ ...args.secretFiles, ...(tls ? { "tls/server.key": tls.key } : {}) }),
        management: asked,
        rollout: args.rollout ?? {},
        onDataLoss: args.onDataLoss ?? "refuse",
        problems: conf.problems,
      },
      { parent: this },
    );

    this.clusterName = clusterName;
    this.serverNames = placement.nodes.map((node) => node.name);
    this.servers = deployed.servers;
    this.urls = deployed.urls;
    this.monitorUrls = pulumi
      .all([conf.monitorPath, deployed.monitorUrls])
      .apply(([base, urls]) => urls.map((url) => `${url}${base}`));
    this.gatewayUrls = deployed.gatewayUrls;
    this.leafnodeUrls = deployed.leafnodeUrls;
    this.through = pulumi.secret(deployed.through);
    this.management = pulumi.secret(asked);
    this.caCertificate = tls ? tls.ca : pulumi.output("");
    this.systemSeed = pulumi.secret(management?.seed ?? "");
    this.operator = args.operator;
    this.accountServers = pulumi.secret(
      pulumi
        .all([this.urls, this.caCertificate, this.through, args.operator?.systemCreds ?? "", shown, conf.isTlsFirst])
        .apply(([urls, ca, through, creds, client, isTlsFirst]) => [
          {
            cluster: clusterName,
            names: this.serverNames,
            urls,
            creds,
            ...(ca === "" ? {} : { ca }),
            ...client,
            ...(isTlsFirst ? { handshakeFirst: true } : {}),
            ...(through ? { through } : {}),
          },
        ]),
    );
    this.#caFile = tls && placement.caFile;
    this.#isTlsFirst = conf.isTlsFirst;
    this.registerOutputs({ urls: this.urls, monitorUrls: this.monitorUrls });
  }

  /**
   * JSON of a nats CLI context for a user of this cluster; a secret. Save it as `~/.config/nats/context/<name>.json`. With TLS from an
   * authority of the program, servers elsewhere than on this machine need `ca` too: `{ …, ca: path.resolve("ca.pem") }`.
   *
   * @example
   * ```ts
   * export const context = cluster.cliContext({ user: "app", password: appPassword });
   * // (umask 077; pulumi stack output context --show-secrets > ~/.config/nats/context/app.json) && nats --context app stream ls
   * ```
   */
  cliContext(user: CliUser = {}): pulumi.Output<string> {
    const problems = cliUserShape(user, "");
    if (problems.length > 0) throw new ProblemsError("cliContext", problems);
    const all = pulumi.all([this.urls, pulumi.output(user), this.#isTlsFirst]);
    const json = all.apply(([urls, credentials, tlsFirst]) =>
      renderCliContext({
        description: `Cluster ${this.clusterName}`,
        urls,
        ...(this.#caFile ? { ca: this.#caFile } : {}),
        ...credentials,
        ...(tlsFirst ? { tlsFirst } : {}),
      }),
    );
    return pulumi.secret(json);
  }
}

/** As whom a context of {@link Cluster.cliContext} connects: a user with its password, a token, or files of credentials. */
export interface CliUser {
  /** User name. */
  readonly user?: pulumi.Input<string>;
  /** Password of the user. */
  readonly password?: pulumi.Input<string>;
  /** Token, where the cluster has one. */
  readonly token?: pulumi.Input<string>;
  /** Absolute path of a .creds file. */
  readonly creds?: pulumi.Input<string>;
  /** Absolute path of a file with an nkey seed. */
  readonly nkey?: pulumi.Input<string>;
  /** Absolute path of the client's certificate in PEM, for a cluster with `tls.verify`. */
  readonly cert?: pulumi.Input<string>;
  /** Absolute path of the private key of `cert`. */
  readonly key?: pulumi.Input<string>;
  /**
   * Absolute path, where the CLI runs, of the CA's certificate: a context takes no text of it. Default the servers' own file where they
   * run on this machine, else the CAs that the CLI's machine trusts; `pulumi stack output caCertificate > ca.pem` writes it.
   */
  readonly ca?: pulumi.Input<string>;
}

const cliUserShape = objectOf<CliUser>({
  user: input(text),
  password: input(secretText),
  token: input(secretText),
  creds: input(text),
  nkey: input(text),
  cert: input(text),
  key: input(text),
  ca: input(text),
});

interface RenderedArgs {
  readonly config: pulumi.Output<string>;
  readonly nodes: Readonly<Record<string, pulumi.Output<string>>>;
  readonly secrets: pulumi.Output<ServerConf["secrets"]>;
  readonly problems: pulumi.Output<Problem[]>;
  /** The servers have no user that can manage them, and are asked by their monitoring ports. */
  readonly isMonitored: pulumi.Output<boolean>;
  /** The client listener speaks TLS before INFO. */
  readonly isTlsFirst: pulumi.Output<boolean>;
  /** http_base_path. */
  readonly monitorPath: pulumi.Output<string>;
}

function renderArgs(cluster: string, args: ClusterArgs, placement: Placement, shape: readonly Problem[]): RenderedArgs {
  const blocks = Object.fromEntries([...topLevelBlocks, "config" as const].map((key) => [key, args[key]]));
  const own = { ...blocks, operator: operatorArguments(args.operator) };
  const { preview, final } = resolveInputs<ResolvedArgs>({ args: own, nodes: placement.nodes });
  const render = (resolved: Resolved<ResolvedArgs>): Rendered =>
    renderResolved(cluster, args, placement, resolved, shape);
  const first = preview.apply(render);
  const last = final.apply(render);
  // What no unknown value went into is known in a preview, even if a password elsewhere is not made yet.
  const knownPart = <Part>(part: (rendered: Rendered) => Part): pulumi.Output<Part> =>
    pulumi.output(
      first.apply((rendered) =>
        rendered.isOpen || holdsPlaceholder(part(rendered)) ? last.apply(part) : part(rendered),
      ),
    ) as pulumi.Output<Part>;
  return {
    config: knownPart(({ conf }) => conf.config),
    nodes: Object.fromEntries(
      placement.nodes.map(({ name, host, listen, monitorListen, routeHost }) => {
        const text = knownPart(({ conf }) => conf.nodes[name]!);
        // As secret as its addresses, and there after what they come from.
        return [name, pulumi.all([text, host, listen, monitorListen, routeHost]).apply(([known]) => known)];
      }),
    ),
    secrets: last.apply<ServerConf["secrets"]>(({ conf }) => conf.secrets),
    problems: first.apply(({ problems }) => problems),
    isMonitored: first.apply(({ settings }) => hasToken(settings)),
    isTlsFirst: first.apply(({ settings }) => speaksTlsFirst(settings)),
    monitorPath: knownPart(({ settings }) => basePathOf(settings)),
  };
}

/** What is wrong beside the target, of a program that stops because of that. */
function otherProblems(name: string, args: ClusterArgs, target: Target): Problem[] {
  const clusterName = args.name ?? name;
  const wanted = wantedListeners(args);
  const placement = targetProblems(target).length > 0 ? target.place(clusterName, wanted) : nowhere;
  const blocks = Object.fromEntries([...topLevelBlocks, "config" as const].map((key) => [key, args[key]]));
  const resolved = resolveNow<ResolvedArgs>({ args: blocks, nodes: placement.nodes });
  return renderResolved(clusterName, args, placement, resolved).problems;
}

const nowhere: Placement = {
  nodes: [],
  layout: { tlsDir: "current/tls", storeDir: "data" },
  settings: {
    ports: () => "ports are the target's",
    address: "the address is the target's",
    folder: "the folder is the target's",
  },
};

function speaksTlsFirst(settings: ClusterModel["settings"]): boolean {
  const tls = settings.get("tls");
  return tls instanceof Map && (tls.get("handshake_first") ?? false) !== false;
}

function basePathOf(settings: ClusterModel["settings"]): string {
  const path = settings.get("http_base_path");
  return typeof path === "string" ? path.replace(/\/+$/, "") : "";
}

interface ResolvedArgs {
  readonly args: Readonly<Record<string, unknown>>;
  readonly nodes: readonly NodeModel[];
}

interface Rendered {
  readonly conf: ServerConf;
  readonly settings: ClusterModel["settings"];
  readonly problems: Problem[];
  /** A value of another kind than a text is not known yet, and so not in the texts. */
  readonly isOpen: boolean;
}

function renderResolved(
  cluster: string,
  args: ClusterArgs,
  placement: Placement,
  { value: { args: value, nodes }, secrets, marked }: Resolved<ResolvedArgs>,
  shape: readonly Problem[] = [],
): Rendered {
  const merged = withoutLeafLogins(mergeSettings(value));
  const operated = withOperator(
    merged.settings,
    value["operator"] as Record<string, unknown> | undefined,
    placement.layout,
  );
  const problems = [...merged.problems, ...operated.problems];
  const expanded = expandConfig(operated.settings);
  const model: ClusterModel = {
    name: cluster,
    nodes,
    layout: placement.layout,
    settings: expanded.conf,
    leafLogins: merged.leafLogins,
    tls: args.tls && { verify: args.tls.verify ?? false },
    secrets,
  };
  const all = [
    ...argumentProblems(cluster, args),
    ...problems,
    ...expanded.problems.map((problem) => ({ ...problem, path: argumentPath(problem.path) })),
    ...ownKeyProblems(expanded.conf, placement.settings),
    ...settingsProblems(expanded.conf),
  ];
  const known = all.filter((problem) => !leadsToPlaceholder(value, problem.path));
  const isOpen = known.length < all.length;
  const inArgs = marked.map((one) => ({ ...one, path: one.path.replace(/^args\./, "") }));
  const told = [...shape, ...hideSecrets(known, inArgs).filter((problem) => !holdsPlaceholder(problem))];
  const open = openProblems(expanded.conf, told).filter(({ path }) => !leadsToPlaceholder(value, path));
  return {
    conf: renderServerConf(model),
    settings: expanded.conf,
    problems: [...told, ...open],
    isOpen,
  };
}

function mapSecrets(files: Readonly<Record<string, pulumi.Input<string>>>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, pulumi.secret(text)]));
}

/** Where the program may make the client listener ask for certificates, the rollout shows the servers' own. */
function mayAskForCertificates(args: ClusterArgs): boolean {
  return args.tls?.verify === true || args.config?.tls !== undefined;
}
