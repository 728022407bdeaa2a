import { missingOf } from "../apply/placementProbe";
import type { Problem } from "../errors";
import { isObject, sameJson } from "../model/exactJson";
import type { StreamOptions } from "../model/stream";
import type { Reachable } from "./jetstreamOf";
import type { StreamKind, StreamKindState } from "./streamKind";

/** Tags and clusters that no server has by now. Warnings only: servers of the same program may come with them. */
export async function placementProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { js, account, facts }: Reachable,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const { placement } = kind.expand(kind.states.knownSettings(inputs));
  const before = olds && kind.expand(kind.states.inputsOf(olds))["placement"];
  if (!isObject(placement) || sameJson(placement, before)) return [];
  const cluster = typeof placement["cluster"] === "string" ? placement["cluster"] : undefined;
  // "!tag" keeps servers away that have it.
  const all = (Array.isArray(placement["tags"]) ? placement["tags"] : []).map(String);
  const tags = all.filter((tag) => !tag.startsWith("!"));
  if (facts.clustered === false) return placedAlone(cluster, all);
  if (cluster === undefined && tags.length === 0) return [];
  const missing = await missingOf(js, account, { cluster, tags });
  if (missing === "cluster") {
    const reason = `there is no cluster "${cluster}" with JetStream now: the servers refuse it (10005) unless it comes before`;
    const fix = `the name that its servers have as cluster { name }; this one is "${js.connection.info?.cluster}"`;
    return [{ path: "placement.cluster", reason, fix, severity: "warning" }];
  }
  if (missing !== "tags") return [];
  const where = cluster === undefined ? "no server" : `no server of cluster "${cluster}"`;
  const fix = "the tags that servers have (server_tags; `nats server list`), or give them to servers first";
  const single = await Promise.all(
    tags.map(async (tag) => (await missingOf(js, account, { cluster, tags: [tag] })) === "tags"),
  );
  const refused = "now: the servers refuse it (10005) unless one gets it before";
  const alone = all.flatMap((tag, index): Problem[] =>
    single[tags.indexOf(tag)]
      ? [
          {
            path: `placement.tags[${index}]`,
            reason: `${where} has the tag "${tag}" ${refused}`,
            fix,
            severity: "warning",
          },
        ]
      : [],
  );
  if (alone.length > 0) return alone;
  const each = tags.map((tag) => `"${tag}"`).join(", ");
  return [{ path: "placement.tags", reason: `${where} has all the tags ${each} ${refused}`, fix, severity: "warning" }];
}

/** A server alone takes whatever is said, and stores it. */
function placedAlone(cluster: string | undefined, tags: readonly string[]): Problem[] {
  const reason = "the server is alone, in no cluster: it keeps this without a look at it, and nothing comes of it";
  const fix = "leave it out, or make the server one of a cluster before";
  const paths = [
    ...(cluster === undefined ? [] : ["placement.cluster"]),
    ...(tags.length === 0 ? [] : ["placement.tags"]),
  ];
  return paths.map((path) => ({ path, reason, fix, severity: "warning" }));
}
