import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { argPath, argWords, expandStream } from "../model/stream";
import type { ServerFacts, StreamInputs } from "../model/stream";
import type { AssetChange } from "../plan/assetImpact";
import { explainStream, lossText } from "../plan/streamExplain";
import type { StreamPlan } from "../plan/streamExplain";
import { values } from "./assetDiff";
import { keepServerSet, knownSettings } from "./streamState";
import type { StreamState } from "./streamState";

/** What a change does to the stream as it is on the server now. */
export interface PlannedStream {
  readonly plan: StreamPlan;
  readonly info: StreamInfo;
}

/** Subjects that are few enough to be counted one by one. */
const countable = 100_000;

/** undefined when the stream is not there. */
export async function planOf(
  js: JetStream,
  facts: ServerFacts,
  olds: StreamState,
  news: StreamInputs,
): Promise<PlannedStream | undefined> {
  const wanted = keepServerSet(expandStream(knownSettings(news)), olds, knownSettings(news), facts.version);
  return planTowards(js, facts, olds.name, wanted);
}

export async function planTowards(
  js: JetStream,
  facts: ServerFacts,
  name: string,
  wanted: JsonObject,
): Promise<PlannedStream | undefined> {
  let info = await streamInfo(js, name);
  if (!info) return undefined;
  const perSubject = Number(wanted["max_msgs_per_subject"] ?? -1) > 0 && (info.state.num_subjects ?? 0) <= countable;
  if (perSubject && info.state.messages > 0) info = (await streamInfo(js, name, { subjects: true })) ?? info;
  const plan = explainStream(info.config, wanted, {
    serverVersion: facts.version,
    apiLevel: facts.level,
    state: info.state,
    ...(facts.clustered === undefined ? {} : { clustered: facts.clustered }),
  });
  return { plan, info };
}

/** Why a change is refused that would delete messages; nothing when the program allows it. */
export function lossProblems({ plan, info }: PlannedStream, inputs: StreamInputs): Problem[] {
  if (inputs.onDataLoss === "allow" || !plan.loss.loses) return [];
  const fix = `keep the old value, or say so in the program: onDataLoss: "allow"`;
  return plan.changes
    .filter((change) => change.losesMessages)
    .map((change) => ({ path: argPath(change.path), reason: lossReason(change, plan, info), fix }));
}

function lossReason(change: AssetChange, plan: StreamPlan, info: StreamInfo): string {
  const name = `stream "${textOf(info.config["name"])}"`;
  if (change.impact !== "replace") return `${values(change)}: ${argWords(change.why)} (${name})`;
  return `${values(change)} replaces ${name} and ${lossText(plan.loss, info.state)}: ${argWords(change.why)}`;
}
