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
  const name = kind.streamPrefix + nameOf(kind, olds);
  if (!live || !(await parkedNames(live.js)).includes(name)) return undefined;
  const info = await streamInfo(live.js, name).catch(() => undefined);
  if (!info || !isParked(info.config)) return undefined;
  const path = kind.states.said(["subjects"]).length > 0 ? "subjects" : "unexpected.subjects";
  const what = `${called(kind, nameOf(kind, olds))} stores nothing: its subjects were taken away before its end, which was cut short`;
  return {
    changes: { [path]: "update" },
    notes: [{ severity: "warning", message: `${what}; \`up\` gives them back` }],
  };
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
