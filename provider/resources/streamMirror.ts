import type { JetStream } from "../apply/jetstream";
import { listConsumers } from "../apply/jetstreamConsumers";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { replaceByMirror, standIn } from "../apply/streamReplacement";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { mayLose } from "../model/backup";
import { counted } from "../model/counted";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import { replacementName, stageOf } from "../model/replacement";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import { notByMirror } from "../plan/streamReplacement";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import type { PlannedStream } from "./streamPlan";

/** What is left of the change, for the stream that has been replaced by way of a mirror; undefined where there is none. */
export function mirrored<Inputs extends StreamOptions>(
  planned: PlannedStream | undefined,
  facts: ServerFacts,
  inputs: Inputs,
): PlannedStream | undefined {
  if (!planned || inputs.replaceBy !== "mirror" || planned.plan.impact !== "replace") return undefined;
  const { plan, info } = planned;
  if (notByMirror(info.config, plan.changes) !== undefined || !atLeast(facts.version, "2.12")) return undefined;
  const wanted = { ...info.config, ...Object.fromEntries(plan.changes.map(({ path, to }) => [path, to])) };
  const replaced = plan.changes.filter(({ impact }) => impact === "replace").map(({ path, to }) => [path, to] as const);
  const before: JsonObject = { ...info.config, ...Object.fromEntries(replaced) };
  const rest = explainStream(before, wanted, {
    serverVersion: facts.version,
    apiLevel: facts.level,
    state: info.state,
  });
  return { plan: rest, info };
}

/** Why the messages can't be kept on the way although the program wants that. */
export async function mirrorProblems<Inputs extends StreamOptions>(
  js: JetStream,
  { plan, info }: PlannedStream,
  facts: ServerFacts,
  inputs: Inputs,
): Promise<Problem[]> {
  if (inputs.replaceBy !== "mirror" || plan.impact !== "replace" || !plan.loss.loses) return [];
  const path = "replaceBy";
  const kept = "or leave replaceBy out and say what becomes of the messages: onDataLoss";
  const reason = notByMirror(info.config, plan.changes);
  if (reason) return mayLose(inputs) ? [] : [{ path, reason, fix: `keep the old value, ${kept}` }];
  if (!atLeast(facts.version, "2.12")) {
    const why = `nats-server ${facts.version} can't promote a mirror (10055), so the messages can't be kept this way; 2.12 and later can`;
    return mayLose(inputs) ? [] : [{ path, reason: why, fix: `upgrade the servers first, ${kept}` }];
  }
  return mayLose(inputs) ? [] : queueProblems(js, { plan, info });
}

/** By then it keeps nothing that is acknowledged. */
export function becomesQueue({ changes }: PlannedStream["plan"]): boolean {
  return changes.some(({ path, to }) => path === "retention" && to === "workqueue");
}

/** What was acknowledged is no work any more. */
async function queueProblems(js: JetStream, { plan, info }: PlannedStream): Promise<Problem[]> {
  if (!becomesQueue(plan)) return [];
  const consumers = await listConsumers(js, textOf(info.config["name"]));
  const first = BigInt(info.state.first_seq ?? 0);
  const acknowledged = consumers.filter(({ ack_floor }) => BigInt(ack_floor.stream_seq) >= first && first > 0n);
  if (acknowledged.length === 0) return [];
  const who = acknowledged.map(({ name, ack_floor }) => `"${name}" up to ${ack_floor.stream_seq}`).join(", ");
  const reason = `a work queue keeps nothing that is acknowledged: what its consumers have acknowledged is deleted (${who})`;
  return [{ path: "retention", reason, fix: 'onDataLoss: "allow", or "backup" with backup: { dir: "./backups" }' }];
}

/** The replacement of ours that stands half done, for a stream that is replaced by way of mirrors. */
export async function halfDone<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  inputs: Inputs,
): Promise<StreamInfo | undefined> {
  const isUnfinished = (inputs as { unexpected?: object }).unexpected !== undefined;
  if (inputs.replaceBy !== "mirror" && !isUnfinished) return undefined;
  return standIn(js, kind.streamPrefix + nameOf(kind, inputs), context.urn);
}

/** Replaces it, or goes on with that. */
export async function replaceStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  inputs: Inputs,
): Promise<StreamKindState<Inputs>> {
  const name = kind.streamPrefix + nameOf(kind, inputs);
  const wanted = { ...kind.states.wantedConfig(inputs, context.urn) };
  const timeout = context.timeout ?? noProgress;
  try {
    const info = await replaceByMirror({ js, wanted, owner: context.urn, timeout, warn: context.warn });
    return kind.states.stateOf(inputs, info, js.serverVersion);
  } catch (error) {
    const other = await standIn(js, name, context.urn).catch(() => undefined);
    if (!other || !(error instanceof NatsError)) throw error;
    const own = await streamInfo(js, name).catch(() => undefined);
    if (own && stageOf(own.config) === undefined) {
      // Nothing has happened to the stream yet.
      await deleteStream(js, replacementName(name)).catch(() => undefined);
      throw error;
    }
    const held = `"${replacementName(name)}" holds its ${counted(other.state.messages, "message")}`;
    const what = `${called(kind, nameOf(kind, inputs))} is half replaced: ${held}, and publishers may have to wait`;
    throw new NatsError(`${error.message}\n${what}. Fix: \`pulumi up\` goes on from here`, { cause: error });
  }
}

/** Longest time without any progress. */
const noProgress = 120_000;

/** The change as it is told where the stream stays one for Pulumi. */
export async function mirrorDiff(
  js: JetStream,
  { info }: PlannedStream,
  changes: Readonly<Record<string, ChangeKind>>,
  notes: NonNullable<Diff["notes"]>,
): Promise<Diff> {
  const { messages } = info.state;
  const consumers = (await listConsumers(js, textOf(info.config["name"]))).length;
  const resume = `${counted(consumers, "consumer")} resume${consumers === 1 ? "s" : ""} at ${consumers === 1 ? "its" : "their"} acknowledged floor${consumers === 1 ? "" : "s"}`;
  const parts = [`keeps ${counted(messages, "message")}`, ...(consumers === 0 ? [] : [resume])];
  const message = `replaced by way of a mirror: ${parts.join(", ")}; publishers wait for some seconds`;
  return { changes: inPlace(changes), notes: [...notes, { severity: "info", message }] };
}

/** What a preview says of a replacement that was cut short. */
export function resumingDiff({ config, state }: StreamInfo, changes: Readonly<Record<string, ChangeKind>>): Diff {
  const held = `"${textOf(config["name"])}" holds its ${counted(state.messages, "message")}`;
  const message = `was being replaced by way of a mirror when that was cut short: ${held}; \`up\` goes on from there`;
  return { changes: inPlace(changes), notes: [{ severity: "warning", message }] };
}

function inPlace(changes: Readonly<Record<string, ChangeKind>>): Record<string, ChangeKind> {
  const kept = Object.entries(changes).map(([path, kind]) => [path, kind.replace("-replace", "") as ChangeKind]);
  return Object.fromEntries(kept) as Record<string, ChangeKind>;
}
