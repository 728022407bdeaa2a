import { isDeepStrictEqual } from "node:util";
import { besideFiles, observe } from "../apply/rollout/observe";
import type { NodeObservation, Observation, Observed } from "../apply/rollout/observe";
import { parseConf } from "../conf/parser";
import type { CallContext, Live } from "../host/handler";
import { configFile, nodeFile, nodeFiles, secretsFile, unitFile } from "../model/nodeFiles";
import type { GenerationFiles } from "../model/nodeFiles";
import { asLeft } from "../model/servers";
import type { LeftInputs, NodeInputs, ServersInputs, ServersState } from "../model/servers";
import { stateOf } from "./serversCluster";
import { beginGlance, keepGlance } from "./serversGlance";

/** The servers as they are found: hand-edited files, dead servers and another version stand in the inputs, where they show as drift. */
export async function readServers(
  _context: CallContext,
  state: ServersState,
): Promise<Live<ServersInputs, ServersState> | undefined> {
  const glance = beginGlance(state.target, []);
  try {
    return await readFrom(glance, state);
  } finally {
    keepGlance(glance);
  }
}

/** The same by a machine and ways to its servers that are there already. */
export async function readFrom(
  look: Pick<Observed, "machine" | "reach">,
  state: ServersState,
): Promise<Live<ServersInputs, ServersState> | undefined> {
  const seen = await observe({ ...look, wanted: state, known: [], patience: 3000 });
  if ([...seen.nodes.values()].every((node) => node.state === "missing")) return undefined;
  // Told apart from what the last `up` left, and not from what an earlier refresh found: servers may differ.
  const before = asLeft(state);
  const found = asFound(before, seen);
  const [left, now] = [leftInputs(before), leftInputs(found)];
  return { inputs: found, state: { ...stateOf(found, seen), ...(isDeepStrictEqual(left, now) ? {} : { left }) } };
}

function leftInputs({ version, config, files, nodes }: ServersInputs): LeftInputs {
  const texts = Object.entries(nodes).map(([name, node]) => [name, node.config]);
  return { version, config, files, nodes: Object.fromEntries(texts) as LeftInputs["nodes"] };
}

function asFound(inputs: ServersInputs, seen: Observation): ServersInputs {
  const nodes = Object.keys(inputs.nodes).flatMap((name) => seen.nodes.get(name) ?? []);
  const changed = (file: string): string | undefined => {
    for (const node of nodes) {
      if (!node.onDisk) continue;
      const wanted = nodeFiles(inputs, node.name)[file];
      const found = node.onDisk[file];
      if (wanted?.content !== found?.content) return found?.content ?? "";
    }
    return undefined;
  };
  const secrets = changed(secretsFile);
  const version = nodes.map((node) => node.version).find((one) => one !== undefined && one !== inputs.version);
  return {
    ...inputs,
    version: version ?? inputs.version,
    config: changed(configFile) ?? inputs.config,
    secrets: secrets === undefined ? inputs.secrets : readSecrets(secrets),
    files: filesAsFound(inputs.files, nodes),
    secretFiles: filesAsFound(inputs.secretFiles, nodes),
    nodes: Object.fromEntries(nodes.map((node) => [node.name, nodeAsFound(inputs.nodes[node.name]!, node)])),
  };
}

function nodeAsFound(inputs: NodeInputs, node: NodeObservation): NodeInputs {
  const isUp = node.state === "running" || node.state === "unreachable";
  const config = node.onDisk ? (node.onDisk[nodeFile]?.content ?? "") : inputs.config;
  const { unit } = inputs;
  const found = unit === undefined ? {} : { unit: unitAsFound(node, unit) };
  return { ...inputs, ...found, config, state: isUp ? "running" : "stopped" };
}

/** What is found beside the files stands above its text. */
function unitAsFound(node: NodeObservation, unit: string): string {
  const text = node.onDisk ? (node.onDisk[unitFile]?.content ?? "") : unit;
  return [...besideFiles(node).map((what) => `# ${what}\n`), text].join("");
}

/** Without what is missing on a server, and as it is where it differs. */
function filesAsFound(
  files: Readonly<Record<string, string>>,
  nodes: readonly NodeObservation[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    const disks = nodes.map((node) => node.onDisk).filter((disk): disk is GenerationFiles => disk !== undefined);
    if (disks.some((disk) => disk[name] === undefined)) continue;
    const other = disks.find((disk) => disk[name]!.content !== content);
    found[name] = other ? other[name]!.content : content;
  }
  return found;
}

function readSecrets(text: string): Record<string, string> {
  try {
    return Object.fromEntries(
      [...parseConf(text).root].map(([name, value]) => [
        name,
        typeof value === "string" ? value : `${value as bigint}`,
      ]),
    );
  } catch {
    return {};
  }
}
