import { isConfMap } from "../conf/value";
import type { ConfMap } from "../conf/value";
import type { Problem } from "../errors";
import type { ConfigChange, Impact } from "./impact";
import { impacts } from "./impact";
import type { NodeSeen, RolloutWanted } from "./rollout";

interface ChangedNode {
  readonly seen: NodeSeen;
  readonly changes: readonly ConfigChange[];
}

/** What a rollout must not do, each with the reason and what to do instead. */
export function refusalsOf(wanted: RolloutWanted, changes: readonly ChangedNode[], impact: Impact): Problem[] {
  const problems = [...identityProblems(changes), ...versionProblems(wanted, changes)];
  if (!wanted.allowDataLoss) problems.push(...clusteringProblems(wanted, changes));
  if (impact === "full-cluster" && !wanted.allowOutage) {
    const parts = changes.flatMap((node) => node.changes.filter((change) => change.impact === "full-cluster"));
    for (const part of unique(parts)) {
      problems.push({
        path: "config",
        reason: `${part.path} can only change with all servers stopped at once: ${part.why}`,
        fix: "rollout: { allowOutage: true }",
      });
    }
  }
  return problems;
}

function identityProblems(changes: readonly ChangedNode[]): Problem[] {
  const refused = impacts.indexOf("new-identity");
  const parts = changes.flatMap((node) => node.changes.filter((change) => impacts.indexOf(change.impact) >= refused));
  return unique(parts).map((part) => ({
    path: "config",
    reason: `${part.path} can't change on servers that hold data: ${part.why}`,
    fix: `keep ${part.path}, or make a second cluster and move clients and streams to it`,
  }));
}

/** Servers before 2.14 stop with a panic on what 2.15 writes into the raft log by default: one way as the other. */
function versionProblems(wanted: RolloutWanted, changes: readonly ChangedNode[]): Problem[] {
  const [, to] = lineOf(wanted.version);
  const withData = changes.filter(({ seen }) => seen.version !== undefined && seen.conf?.has("jetstream") === true);
  const apart = withData.filter(({ seen }) => {
    const [, from] = lineOf(seen.version!);
    return Math.min(from, to) < 14 && Math.max(from, to) >= 15;
  });
  if (apart.length === 0 || wanted.nodes.size < 2) return [];
  const seen = [...new Set(apart.map((node) => node.seen.version))].join(", ");
  return [
    {
      path: "version",
      reason:
        `${seen} → ${wanted.version}: servers older than 2.14 stop with a panic on the raft log entries that ` +
        "2.15 writes, so the two can't serve one JetStream cluster side by side",
      fix: 'version: "2.14.9" first, run `pulumi up`, then this one',
    },
  ];
}

function lineOf(version: string): [number, number] {
  const [major = "0", minor = "0"] = version.split(".");
  return [Number(major), Number(minor)];
}

/** A lone server's streams are not known to a cluster's meta group, which drops what it does not know. */
function clusteringProblems(wanted: RolloutWanted, changes: readonly ChangedNode[]): Problem[] {
  const turned = changes.filter(
    ({ seen }) =>
      turnsClustering(seen, wanted) && hasJetStream(seen.conf!) && hasJetStream(wanted.nodes.get(seen.name)!),
  );
  return turned.map(({ seen }) => ({
    path: "nodes",
    reason:
      `${seen.name} runs JetStream ${isClustered(seen.conf!) ? "in" : "without"} a cluster and would change that: ` +
      "its streams would not come along",
    fix: 'back the streams up and set onDataLoss: "allow", or make a second cluster and move them',
  }));
}

export function turnsClustering(seen: NodeSeen, wanted: RolloutWanted): boolean {
  return seen.conf !== undefined && isClustered(seen.conf) !== isClustered(wanted.nodes.get(seen.name)!);
}

function isClustered(conf: ConfMap): boolean {
  const cluster = conf.get("cluster");
  return isConfMap(cluster) && (cluster.has("listen") || cluster.has("port"));
}

function hasJetStream(conf: ConfMap): boolean {
  const jetstream = conf.get("jetstream");
  return jetstream !== undefined && jetstream !== false && jetstream !== "disabled";
}

function unique(changes: readonly ConfigChange[]): ConfigChange[] {
  return [...new Map(changes.map((change) => [change.path, change])).values()];
}
