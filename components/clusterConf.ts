import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { ClusterModel, NodeModel } from "../provider/model/cluster";
import { expandConfig } from "../provider/model/config/expandConfig";
import { hideSecrets } from "../provider/model/hideSecrets";
import { hasToken, renderServerConf } from "../provider/render/serverConf";
import type { ServerConf } from "../provider/render/serverConf";
import { topLevelBlocks } from "./clusterArgs";
import type { ClusterArgs } from "./clusterArgs";
import { operatorArguments, withOperator } from "./clusterOperator";
import { argumentPath, argumentProblems, openProblems, settingsProblems } from "./clusterProblems";
import { mergeSettings, ownKeyProblems, wantedListeners, withoutLeafLogins } from "./clusterSettings";
import { holdsPlaceholder, leadsToPlaceholder, resolveInputs, resolveNow } from "./resolveInputs";
import type { Resolved } from "./resolveInputs";
import { targetProblems } from "./target";
import type { Placement, Target } from "./target";

/** The configuration of a cluster as its arguments have it, and what is wrong with them. */
export interface RenderedArgs {
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

export function renderArgs(
  cluster: string,
  args: ClusterArgs,
  placement: Placement,
  shape: readonly Problem[],
): RenderedArgs {
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
export function otherProblems(name: string, args: ClusterArgs, target: Target): Problem[] {
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
