import { isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import type { ConfigChange } from "./impact";
import type { Waypoint } from "./rollout";

/**
 * The configuration of a step on the way, from what a server runs towards what is wanted. "routes": as it runs, with the wanted
 * routes beside the old ones that lead elsewhere. "ordered": also with the parts that all servers must change at the same moment.
 */
export function waypoint(kind: Waypoint, from: ConfMap, to: ConfMap, changes: readonly ConfigChange[]): ConfMap {
  if (kind === "wanted") return to;
  const result = new Map(from);
  if (kind === "ordered") {
    for (const change of changes.filter((part) => part.impact === "ordered-reload")) {
      copyPart(result, to, change.path);
    }
  }
  const routes = unionOfRoutes(routesOf(from), routesOf(to));
  const cluster = result.get("cluster");
  if (isConfMap(cluster) && routes.length > 0) result.set("cluster", new Map([...cluster, ["routes", routes]]));
  return result;
}

/** Copies `block.key` (or a whole top-level key) as `to` has it. */
function copyPart(result: Map<string, ConfValue>, to: ConfMap, path: string): void {
  const [block = "", key] = path.split(/[.[]/);
  const wanted = to.get(block);
  const present = result.get(block);
  if (key === undefined || !isConfMap(wanted) || !isConfMap(present)) {
    if (wanted === undefined) result.delete(block);
    else result.set(block, wanted);
    return;
  }
  const members = new Map(present);
  const value = wanted.get(key);
  if (value === undefined) members.delete(key);
  else members.set(key, value);
  result.set(block, members);
}

export function routesOf(conf: ConfMap): readonly string[] {
  const cluster = conf.get("cluster");
  const routes = isConfMap(cluster) ? cluster.get("routes") : undefined;
  return Array.isArray(routes) ? (routes as ConfValue[]).map(String) : [];
}

/** The wanted ones, and those old ones that lead to an address which is not among them. */
function unionOfRoutes(old: readonly string[], wanted: readonly string[]): string[] {
  const addresses = new Set(wanted.map(addressOf));
  return [...wanted, ...old.filter((route) => !addresses.has(addressOf(route)))];
}

function addressOf(route: string): string {
  return route.replace(/^[a-z-]+:\/\//, "").replace(/^[^@]*@/, "");
}
