import { annotations } from "../model/kubernetes";
import type { PodTemplate } from "../model/kubernetes";

const shown = 4;

/**
 * What of a pod template changes, in words; empty where it is only the hash of nats.conf's keys, of which the
 * configuration itself tells more.
 */
export function templateChanges(from: PodTemplate | undefined, to: PodTemplate | undefined): string[] {
  const [old, wanted] = [leavesOf(from), leavesOf(to)];
  const changes: string[] = [];
  for (const path of new Set([...old.keys(), ...wanted.keys()])) {
    if (path.endsWith(annotations.restartKeys)) continue;
    const [before, after] = [old.get(path), wanted.get(path)];
    if (before === after) continue;
    changes.push(`${path} ${before ?? "(none)"} → ${after ?? "(none)"}`);
  }
  return changes;
}

/** The same as one reason for a restart; undefined where there is none. */
export function templateReason(changes: readonly string[]): string | undefined {
  if (changes.length === 0) return undefined;
  const more = changes.length > shown ? ` and ${changes.length - shown} more` : "";
  return `the pod template changes (${changes.slice(0, shown).join(", ")}${more})`;
}

/** Every value by its path; members of lists by their name where they have one. */
function leavesOf(template: PodTemplate | undefined): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      value.forEach((member: unknown, index) => visit(member, `${path}[${nameOf(member) ?? index}]`));
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (!key.startsWith("$") && member !== null) visit(member, path === "" ? key : `${path}.${key}`);
      }
    } else if (value !== undefined) {
      leaves.set(path, `${value as string}`);
    }
  };
  visit({ ...template?.metadata, ...template?.spec }, "");
  return leaves;
}

function nameOf(member: unknown): string | undefined {
  const name = (member as { name?: unknown } | null)?.name;
  return typeof name === "string" ? name : undefined;
}
