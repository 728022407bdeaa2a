import { streamInfo } from "../apply/jetstreamStreams";
import { consumerInfo } from "../apply/jetstreamConsumers";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import { consumerArgPath, consumerArgWords, expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { counted } from "../model/counted";
import { isOurs } from "../model/ownership";
import type { StreamOptions } from "../model/stream";
import type { AssetChange } from "../plan/assetImpact";
import { values } from "./assetDiff";
import { ownerOf } from "./assetState";
import { consumerLossProblems } from "./consumerLossProblems";
import { planTowardsConsumer } from "./consumerPlan";
import { isReplaced } from "./consumerReplacements";
import { consumerId, consumerStates } from "./consumerState";
import type { Reachable } from "./jetstreamOf";
import { called, nameOf, nameOfId } from "./streamKind";
import type { StreamKind } from "./streamKind";
import { lossProblems, planTowards } from "./streamPlan";
import { takeoverFix } from "./takeoverFix";

/** What a create makes of a stream that is there already: said in the preview, as far as the inputs are known. */
export async function streamTakeover<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  { js, facts }: Reachable,
  inputs: Inputs,
): Promise<Problem[]> {
  if (context.importing || kind.states.unknownSettings(inputs).includes(kind.nameProperty)) return [];
  const id = nameOf(kind, inputs);
  const towards = kind.expand(kind.states.knownSettings(inputs));
  // What it replaces is gone by then.
  if (context.replaces !== undefined && nameOfId(kind, context.replaces) === id) return [];
  const existing = await streamInfo(js, kind.streamPrefix + id);
  if (!existing) return [];
  const owner = ownerOf(existing.config);
  if (isOurs(context, owner)) return [];
  const name = called(kind, id);
  if (inputs.adopt !== true) return [foreign(context, kind.nameProperty, name, owner, id)];
  const planned = await planTowards(kind, js, facts, kind.streamPrefix + id, towards);
  if (!planned) return [];
  const losses = lossProblems(kind, planned, inputs);
  const words = { path: kind.words.argPath, words: kind.words.argWords };
  const held = kind.words.argWords(counted(existing.state.messages, "message"));
  await context.info(adopted(`${name} with its ${held}`, planned.plan.changes, words));
  return [...fixed(name, planned.plan.changes, words), ...losses];
}

/** The same of a consumer. */
export async function consumerTakeover(
  context: CallContext,
  { js, facts }: Reachable,
  inputs: ConsumerInputs,
): Promise<Problem[]> {
  const unknown = consumerStates.unknownSettings(inputs);
  if (context.importing || unknown.includes("name") || unknown.includes("stream")) return [];
  if (isReplaced(context, inputs)) return [];
  const existing = await consumerInfo(js, inputs.stream, inputs.name);
  if (!existing) return [];
  const owner = ownerOf(existing.config);
  if (isOurs(context, owner)) return [];
  const id = consumerId(inputs);
  const name = `consumer "${id}"`;
  if (inputs.adopt !== true) return [foreign(context, "name", name, owner, id)];
  const wanted = expandConsumer(consumerStates.knownSettings(inputs));
  const planned = await planTowardsConsumer(js, facts, inputs, wanted, inputs);
  if (!planned) return [];
  const words = { path: consumerArgPath, words: consumerArgWords };
  await context.info(adopted(name, planned.plan.changes, words));
  return [...fixed(name, planned.plan.changes, words), ...consumerLossProblems(planned, inputs)];
}

interface Words {
  readonly path: (path: string) => string;
  readonly words: (text: string) => string;
}

/** Only a warning: whoever has it may give it up before. */
function foreign(context: CallContext, path: string, name: string, owner: string | undefined, id: string): Problem {
  const whose = owner === undefined ? "and no stack made it" : `and belongs to ${owner}`;
  return {
    path,
    severity: "warning",
    reason: `${name} exists already ${whose}: \`pulumi up\` refuses it unless it is gone by then`,
    fix: takeoverFix(context, owner, id),
  };
}

function adopted(name: string, changes: readonly AssetChange[], { path }: Words): string {
  const done = changes.filter(({ impact }) => impact === "update" || impact === "one-way");
  const what = done.map((change) => `${path(change.path)} ${values(change)}`).join(", ");
  return `adopts ${name}: ${what === "" ? "it is as the program says" : what}`;
}

function fixed(name: string, changes: readonly AssetChange[], { path, words }: Words): Problem[] {
  return changes
    .filter(({ impact }) => impact === "replace")
    .map((change) => ({
      path: path(change.path),
      reason: `${name} exists already and can't become this: ${values(change)}: ${words(change.why)}`,
      fix: "say what it has, or delete it",
    }));
}
