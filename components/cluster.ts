import * as pulumi from "@pulumi/pulumi";
import { isError, ProblemsError } from "../provider/errors";
import { usable } from "../provider/model/argument";
import type { ManagementInputs } from "../provider/model/servers";
import type { Through } from "../provider/model/through";
import type { AccountServers } from "../provider/model/jwt/accountServers";
import { renderCliContext } from "../provider/render/cliContext";
import { Nkey } from "../provider/resources/nkey";
import { Password } from "../provider/resources/password";
import { cliUserShape } from "./cliUser";
import type { CliUser } from "./cliUser";
import type { ClusterArgs } from "./clusterArgs";
import { otherProblems, renderArgs } from "./clusterConf";
import { clusterShapeProblems } from "./clusterShape";
import { isUsable } from "./clusterProblems";
import { wantedListeners } from "./clusterSettings";
import type { ClusterOperator } from "./clusterOperator";
import { clusterTls } from "./clusterTls";
import { targetProblems } from "./target";

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
  /**
   * Where clients connect, one URL a server; there once the servers serve. Known in a preview, but not where its settings hang on what
   * is yet to be made, such as the creds of a new `nats.User` by which a `nats.LeafNode` logs in.
   */
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

function mapSecrets(files: Readonly<Record<string, pulumi.Input<string>>>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, pulumi.secret(text)]));
}

/** Where the program may make the client listener ask for certificates, the rollout shows the servers' own. */
function mayAskForCertificates(args: ClusterArgs): boolean {
  return args.tls?.verify === true || args.config?.tls !== undefined;
}
