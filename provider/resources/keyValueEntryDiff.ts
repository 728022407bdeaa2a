import { readEntry, wordsFor } from "../apply/keyValueEntries";
import { hasUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { entryPlace, ttlText } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { formOf, samePayload } from "../model/payload";
import { kindOf } from "./assetDiff";
import type { Note } from "./assetDiff";
import { conflictNote } from "./conflictNote";
import { reachableJetStream } from "./jetstreamOf";
import { isRewritten } from "./keyValueEntryCheck";
import { elsewhere, isWritten } from "./keyValueEntryState";
import type { KeyValueEntryState } from "./keyValueEntryState";

const options = ["onConflict", "onDelete"] as const;

/** What changes; a value never stands in the words about it. */
export async function diffEntry(
  context: CallContext,
  _id: string,
  olds: KeyValueEntryState,
  news: KeyValueEntryInputs,
): Promise<Diff> {
  const changes: Record<string, ChangeKind> = {};
  for (const name of entryPlace) {
    if (olds[name] !== news[name]) changes[name] = "update-replace";
  }
  const moves = Object.keys(changes).length > 0;
  for (const name of options) {
    if (olds[name] !== news[name]) changes[name] = kindOf(olds[name], news[name], false);
  }
  if (hasUnknown(news.ttl) || ttlText(olds.ttl) !== ttlText(news.ttl)) {
    changes["ttl"] = kindOf(olds.ttl, news.ttl, false);
  }
  Object.assign(changes, payloadChanges(olds, news));
  if (moves || !isRewritten(olds, news)) return { changes, notes: [] };
  return { changes, notes: await notesOf(context, olds, news, "ttl" in changes) };
}

/** By the property that says it; whole, so that a secret within is never shown. */
function payloadChanges(olds: KeyValueEntryInputs, news: KeyValueEntryInputs): Record<string, ChangeKind> {
  const [before, after] = [formOf(olds), formOf(news)];
  const isUnknown = after !== undefined && hasUnknown(news[after]);
  if (!isUnknown && samePayload(olds, news)) return {};
  if (before === after && after !== undefined) return { [after === "file" ? "digest" : after]: "update" };
  return { ...(before ? { [before]: "delete" } : {}), ...(after ? { [after]: "add" } : {}) };
}

async function notesOf(
  context: CallContext,
  olds: KeyValueEntryState,
  news: KeyValueEntryInputs,
  newTime: boolean,
): Promise<Note[]> {
  const notes: Note[] = [];
  if (newTime && samePayload(olds, news)) {
    notes.push({ severity: "info", message: "ttl: the value is written again, and its time starts anew" });
  }
  const live = await reachableJetStream(context);
  if (!live) return notes;
  const entry = await readEntry(live.js, olds).catch(() => undefined);
  const name = wordsFor(olds);
  if (!entry || entry.deletion) {
    const how = entry?.deletion === "expired" ? "ran out" : "is gone";
    notes.push({ severity: "warning", message: `${name} ${how} on the server: it is written anew` });
  } else if (entry.revision !== olds.revision && (hasUnknown(news) || !isWritten(news, entry))) {
    notes.push(conflictNote(`${name} was changed elsewhere: ${elsewhere(entry, olds)}`, news.onConflict));
  }
  return notes;
}
