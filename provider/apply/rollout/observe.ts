import { isConfMap } from "../../conf/value";
import type { ConfMap } from "../../conf/value";
import { isAnyAddress } from "../../model/cluster";
import { hasEnded } from "../../model/expiredCertificate";
import { parseNode } from "../../model/nodeConf";
import type { ParsedNode } from "../../model/nodeConf";
import { differingFiles, nodeFiles } from "../../model/nodeFiles";
import type { GenerationFiles } from "../../model/nodeFiles";
import type { ManagementInputs, ServersInputs } from "../../model/servers";
import { byOrdinal } from "../../plan/rollout";
import type { NodeSeen } from "../../plan/rollout";
import type { Machine, NodeFolder, ServerProcess } from "../machine/machine";
import type { Jsz, Varz } from "../serverAnswers";
import type { Reach } from "./reach";
import type { Candidates } from "./reach";

/** One server as it is found, with what the steps of a rollout need beside what the plan looks at. */
export interface NodeObservation extends NodeSeen {
  readonly folder: NodeFolder | undefined;
  /** The generation that `current` points to. */
  readonly onDisk: GenerationFiles | undefined;
  readonly process: ServerProcess | undefined;
  readonly amiss: readonly string[];
  /** The generation that its server runs, where one fits. */
  readonly runs: string | undefined;
  readonly digest: string | undefined;
  readonly serverId: string | undefined;
  readonly candidates: Candidates;
  /** Why a running process can't be asked. */
  readonly evidence: string | undefined;
  /** Its machine can't be reached, and it is not wanted any more: only its peers can be told. */
  readonly isLost?: boolean;
}

export interface Observation {
  readonly nodes: ReadonlyMap<string, NodeObservation>;
  readonly metaLeader: string | undefined;
}

export interface Observed {
  readonly machine: Machine;
  readonly reach: Reach;
  /** What the program wants now; undefined to look only. */
  readonly wanted: ServersInputs | undefined;
  /** Every version of the inputs that may hold addresses or keys of what runs, newest first. */
  readonly known: readonly ServersInputs[];
  /** Milliseconds that one server may take to let us in. */
  readonly patience?: number;
}

/** Looks at every server of the folder: disk, process, and what the server itself says. Changes nothing. */
export async function observe(look: Observed): Promise<Observation> {
  const names = new Set([...Object.keys(look.wanted?.nodes ?? {}), ...(await look.machine.nodes())]);
  const nodes = await Promise.all([...names].sort(byOrdinal).map((name) => observeNode(look, name)));
  const found = nodes.filter((node) => look.wanted?.nodes[node.name] !== undefined || node.state !== "missing");
  return { nodes: new Map(found.map((node) => [node.name, node])), metaLeader: await findMetaLeader(look, found) };
}

export async function observeNode(look: Observed, name: string): Promise<NodeObservation> {
  const { machine } = look;
  const loss = await machine.lossOf?.(name);
  if (loss !== undefined) return lostNode(look, name, loss);
  const [folder, processes] = await Promise.all([machine.folder(name), machine.processes(name)]);
  const generations = await readAll(machine, name, folder);
  const onDisk = folder?.current === undefined ? undefined : generations.get(folder.current);
  const wanted = look.wanted?.nodes[name] ? nodeFiles(look.wanted, name) : undefined;
  const process = processes.at(-1);
  const parsed = new Map([...generations].map(([generation, files]) => [generation, tryParse(files)]));
  const asked = [...(look.wanted ? [look.wanted] : []), ...look.known].filter((inputs) => inputs.nodes[name]);
  const candidates = candidatesOf(look, name, [...parsed.values()]);
  const launch = look.wanted?.nodes[name] ? await machine.launch?.(name, look.wanted.version) : undefined;
  const base = {
    name,
    folder,
    onDisk,
    process,
    candidates,
    files: wanted ? differingFiles(onDisk ?? {}, wanted) : [],
    amiss: folder?.amiss ?? [],
    ...(launch?.obstacle ? { obstacle: launch.obstacle } : {}),
    ...(process && launch?.binary !== undefined && !["", launch.binary].includes(process.binary)
      ? { otherBinary: { runs: process.binary, wanted: launch.binary } }
      : {}),
  };
  const unknown = { isLoaded: false, runs: undefined, digest: undefined, serverId: undefined, evidence: undefined };
  if (!process) return { ...base, ...unknown, state: onDisk ? "stopped" : "missing" };
  const varz = await askVarz(look, name, candidates);
  if ("evidence" in varz) return { ...base, ...unknown, state: "unreachable", evidence: varz.evidence };
  const runs = runningGeneration(varz, folder, parsed);
  // A generation edited by hand no longer tells what its server runs; what the program asked for may.
  const fitting = runs === undefined ? asked.map((inputs) => tryParse(nodeFiles(inputs, name))) : [parsed.get(runs)];
  const conf = fitting.find((one) => one?.digestFor(varz.version) === varz.config_digest)?.conf;
  const loadedAt = Date.parse(varz.config_load_time);
  const mark = folder?.restartMark;
  return {
    ...base,
    state: "running",
    version: varz.version,
    digest: varz.config_digest,
    serverId: varz.server_id,
    evidence: undefined,
    runs,
    isLoaded: runs !== undefined && runs === folder?.current && loadedAt >= Math.floor(folder.switchedAt ?? 0),
    ...(conf ? { conf } : {}),
    ...(mark && mark.markedAt > Date.parse(varz.start) ? { restartReason: mark.reason } : {}),
  };
}

function lostNode(look: Observed, name: string, evidence: string): NodeObservation {
  return {
    name,
    state: "unreachable",
    isLost: true,
    evidence,
    folder: undefined,
    onDisk: undefined,
    process: undefined,
    candidates: candidatesOf(look, name, []),
    files: [],
    amiss: [],
    isLoaded: false,
    runs: undefined,
    digest: undefined,
    serverId: undefined,
  };
}

/** What is not as wanted beside a server's files, in words. */
export function besideFiles({ amiss, otherBinary, obstacle }: NodeObservation): string[] {
  return [...amiss, ...(otherBinary ? [`it runs ${otherBinary.runs}`] : []), ...(obstacle ? [obstacle.reason] : [])];
}

async function readAll(
  machine: Machine,
  node: string,
  folder: NodeFolder | undefined,
): Promise<Map<string, GenerationFiles>> {
  const files = new Map<string, GenerationFiles>();
  for (const generation of folder?.generations ?? []) {
    const read = await machine.readGeneration(node, generation);
    if (read) files.set(generation, read);
  }
  return files;
}

/** A generation edited by hand may be beyond parsing; then it just does not tell what runs. */
function tryParse(files: GenerationFiles): ParsedNode | undefined {
  try {
    return parseNode(files);
  } catch {
    return undefined;
  }
}

/** By the digest that the server names; `current` where several generations mean the same. */
function runningGeneration(
  varz: Varz,
  folder: NodeFolder | undefined,
  parsed: ReadonlyMap<string, ParsedNode | undefined>,
): string | undefined {
  const fitting = [...parsed]
    .filter(([, node]) => node?.digestFor(varz.version) === varz.config_digest)
    .map(([name]) => name);
  return fitting.includes(folder?.current ?? "") ? folder!.current : fitting.at(-1);
}

async function askVarz(look: Observed, node: string, candidates: Candidates): Promise<Varz | { evidence: string }> {
  try {
    const connection = await look.reach.to(node, candidates, look.patience);
    return await connection.ask<Varz>("VARZ");
  } catch (error) {
    await look.reach.drop(node);
    return { evidence: (error as Error).message };
  }
}

async function findMetaLeader(look: Observed, nodes: readonly NodeObservation[]): Promise<string | undefined> {
  for (const node of nodes.filter((one) => one.state === "running")) {
    try {
      const connection = await look.reach.to(node.name, node.candidates, look.patience);
      return (await connection.ask<Jsz>("JSZ")).meta_cluster?.leader;
    } catch {
      await look.reach.drop(node.name);
    }
  }
  return undefined;
}

function candidatesOf(look: Observed, node: string, parsed: readonly (ParsedNode | undefined)[]): Candidates {
  const inputs = [...(look.wanted ? [look.wanted] : []), ...look.known];
  const confs = parsed.flatMap((one) => (one ? [one.conf] : [])).reverse();
  const address = look.machine.addressOf(node);
  const urls = [...inputs.map((one) => one.nodes[node]?.clientUrl), ...confs.map((conf) => urlOf(conf, address))];
  const authorities = [...new Set(inputs.flatMap(({ management }) => management.ca ?? []))].join("\n");
  const monitor = monitorOf(look, inputs, node, confs);
  const managements = new Map<string, ManagementInputs>();
  for (const { management } of inputs) {
    if (monitor && isPastItsEnd(management)) continue;
    const trusted = authorities === "" ? management : { ...management, ca: authorities };
    managements.set(`${management.creds ?? management.seed ?? ""} ${management.cert ?? ""}`, trusted);
  }
  return {
    urls: [...new Set(urls.filter((url) => url !== undefined))],
    managements: [...managements.values()],
    handshakeFirst: confs.some(speaksTlsFirst),
    ...(monitor ? { monitor } : {}),
  };
}

/** The way of those who have no login; and of a preview whose only certificate has expired, as the new one is made by the `up` alone. */
function monitorOf(
  { machine }: Observed,
  inputs: readonly ServersInputs[],
  node: string,
  found: readonly ConfMap[],
): Candidates["monitor"] {
  const isShutOut = inputs.every(({ management }) => management.monitor || isPastItsEnd(management));
  const monitored = inputs.filter(({ management, nodes }) => (management.monitor || isShutOut) && nodes[node]);
  if (monitored.length === 0) return undefined;
  const asked = monitored.flatMap((one) => tryParse(nodeFiles(one, node))?.conf ?? []);
  const address = machine.addressOf(node);
  const urls = [...asked, ...found].flatMap((conf) => monitorUrlsOf(conf, address));
  return urls.length === 0 && isShutOut ? undefined : { urls: [...new Set(urls)], machine };
}

function isPastItsEnd({ cert }: ManagementInputs): boolean {
  return cert !== undefined && hasEnded(cert);
}

function monitorUrlsOf(conf: ConfMap, address: string): string[] {
  const [listen, base] = [conf.get("http"), conf.get("http_base_path")];
  if (typeof listen !== "string") return [];
  const [, host = "", port = ""] = /^(.*?):?(\d+)$/.exec(listen) ?? [];
  const place = isAnyAddress(host) ? `${address}:${port}` : listen;
  return [`http://${place}${typeof base === "string" ? base.replace(/\/+$/, "") : ""}`];
}

/** Where a configuration makes its server listen for clients. */
function urlOf(conf: ConfMap, address: string): string {
  const scheme = conf.has("tls") ? "tls" : "nats";
  const listen = conf.get("listen");
  const text = typeof listen === "bigint" ? `:${listen}` : typeof listen === "string" ? listen : undefined;
  const split = /^(.*?):?(\d+)$/.exec(text ?? "");
  const host = split?.[1] || (conf.get("host") as string | undefined) || (conf.get("net") as string | undefined) || "";
  const port = split?.[2] ?? String((conf.get("port") as bigint | undefined) ?? 4222n);
  return `${scheme}://${isAnyAddress(host) ? address : host}:${port}`;
}

function speaksTlsFirst(conf: ConfMap): boolean {
  const tls = conf.get("tls");
  const first = isConfMap(tls) ? (tls.get("handshake_first") ?? false) : false;
  return first !== false;
}
