import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import { bucketProblem, objectStorePrefix } from "./bucketName";
import { isObject } from "./exactJson";

/** What may be done when messages would be deleted: stop, go on, or keep a snapshot first and then go on. */
const dataLossChoices = ["refuse", "backup", "allow"] as const;
export type DataLoss = (typeof dataLossChoices)[number];

/** A folder that snapshots go to. */
export interface BackupFolder {
  /** Folder of the machine where `pulumi` runs, from the program's folder on; each snapshot is a new folder in it, as `nats stream backup` writes them. */
  readonly dir: string;
}

/** An object store that snapshots go to. */
export interface BackupStore {
  /**
   * Name of an object store of the same account: `backups.bucket` of an ObjectStore, which also puts the two in order. Each snapshot is
   * three new objects `<stream>-<time>/…`, the files that it would be in a folder.
   */
  readonly bucket: string;
}

/** Where snapshots go. */
export type BackupPlace = BackupFolder | BackupStore;

/** A folder with a snapshot. */
export interface FolderSource {
  /** Folder of one snapshot, of ours or of `nats stream backup`. */
  readonly dir: string;
}

/** A snapshot in an object store. */
export interface StoreSource {
  /** Name of an object store of the same account. */
  readonly bucket: string;
  /** Name of one snapshot in it, `ORDERS-2026-…`, as `nats object ls` shows it before the "/". */
  readonly name: string;
}

/** What a stream starts from. */
export type RestoreSource = FolderSource | StoreSource;

/** What beside the server's settings says how data is kept. */
export interface DataOptions {
  readonly onDataLoss?: DataLoss;
  readonly backup?: BackupPlace;
  readonly restoreFrom?: RestoreSource;
}

/** Everything wrong with them; `stream` is the one that they are for. */
export function dataProblems({ onDataLoss, backup, restoreFrom }: DataOptions, stream: string): Problem[] {
  const problems: Problem[] = [];
  if (onDataLoss !== undefined && !dataLossChoices.includes(onDataLoss)) {
    const reason = `${JSON.stringify(onDataLoss)}: "refuse", "backup" or "allow" is wanted`;
    problems.push({ path: "onDataLoss", reason, fix: 'onDataLoss: "refuse"' });
  }
  if (onDataLoss === "backup" && backup === undefined) {
    problems.push({ path: "backup", reason: "it is not said where to", fix: 'backup: { dir: "./backups" }' });
  }
  problems.push(...placeProblems("backup", backup, ["bucket"], stream));
  problems.push(...placeProblems("restoreFrom", restoreFrom, ["bucket", "name"], stream));
  return problems;
}

/** A place is a folder, or what `names` say. */
function placeProblems(path: string, place: unknown, names: readonly string[], stream: string): Problem[] {
  if (place === undefined) return [];
  const isNamed = (name: string): boolean => isObject(place) && typeof place[name] === "string" && place[name] !== "";
  const isStore = isNamed("bucket");
  if (!isObject(place) || !(isStore || isNamed("dir"))) {
    const store = names.map((name) => (name === "bucket" ? 'bucket: "backups"' : 'name: "ORDERS-2026-…"')).join(", ");
    const fix = `${path}: { dir: "./backups" }, or { ${store} }`;
    return [{ path, reason: "a folder or an object store is wanted", fix }];
  }
  const known = isStore ? names : ["dir"];
  const problems = Object.keys(place)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const reason = key === "dir" ? "it is one of the two, bucket or dir" : `there is no property "${key}" here`;
      return { path: `${path}.${key}`, reason, fix: "leave it out" };
    });
  if (!isStore) return problems;
  const { bucket, name } = place as unknown as StoreSource;
  const bad = bucketProblem(`${path}.bucket`, bucket);
  if (bad) return [...problems, bad];
  if (objectStorePrefix + bucket === stream) {
    const why = path === "backup" ? "goes with what it holds" : "is not there before it is made";
    const reason = `"${bucket}" is the object store itself, which ${why}`;
    problems.push({ path: `${path}.bucket`, reason, fix: "another object store" });
  }
  if (names.includes("name") && !isNamed("name")) {
    const reason = `it is not said which one of ${storeText(bucket)}`;
    problems.push({ path: `${path}.name`, reason, fix: `name: "ORDERS-2026-…", of \`nats object ls ${bucket}\`` });
  } else if (typeof name === "string" && name.includes("/")) {
    const reason = `"${name}" is one object of a backup`;
    problems.push({ path: `${path}.name`, reason, fix: `name: "${name.slice(0, name.indexOf("/"))}"` });
  }
  return problems;
}

/** `object store "backups"`. */
export function storeText(bucket: string): string {
  return `object store "${bucket}"`;
}

/** A place as it is called in messages. */
export function placeText(place: BackupPlace): string {
  if (hasUnknown(place)) return "a place that is not known yet";
  return "bucket" in place ? storeText(place.bucket) : place.dir;
}

/** A snapshot as it is called in messages. */
export function sourceText(source: RestoreSource): string {
  return "bucket" in source ? `"${source.name}" of ${storeText(source.bucket)}` : source.dir;
}

/** The program lets messages go, and where it wants them kept says where. */
export function mayLose({ onDataLoss, backup }: DataOptions): boolean {
  return onDataLoss === "allow" || (onDataLoss === "backup" && backup !== undefined);
}

/** Where the program wants messages kept before they go. */
export function keptAt({ onDataLoss, backup }: DataOptions): BackupPlace | undefined {
  return onDataLoss === "backup" ? backup : undefined;
}
