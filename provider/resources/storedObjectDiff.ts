import { objectWords, readObject } from "../apply/objects";
import { hasUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { formOf } from "../model/payload";
import { describedChanges, objectPlace } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { kindOf } from "./assetDiff";
import type { Note } from "./assetDiff";
import { conflictNote } from "./conflictNote";
import { reachableJetStream } from "./jetstreamOf";
import { isLive, isOtherContent } from "./storedObjectState";
import type { StoredObjectState } from "./storedObjectState";

/** What changes; a content never stands in the words about it. */
export async function diffObject(
  context: CallContext,
  _id: string,
  olds: StoredObjectState,
  news: StoredObjectInputs,
): Promise<Diff> {
  const changes: Record<string, ChangeKind> = {};
  const form = formOf(news);
  const [old, wanted] = [olds as object, news as object] as [Record<string, unknown>, Record<string, unknown>];
  for (const name of objectPlace) if (old[name] !== wanted[name]) changes[name] = "update-replace";
  const moves = Object.keys(changes).length > 0;
  if (olds.onConflict !== news.onConflict) changes["onConflict"] = kindOf(olds.onConflict, news.onConflict, false);
  const unknown = Object.keys(news).filter((name) => !(name in changes) && hasUnknown(wanted[name]));
  for (const name of unknown) changes[name] = kindOf(old[name], wanted[name], false);
  const known = Object.fromEntries(
    Object.entries(news).filter(([, value]) => !hasUnknown(value)),
  ) as unknown as StoredObjectInputs;
  for (const name of describedChanges(olds, known).filter((each) => !(each in changes))) {
    changes[name] = kindOf(old[name], wanted[name], false);
  }
  const isNew = form !== undefined && (hasUnknown(news[form]) || isOtherContent(olds, news));
  if (isNew) changes[form === "file" ? "digest" : form] = "update";
  const writes = isNew || Object.keys(changes).some((name) => !["onConflict", "adopt"].includes(name));
  return {
    changes,
    notes: moves || !writes ? [] : await notesOf(context, olds, news, isNew || "chunkSize" in changes),
  };
}

async function notesOf(
  context: CallContext,
  olds: StoredObjectState,
  news: StoredObjectInputs,
  uploads: boolean,
): Promise<Note[]> {
  const notes: Note[] = [];
  if (!uploads) notes.push({ severity: "info", message: "its content stays: nothing is uploaded" });
  const live = await reachableJetStream(context);
  if (!live) return notes;
  const object = await readObject(live.js, olds).catch(() => undefined);
  if (!object || object.meta.deleted) {
    return [{ severity: "warning", message: `${objectWords(olds)} is gone on the server: it is uploaded anew` }];
  }
  if (object.revision === olds.revision || (!hasUnknown(news) && isLive(news, object))) return notes;
  const reason = `${objectWords(olds)} was changed elsewhere (of ${object.modified})`;
  return [...notes, conflictNote(reason, news.onConflict)];
}
