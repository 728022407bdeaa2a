import type { ConfMap } from "../provider/conf/value";
import { isConfMap } from "../provider/conf/value";
import type { Problem } from "../provider/errors";
import type { ClusterModel, Login } from "../provider/model/cluster";
import { propertyName } from "../provider/model/config/propertyName";
import { topLevelBlocks } from "./clusterArgs";
import type { ClusterArgs } from "./clusterArgs";
import type { TargetSettings, WantedListeners } from "./target";

type Settings = Readonly<Record<string, unknown>>;

/** The blocks at the top level of the arguments and `config` as one configuration. */
export function mergeSettings(args: Settings): { settings: Settings; problems: Problem[] } {
  const config = (args["config"] ?? {}) as Settings;
  const problems: Problem[] = [];
  const settings: Record<string, unknown> = { ...config };
  for (const block of topLevelBlocks) {
    if (args[block] === undefined) continue;
    if (config[block] !== undefined) {
      problems.push({
        path: `config.${block}`,
        reason: `${block} is given twice, here and as \`${block}\``,
        fix: `${block}: { … } alone`,
      });
    }
    settings[block] = args[block];
  }
  return { settings, problems };
}

/** The settings without what a {@link LeafNode} says beside its remotes: as whom each is dialled. */
export function withoutLeafLogins<Merged extends { readonly settings: Settings }>(
  merged: Merged,
): Merged & Pick<ClusterModel, "leafLogins"> {
  const leafnodes = merged.settings["leafnodes"] as { readonly remotes?: unknown } | undefined;
  if (!Array.isArray(leafnodes?.remotes)) return { ...merged, leafLogins: [] };
  const parts = (leafnodes.remotes as Settings[]).map((remote) => {
    if (typeof remote !== "object" || (remote as unknown) === null) return { remote, login: undefined };
    const { login, ...rest } = remote;
    return { remote: rest, login: login as Login | undefined };
  });
  const remotes = parts.map(({ remote }) => remote);
  const settings = { ...merged.settings, leafnodes: { ...leafnodes, remotes } };
  return { ...merged, settings, leafLogins: parts.map(({ login }) => login) };
}

/** Keys that the cluster writes itself, with the place where they are set instead. */
function ownKeys({ ports, address, folder }: TargetSettings): (readonly [path: readonly string[], instead: string])[] {
  return [
    [["server_name"], "the servers' names follow the cluster's `name`"],
    [["listen"], ports("client")],
    [["host"], address],
    [["port"], ports("client")],
    ...["http", "http_port", "https", "https_port"].map((key) => [[key], ports("monitor")] as const),
    [["store_dir"], folder],
    [["jetstream", "store_dir"], folder],
    [["cluster", "name"], "set the cluster's own `name`"],
    [["gateway", "name"], "a gateway has the cluster's name: set the cluster's own `name`"],
    [["cluster", "authorization"], "routes have a password of their own already"],
    ...(["cluster", "gateway", "leafnodes", "websocket", "mqtt"] as const).flatMap((block) => [
      ...["listen", "port"].map((key) => [[block, key], ports(block)] as const),
      [[block, "host"], address] as const,
    ]),
  ];
}

/** A problem for each key that the cluster writes itself. */
export function ownKeyProblems(conf: ConfMap, settings: TargetSettings): Problem[] {
  return ownKeys(settings).flatMap(([path, instead]) => {
    const holder = path.length === 1 ? conf : conf.get(path[0]!);
    const present = isConfMap(holder) && holder.has(path.at(-1)!);
    const reason = `the cluster sets this itself: ${instead}`;
    return present ? [{ path: `config.${path.map(propertyName).join(".")}`, reason, fix: "leave it out" }] : [];
  });
}

/** Listeners beside the client's, the monitor's and the routes' that the arguments ask for. */
export function wantedListeners(args: Pick<ClusterArgs, "config" | keyof WantedListeners>): WantedListeners {
  const config = (args.config ?? {}) as Settings;
  const block = (name: keyof WantedListeners): unknown => args[name] ?? config[name];
  const wanted = (name: keyof WantedListeners): boolean => block(name) !== undefined && block(name) !== false;
  return {
    gateway: wanted("gateway"),
    leafnodes: wanted("leafnodes") && !onlyDials(block("leafnodes")),
    websocket: wanted("websocket"),
    mqtt: wanted("mqtt"),
  };
}

/** `leafnodes` with nothing but `remotes` dials out and does not listen. */
function onlyDials(leafnodes: unknown): boolean {
  return typeof leafnodes === "object" && leafnodes !== null && Object.keys(leafnodes).join() === "remotes";
}
