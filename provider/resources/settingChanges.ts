import type { ChangeKind } from "../host/handler";
import { hasUnknown } from "../host/handler";
import { changedPaths } from "./assetDiff";

/** The paths at which settings differ that are brought into one spelling first; those that are not known yet change as a whole. */
export function settingChanges<Settings extends object>(
  before: Settings,
  after: Settings,
  settled: (settings: Settings) => object,
): Record<string, ChangeKind> {
  const unknown = Object.entries(after).filter(([, value]) => hasUnknown(value));
  const known = Object.fromEntries(Object.entries(after).filter(([, value]) => !hasUnknown(value))) as Settings;
  const [own, other] = [settled(before), settled(known)] as Record<string, unknown>[];
  const changes: Record<string, ChangeKind> = Object.fromEntries(unknown.map(([name]) => [name, "update"] as const));
  for (const name of new Set([...Object.keys(own!), ...Object.keys(other!)])) {
    if (name in changes || JSON.stringify(own![name]) === JSON.stringify(other![name])) continue;
    Object.assign(changes, changedPaths(name, own![name], other![name], false));
  }
  return changes;
}
