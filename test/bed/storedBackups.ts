import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { chunkSubject, metaOf } from "../../provider/model/objectMeta";

export interface StoredBackups {
  /** Names of those that are whole. */
  readonly backups: string[];
  readonly objects: string[];
  /** Chunks' names that belong to no object. */
  readonly stray: number;
}

/** What the object store "backups" holds. */
export async function storedBackups(js: JetStream): Promise<StoredBackups> {
  const subjects = (await streamInfo(js, "OBJ_backups", { subjects: true }))!.state.subjects ?? {};
  const objects: string[] = [];
  const used = new Set<string>();
  for (const subject of Object.keys(subjects).filter((each) => each.startsWith("$O.backups.M."))) {
    const { message } = await js.request("STREAM.MSG.GET.OBJ_backups", { last_by_subj: subject }, "");
    const meta = metaOf(Buffer.from((message as { data: string }).data, "base64"))!;
    if (meta.deleted) continue;
    objects.push(meta.name);
    used.add(chunkSubject("backups", meta.nuid));
  }
  const stray = Object.keys(subjects).filter((each) => each.startsWith("$O.backups.C.") && !used.has(each)).length;
  const ends = objects.filter((name) => name.endsWith("/backup.json"));
  return { backups: ends.map((name) => name.replace("/backup.json", "")).sort(), objects: objects.sort(), stray };
}
