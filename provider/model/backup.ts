import type { Problem } from "../errors";
import { isObject } from "./exactJson";

/** What may be done when messages would be deleted: stop, go on, or keep a snapshot first and then go on. */
const dataLossChoices = ["refuse", "backup", "allow"] as const;
export type DataLoss = (typeof dataLossChoices)[number];

/** Where snapshots go. */
export interface BackupPlace {
  /** Folder of the machine where `pulumi` runs, from the program's folder on; each snapshot is a new folder in it, as `nats stream backup` writes them. */
  readonly dir: string;
}

/** What a stream starts from. */
export interface RestoreSource {
  /** Folder of one snapshot, of ours or of `nats stream backup`. */
  readonly dir: string;
}

/** What beside the server's settings says how data is kept. */
export interface DataOptions {
  readonly onDataLoss?: DataLoss;
  readonly backup?: BackupPlace;
  readonly restoreFrom?: RestoreSource;
}

export function dataProblems({ onDataLoss, backup, restoreFrom }: DataOptions): Problem[] {
  const problems: Problem[] = [];
  if (onDataLoss !== undefined && !dataLossChoices.includes(onDataLoss)) {
    const reason = `${JSON.stringify(onDataLoss)}: "refuse", "backup" or "allow" is wanted`;
    problems.push({ path: "onDataLoss", reason, fix: 'onDataLoss: "refuse"' });
  }
  if (onDataLoss === "backup" && backup === undefined) {
    problems.push({ path: "backup", reason: "it is not said where to", fix: 'backup: { dir: "./backups" }' });
  }
  for (const [path, place] of Object.entries({ backup, restoreFrom })) {
    if (place === undefined) continue;
    const isPlace = isObject(place) && typeof place["dir"] === "string" && place["dir"] !== "";
    const others = isPlace ? Object.keys(place).filter((key) => key !== "dir") : [];
    if (!isPlace) problems.push({ path, reason: "a folder is wanted", fix: `${path}: { dir: "./backups" }` });
    for (const key of others) {
      problems.push({ path: `${path}.${key}`, reason: `there is no property "${key}" here`, fix: "leave it out" });
    }
  }
  return problems;
}

/** The program lets messages go, and where it wants them kept says where. */
export function mayLose({ onDataLoss, backup }: DataOptions): boolean {
  return onDataLoss === "allow" || (onDataLoss === "backup" && backup !== undefined);
}
