import type { JetStream } from "../apply/jetstream";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import { isParked } from "../apply/parkedStream";
import type { CallContext, Diff } from "../host/handler";
import { parkedSubject } from "../model/replacement";
import type { StreamOptions } from "../model/stream";
import { reachableJetStream } from "./jetstreamOf";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";

/**
 * The end of a stream that was cut short after its subjects were taken away, for a program that keeps it: without a word of it
 * the stream would store nothing until somebody refreshes. Only ends with a backup park, so nobody else asks a server.
 */
export async function parkedDiff<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<Diff | undefined> {
  if (olds.onDataLoss !== "backup" && news.onDataLoss !== "backup") return undefined;
  const live = await reachableJetStream(context);
  const parked = live ? await parkedAmong(live.js, [kind.streamPrefix + nameOf(kind, olds)]) : [];
  if (parked.length === 0) return undefined;
  const path = kind.states.said(["subjects"]).length > 0 ? "subjects" : "unexpected.subjects";
  return {
    changes: { [path]: "update" },
    notes: [{ severity: "warning", message: `${called(kind, nameOf(kind, olds))} ${parkedWords}` }],
  };
}

export const parkedWords =
  "stores nothing: its subjects were taken away before its end, which was cut short; `up` gives them back";

/** Which of these streams have lost their subjects so; one request tells, where there is none. */
export async function parkedAmong(js: JetStream, names: readonly string[]): Promise<string[]> {
  const suspects = new Set(await parkedNames(js));
  const found = await Promise.all(
    names
      .filter((name) => suspects.has(name))
      .map(async (name) => {
        const info = await streamInfo(js, name).catch(() => undefined);
        return info && isParked(info.config) ? [name] : [];
      }),
  );
  return found.flat();
}

const freshFor = 500;
const looks = new WeakMap<object, { readonly at: number; readonly names: Promise<readonly string[]> }>();

/** Asked once for all resources that are looked at together. */
function parkedNames(js: JetStream): Promise<readonly string[]> {
  const known = looks.get(js.connection);
  if (known && Date.now() - known.at < freshFor) return known.names;
  const names = streamNames(js, parkedSubject(">")).catch(() => []);
  looks.set(js.connection, { at: Date.now(), names });
  return names;
}
