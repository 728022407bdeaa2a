import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { mayLose } from "../model/backup";
import type { ServerFacts, StreamOptions } from "../model/stream";
import type { AssetChange } from "../plan/assetImpact";
import { explainStream, lossText } from "../plan/streamExplain";
import type { StreamPlan } from "../plan/streamExplain";
import { values } from "./assetDiff";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";

/** What a change does to the stream as it is on the server now. */
export interface PlannedStream {
  readonly plan: StreamPlan;
  readonly info: StreamInfo;
  /** What goes with the old one where it is replaced: "20 messages". */
  readonly held?: string;
}

/** Subjects that are few enough to be counted one by one. */
const countable = 100_000;

/** undefined when the stream is not there. */
export async function planOf<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  facts: ServerFacts,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<PlannedStream | undefined> {
  const known = kind.states.knownSettings(news);
  const wanted = kind.states.keepServerSet(kind.expand(known), olds, known, facts.version);
  return planTowards(kind, js, facts, kind.streamPrefix + nameOf(kind, olds), wanted);
}

export async function planTowards<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  facts: ServerFacts,
  name: string,
  towards: JsonObject,
): Promise<PlannedStream | undefined> {
  let info = await streamInfo(js, name);
  if (!info) return undefined;
  const wanted = kind.carry(info.config, towards);
  const perSubject = Number(wanted["max_msgs_per_subject"] ?? -1) > 0 && (info.state.num_subjects ?? 0) <= countable;
  if (perSubject && info.state.messages > 0) info = (await streamInfo(js, name, { subjects: true })) ?? info;
  const plan = explainStream(info.config, wanted, {
    serverVersion: facts.version,
    apiLevel: facts.level,
    state: info.state,
    ...(facts.clustered === undefined ? {} : { clustered: facts.clustered }),
  });
  if (plan.impact !== "replace") return { plan, info };
  const held = await kind.holds(js, info);
  return held === undefined ? { plan: { ...plan, loss: { loses: false } }, info } : { plan, info, held };
}

/** Why a change is refused that would delete messages; nothing when the program allows it. */
export function lossProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  planned: PlannedStream,
  inputs: Inputs,
): Problem[] {
  const { plan } = planned;
  if (mayLose(inputs) || !plan.loss.loses) return [];
  const fix = `keep the old value, or say so in the program: onDataLoss: "allow", or "backup" with backup: { dir: "./backups" }`;
  const losing = plan.changes
    .filter(({ losesMessages }) => losesMessages)
    .map((change) => ({ path: kind.words.argPath(change.path), reason: lossReason(kind, change, planned), fix }));
  const said = losing.filter(({ path }) => kind.states.said([path]).length > 0);
  // What no property says was changed outside, or follows from one that does, whose own reason says more.
  return said.length > 0
    ? said
    : losing.slice(0, 1).map(({ path, reason }) => ({ path: kind.nameProperty, reason: `${path} ${reason}`, fix }));
}

function lossReason<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  change: AssetChange,
  { plan, info, held }: PlannedStream,
): string {
  const name = called(kind, textOf(info.config["name"]).slice(kind.streamPrefix.length));
  const why = kind.words.argWords(change.why);
  if (change.impact !== "replace") return `${values(change)}: ${why} (${name})`;
  const text = kind.noun === "stream" ? lossText(plan.loss, info.state) : `deletes all that it holds (${held})`;
  return `${values(change)} replaces ${name} and ${text}: ${why}`;
}
