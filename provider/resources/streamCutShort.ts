import type { JetStream } from "../apply/jetstream";
import type { CallContext, Diff } from "../host/handler";
import type { StreamOptions } from "../model/stream";
import { reachableJetStream } from "./jetstreamOf";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { halfReplacedAmong } from "./streamMirrorShown";
import { parkedAmong, parkedWords } from "./streamParked";

/** Only ends with a backup and replacements by way of a mirror leave something half done, so nobody else asks a server. */
export function mayBeCutShort({ onDataLoss, replaceBy }: StreamOptions): boolean {
  return onDataLoss === "backup" || replaceBy === "mirror";
}

/** What is said of those of these streams that are not what their state says, by name. */
export async function cutShortStreams<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  owner: string | undefined,
  names: readonly string[],
): Promise<Map<string, string>> {
  const [parked, half] = await Promise.all([parkedAmong(js, names), halfReplacedAmong(kind, js, owner, names)]);
  return new Map([...parked.map((name) => [name, parkedWords] as const), ...half]);
}

/**
 * A change or an end of a stream that was cut short, for a program that keeps the stream as it was: without a word of it, it would
 * store nothing until somebody refreshes.
 */
export async function cutShortDiff<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<Diff | undefined> {
  if (!mayBeCutShort(olds) && !mayBeCutShort(news)) return undefined;
  const live = await reachableJetStream(context);
  const name = kind.streamPrefix + nameOf(kind, olds);
  const words = live && (await cutShortStreams(kind, live.js, context.urn, [name])).get(name);
  if (words === undefined) return undefined;
  const path = kind.states.said(["subjects"]).length > 0 ? "subjects" : "unexpected.subjects";
  return {
    changes: { [path]: "update" },
    notes: [{ severity: "warning", message: `${called(kind, nameOf(kind, olds))} ${words}` }],
  };
}
