import { isDeepStrictEqual } from "node:util";
import { besideFiles, observe } from "../apply/rollout/observe";
import type { NodeObservation, Observation } from "../apply/rollout/observe";
import type { Rollout } from "../apply/rollout/rollout";
import { planOf } from "../apply/rollout/runRollout";
import { problemText } from "../errors";
import type { Note } from "../host/handler";
import { asLeft } from "../model/servers";
import type { ServersInputs, ServersState } from "../model/servers";

/** What the last `up` left, also where an earlier refresh has written into the inputs what it found. */
export function inputsAsLeft(inputs: ServersInputs, { left }: Pick<ServersState, "left">): ServersInputs {
  return asLeft({ ...inputs, status: {}, ...(left === undefined ? {} : { left }) });
}

/** What a refresh says: what is not as the last `up` left it, and what the next one will do about that. `seen` is what was found beside `inputs`. */
export async function driftNotes(left: Rollout, inputs: ServersInputs, seen: Observation): Promise<Note[]> {
  const found = isDeepStrictEqual(left.wanted, inputs) ? seen : await observe({ ...left, patience: 2000 });
  const differences = differencesOf(left.wanted, found);
  const said = differences === "" ? [] : [`not as the last \`pulumi up\` left it: ${differences}`];
  const { refusals, notes } = planOf(left, found);
  const next =
    refusals.length > 0
      ? refusals.map((problem) => `the next \`pulumi up\` is refused: ${problemText(problem)}`)
      : notes.map((note) => `the next \`pulumi up\`: ${note}`);
  return [...said, ...next].map((message) => ({ severity: "info", message }));
}

/** What is the same on several servers once. */
function differencesOf(left: ServersInputs, seen: Observation): string {
  const nodes = new Map<string, string[]>();
  for (const node of seen.nodes.values()) {
    for (const what of differencesAt(left, node)) nodes.set(what, [...(nodes.get(what) ?? []), node.name]);
  }
  return [...nodes].map(([what, names]) => `${names.join(", ")}: ${what}`).join("; ");
}

function differencesAt(left: ServersInputs, node: NodeObservation): string[] {
  if (!left.nodes[node.name]) return ["a server that was not there"];
  if (node.state === "missing") return ["gone"];
  const { files, isLoaded, version = left.version } = node;
  return [
    ...(node.state === "stopped" ? ["stopped"] : []),
    ...(node.state === "unreachable" ? ["does not answer"] : []),
    ...(version === left.version ? [] : [`nats-server ${version}`]),
    ...(files.length > 0 ? [`another ${[...files].sort().join(", ")}`] : []),
    ...(node.state === "running" && files.length === 0 && !isLoaded ? ["has not loaded what lies on its disk"] : []),
    ...besideFiles(node),
  ];
}
