import type { JetStream } from "../apply/jetstream";
import { listConsumers } from "../apply/jetstreamConsumers";
import { streamNames } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { standIn } from "../apply/streamReplacement";
import type { CallContext, ChangeKind } from "../host/handler";
import { textOf } from "../model/exactJson";
import { movedTo, replacementName, stageOf } from "../model/replacement";
import { sizeText } from "../model/sizeText";
import type { StreamOptions } from "../model/stream";
import type { ShownChange } from "./assetDiff";
import type { Interrupted } from "./assetSet";
import { called } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { newName } from "./streamMirror";
import { halfDone, heldText } from "./streamMirrorApply";
import type { PlannedStream } from "./streamPlan";

/** The change as it is told where the stream stays one for Pulumi. */
export async function byMirror<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  { info, held }: PlannedStream,
  { changes, notes }: ShownChange,
): Promise<ShownChange> {
  const isStream = kind.noun === "stream";
  const what = `keeps ${held ?? kind.words.argWords("0 messages")}${kind.keptToo}`;
  // Those of buckets are watchers, which make themselves anew.
  const consumers = isStream ? await consumersText(js, textOf(info.config["name"])) : "";
  const waits = isStream
    ? "publishers wait for some seconds"
    : `who writes gets errors for some seconds, who reads while ${sizeText(info.state.bytes)} are copied`;
  const message = `replaced by way of a mirror: ${what}${consumers}; ${waits}`;
  return { changes: inPlace(changes), notes: [...notes, { severity: "info", message }], replaces: false };
}

/** The same where a stream of another name takes its place: for Pulumi a new one, which is made before the old one goes. */
export async function byRename<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  planned: PlannedStream,
  { changes, notes }: ShownChange,
): Promise<ShownChange> {
  const { plan, info, held } = planned;
  const [from, to] = [textOf(info.config["name"]), newName(plan)!];
  const isHalf = movedTo(info.config) === to;
  const kept = `${held ?? "0 messages"}${await consumersText(js, from)}`;
  const message = isHalf
    ? `${called(kind, to)} was taking its place by way of a mirror when that was cut short; \`up\` goes on from there`
    : `${called(kind, to)} takes its place by way of a mirror: keeps ${kept}; publishers wait for some seconds`;
  return {
    changes,
    notes: [...notes, { severity: isHalf ? "warning" : "info", message }],
    replaces: true,
    movesTo: to,
  };
}

/** ", 2 consumers resume at their acknowledged floors". */
async function consumersText(js: JetStream, stream: string): Promise<string> {
  const { length } = await listConsumers(js, stream);
  if (length === 0) return "";
  return length === 1
    ? ", 1 consumer resumes at its acknowledged floor"
    : `, ${length} consumers resume at their acknowledged floors`;
}

/** What a preview says of a replacement that was cut short. */
export function resuming<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  half: StreamInfo,
  { changes }: ShownChange,
): ShownChange {
  return {
    changes: inPlace(changes),
    notes: [{ severity: "warning", message: cutShortWords(kind, half) }],
    replaces: false,
  };
}

/** What a refresh finds of one: the state that brings it up again, and the words for it. */
export async function interrupted<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  state: StreamKindState<Inputs>,
  info: { readonly config: StreamInfo["config"] } | undefined,
): Promise<Interrupted | undefined> {
  if (info && stageOf(info.config) === undefined) return undefined;
  const half = await halfDone(kind, context, js, state);
  if (!half) return undefined;
  const message = `was being replaced when that was cut short: ${heldText(kind, half)}. Fix: pulumi up`;
  return { message, unexpected: { replacement: stageOf(half.config)! } };
}

/** What is said of those of these streams that a replacement has left half done, by name. One listing tells, where there is none. */
export async function halfReplacedAmong<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  owner: string | undefined,
  names: readonly string[],
): Promise<Map<string, string>> {
  const all = new Set(await streamNames(js).catch(() => []));
  const suspects = names.filter((name) => all.has(replacementName(name)));
  const found = await Promise.all(
    suspects.map(async (name): Promise<[string, string][]> => {
      const half = await standIn(js, name, owner).catch(() => undefined);
      return half ? [[name, cutShortWords(kind, half)]] : [];
    }),
  );
  return new Map(found.flat());
}

function cutShortWords<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, half: StreamInfo): string {
  return `was being replaced by way of a mirror when that was cut short: ${heldText(kind, half)}; \`up\` goes on from there`;
}

function inPlace(changes: Readonly<Record<string, ChangeKind>>): Record<string, ChangeKind> {
  const kept = Object.entries(changes).map(([path, kind]) => [path, kind.replace("-replace", "") as ChangeKind]);
  return Object.fromEntries(kept) as Record<string, ChangeKind>;
}
