import type { ConfMap } from "../conf/value";
import type { Problem } from "../errors";
import { unitFile } from "../model/nodeFiles";
import { joinsOthers } from "./gateways";
import type { ConfigChange, Impact } from "./impact";
import { highestImpact } from "./impact";
import { changesText, noteOf } from "./rolloutNotes";
import { refusalsOf, turnsClustering } from "./rolloutRefusals";
import { routesOf } from "./waypoint";

/** One server as it is found. */
export interface NodeSeen {
  readonly name: string;
  /** "missing": no folder of it; "unreachable": its process is there and does not answer. */
  readonly state: "missing" | "stopped" | "running" | "unreachable";
  readonly version?: string;
  /** Configuration that it runs; undefined where that can't be known. */
  readonly conf?: ConfMap;
  /** Files on its disk that are not as wanted. */
  readonly files: readonly string[];
  /** The program that it runs and the one that it should, where they differ. */
  readonly otherBinary?: { readonly runs: string; readonly wanted: string };
  /** What of its machine would start another program than the wanted one. */
  readonly obstacle?: Problem;
  /** What else is not as wanted, in words. */
  readonly amiss?: readonly string[];
  /** False while it has not loaded what lies on its disk. */
  readonly isLoaded: boolean;
  /** Why it must be restarted for what it loaded to take effect. */
  readonly restartReason?: string;
}

export interface RolloutWanted {
  readonly version: string;
  /** Configuration by server_name, in rollout order. */
  readonly nodes: ReadonlyMap<string, ConfMap>;
  readonly allowOutage: boolean;
  readonly allowDataLoss: boolean;
  /** The server that leads JetStream's meta group, where it is known. */
  readonly metaLeader?: string;
}

export type Explain = (
  from: ConfMap,
  to: ConfMap,
  options: { readonly serverVersion: string },
) => { readonly impact: Impact; readonly changes: readonly ConfigChange[] };

/** Which configuration a reload brings: "routes" and "ordered" are steps on the way, see {@link waypoint}. */
export type Waypoint = "routes" | "ordered" | "wanted";

export type RolloutStep =
  | {
      readonly kind: "start";
      readonly nodes: readonly string[];
      /** "found": on what lies on its disk, because the others can only change together with it. */
      readonly config: "wanted" | "found";
      readonly why: "stopped" | "new";
    }
  | { readonly kind: "remove"; readonly nodes: readonly string[]; readonly why: string }
  | {
      readonly kind: "reload";
      readonly nodes: readonly string[];
      readonly config: Waypoint;
      /** All at the same moment, because servers with the old and the new one can't talk to each other. */
      readonly together: boolean;
      /** Set when a restart must follow: kept on disk until it is done. */
      readonly restartAfter?: string;
      readonly why: string;
    }
  | {
      readonly kind: "restart";
      readonly nodes: readonly string[];
      /** The one that leads JetStream's meta group, which comes last. */
      readonly leader?: string;
      readonly why: string;
    }
  | { readonly kind: "outage"; readonly nodes: readonly string[]; readonly why: string };

export interface RolloutPlan {
  readonly steps: readonly RolloutStep[];
  readonly impact: Impact;
  /** What can't or must not be done; with one of them nothing is started. */
  readonly refusals: readonly Problem[];
  /** The plan in words, a line a step. */
  readonly notes: readonly string[];
  /** Servers whose files the notes name as not as wanted. */
  readonly named: ReadonlySet<string>;
}

interface NodeChange {
  readonly seen: NodeSeen;
  readonly changes: readonly ConfigChange[];
  readonly impact: Impact;
  /** Reasons beside the configuration: version, files, marks. */
  readonly reload: readonly string[];
  readonly restart: readonly string[];
  /** Files that are neither certificates nor credentials stand among the reasons. */
  readonly namesFiles: boolean;
}

/** From what is wanted and what is found to the ordered steps between; nothing to do is no step. */
export function planRollout(wanted: RolloutWanted, seen: readonly NodeSeen[], explain: Explain): RolloutPlan {
  const byName = new Map(seen.map((node) => [node.name, node]));
  const names = [...wanted.nodes.keys()];
  const isUp = (name: string): boolean => ["running", "unreachable"].includes(byName.get(name)?.state ?? "missing");
  const changes = names.filter(isUp).map((name) => changeOf(byName.get(name)!, wanted, explain));
  const steps = changes.some((change) => turnsClustering(change.seen, wanted))
    ? [turningStep(names, changes), ...removeSteps(wanted, seen)]
    : [
        ...startSteps(names, byName, isUp, changes, wanted),
        ...removeSteps(wanted, seen),
        ...changeSteps(changes, wanted),
      ];
  const impact = highestImpact(changes.map((change) => change.impact));
  return {
    steps,
    impact,
    refusals: [
      ...seen.flatMap(({ name, obstacle }) => (obstacle && wanted.nodes.has(name) ? [obstacle] : [])),
      ...refusalsOf(wanted, changes, impact),
    ],
    notes: steps.map(noteOf),
    named: new Set(changes.filter(({ namesFiles }) => namesFiles).map(({ seen: { name } }) => name)),
  };
}

function changeOf(seen: NodeSeen, wanted: RolloutWanted, explain: Explain): NodeChange {
  const version = seen.version ?? wanted.version;
  const restart: string[] = [];
  const reload: string[] = [];
  if (seen.state === "unreachable") restart.push("it does not answer");
  else if (!seen.conf) restart.push("what it runs is not known");
  const { otherBinary } = seen;
  if (version !== wanted.version) restart.push(`nats-server ${version} → ${wanted.version}`);
  else if (otherBinary) restart.push(`another program: ${otherBinary.runs} → ${otherBinary.wanted}`);
  if (seen.restartReason !== undefined) restart.push(seen.restartReason);
  const explained = seen.conf
    ? explain(seen.conf, wanted.nodes.get(seen.name)!, { serverVersion: version })
    : { impact: "none" as const, changes: [] };
  // What starts it counts at its next start, which another program brings anyway.
  if (seen.files.includes(unitFile) && version === wanted.version && !otherBinary) {
    restart.push("its systemd unit changes");
  }
  const files = seen.files.filter((file) => file !== unitFile);
  const kinds = kindsOf(explained.impact === "none" ? files : []);
  reload.push(...(seen.amiss ?? []));
  if (explained.impact === "none") {
    if (files.length > 0) reload.push(filesText(kinds));
    else if (!seen.isLoaded) reload.push("files on its disk that it has not loaded yet");
  }
  const parts = [
    explained.impact,
    ...reload.map(() => "hot-reload" as const),
    ...restart.map(() => "rolling-restart" as const),
  ];
  const namesFiles = kinds.rest.length > 0;
  return { seen, changes: explained.changes, impact: highestImpact(parts), reload, restart, namesFiles };
}

function startSteps(
  names: readonly string[],
  byName: ReadonlyMap<string, NodeSeen>,
  isUp: (name: string) => boolean,
  changes: readonly NodeChange[],
  { metaLeader, nodes }: RolloutWanted,
): RolloutStep[] {
  const down = names.filter((name) => !isUp(name));
  const stopped = down.filter((name) => byName.get(name)?.state === "stopped");
  const added = down.filter((name) => !stopped.includes(name));
  const together = changes.some((change) => change.changes.some(isOrdered) || needsRoutesFirst(change));
  const steps: RolloutStep[] = [];
  const [first = "", ...rest] = down;
  if (rest.length > 0 && down.length === names.length && joinsOthers(nodes.get(first)!)) {
    const why = stopped.length > 0 ? "stopped" : "new";
    return [[first], rest].map((part) => ({ kind: "start", nodes: part, config: "wanted", why }));
  }
  // A meta group that was never formed waits for every server that it shall have.
  if (metaLeader === undefined && !together && down.length > 0) {
    const why = stopped.length > 0 ? "stopped" : "new";
    return [{ kind: "start", nodes: down, config: "wanted", why }];
  }
  // What is dead counts in every quorum: it comes back first, and all of it at once.
  if (stopped.length > 0) {
    steps.push({ kind: "start", nodes: stopped, config: together ? "found" : "wanted", why: "stopped" });
  }
  if (added.length > 0) steps.push({ kind: "start", nodes: added, config: "wanted", why: "new" });
  return steps;
}

/** A lone server and a cluster's find no common ground: all of them start together. */
function turningStep(names: readonly string[], changes: readonly NodeChange[]): RolloutStep {
  const to = names.length > 1 ? "servers that stood alone form a cluster" : "the server leaves the cluster";
  return { kind: "outage", nodes: names, why: [to, reasonsOf(changes)].filter((part) => part !== "").join("; ") };
}

function removeSteps(wanted: RolloutWanted, seen: readonly NodeSeen[]): RolloutStep[] {
  const gone = seen.filter((node) => !wanted.nodes.has(node.name) && node.state !== "missing").map((node) => node.name);
  const nodes = gone.sort(byOrdinal).reverse();
  return nodes.length > 0 ? [{ kind: "remove", nodes, why: "no longer wanted" }] : [];
}

function changeSteps(changes: readonly NodeChange[], wanted: RolloutWanted): RolloutStep[] {
  const active = changes.filter((change) => change.impact !== "none");
  const all = active.map((change) => change.seen.name);
  if (highestImpact(active.map((change) => change.impact)) === "full-cluster") {
    return [{ kind: "outage", nodes: all, why: reasonsOf(active) }];
  }
  const steps: RolloutStep[] = [];
  const lacking = active.filter((change) => lacksRoutes(change, wanted));
  if (active.some(needsRoutesFirst) && lacking.length > 0) {
    const why = "routes with the new addresses and credentials, ahead of what needs them";
    const nodes = lacking.map((change) => change.seen.name);
    steps.push({ kind: "reload", nodes, config: "routes", together: false, why });
  }
  const ordered = active.filter((change) => change.changes.some(isOrdered));
  const needsRestart = active.filter((change) => mustRestart(change));
  if (ordered.length > 0) {
    const restartAfter = ordered.some(movesRoutes)
      ? "its routes are older than cluster.tls or cluster.name"
      : undefined;
    steps.push({
      kind: "reload",
      nodes: ordered.map((change) => change.seen.name),
      config: needsRestart.length > 0 ? "ordered" : "wanted",
      together: true,
      ...(restartAfter === undefined ? {} : { restartAfter }),
      why: changesText(ordered.map((change) => [change.seen.name, change.changes.filter(isOrdered)])),
    });
    if (restartAfter !== undefined) {
      return [...steps, restartStep(all, wanted.metaLeader, restartAfter)];
    }
  }
  const reload = active.filter((change) => !needsRestart.includes(change) && !ordered.includes(change));
  if (reload.length > 0) {
    const nodes = reload.map((change) => change.seen.name);
    steps.push({ kind: "reload", nodes, config: "wanted", together: false, why: reasonsOf(reload) });
  }
  if (needsRestart.length > 0) {
    const nodes = needsRestart.map((change) => change.seen.name);
    steps.push(restartStep(nodes, wanted.metaLeader, reasonsOf(needsRestart)));
  }
  return steps;
}

function isOrdered(change: ConfigChange): boolean {
  return change.impact === "ordered-reload";
}

function mustRestart(change: NodeChange): boolean {
  return change.restart.length > 0 || change.changes.some((part) => part.impact === "rolling-restart");
}

/** Routes that exist stay as they were made; only a restart makes them anew. */
function movesRoutes(change: NodeChange): boolean {
  return change.changes.some((part) => isOrdered(part) && /^cluster\.(tls|name)\b/.test(part.path));
}

/**
 * With an address of a route listener moving, or authorization coming, a server that is changed alone would find no
 * peer: all of them first learn the addresses and credentials that will be valid.
 */
function needsRoutesFirst(change: NodeChange): boolean {
  return change.changes.some(
    (part) =>
      /^cluster\.(listen|host|port)$/.test(part.path) ||
      (part.path.startsWith("cluster.authorization") && part.from === undefined),
  );
}

function lacksRoutes(change: NodeChange, wanted: RolloutWanted): boolean {
  if (!change.seen.conf) return false;
  const present = routesOf(change.seen.conf);
  return routesOf(wanted.nodes.get(change.seen.name)!).some((route) => !present.includes(route));
}

function restartStep(names: readonly string[], leader: string | undefined, why: string): RolloutStep {
  const others = names.filter((name) => name !== leader);
  const last = names.filter((name) => name === leader);
  return { kind: "restart", nodes: [...others, ...last], ...(last.length > 0 ? { leader: last[0]! } : {}), why };
}

function reasonsOf(changes: readonly NodeChange[]): string {
  const other = [...new Set(changes.flatMap((change) => [...change.restart, ...change.reload]))];
  const config = changesText(changes.map((change) => [change.seen.name, change.changes]));
  return [...other, ...(config === "" ? [] : [config])].join("; ");
}

interface FileKinds {
  readonly certificates: readonly string[];
  readonly credentials: readonly string[];
  readonly rest: readonly string[];
}

function kindsOf(files: readonly string[]): FileKinds {
  const certificates = files.filter((file) => /\.(pem|crt|cer|key)$/.test(file)).sort();
  const credentials = files.filter((file) => /\.(creds|nk)$/.test(file)).sort();
  const rest = files.filter((file) => ![...certificates, ...credentials].includes(file)).sort();
  return { certificates, credentials, rest };
}

function filesText({ certificates, credentials, rest }: FileKinds): string {
  return [
    ...(certificates.length > 0 ? [`certificates change (${certificates.join(", ")})`] : []),
    ...(credentials.length > 0 ? [`credentials change (${credentials.join(", ")})`] : []),
    ...(rest.length > 0 ? [`files are not as wanted (${rest.join(", ")})`] : []),
  ].join(" and ");
}

/** Names by their number: east-9 before east-10. */
export function byOrdinal(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
