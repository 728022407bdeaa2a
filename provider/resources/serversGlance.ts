import { createHash } from "node:crypto";
import type { Machine } from "../apply/machine/machine";
import { Reach } from "../apply/rollout/reach";
import type { TargetInputs } from "../model/servers";
import { machineOf } from "./serversCluster";

/** A cluster's machines as they were at one moment, and connections to its servers: to look at them, and to change nothing. */
export interface Glance {
  readonly machine: Machine;
  readonly reach: Reach;
  readonly key: string;
  readonly begun: number;
}

/** How long a check's look at the machines is the truth for the diff that follows it, in milliseconds. */
const longest = 15_000;
const kept = new Map<string, { readonly glance: Glance; readonly timer: NodeJS.Timeout }>();

/** Looks anew: what an earlier check has seen does not count any more. */
export function beginGlance(target: TargetInputs, known: readonly TargetInputs[]): Glance {
  const key = keyOf(target, known);
  void endKept(key);
  const machine = machineOf(target, known, { isGlance: true });
  return { machine, reach: new Reach(machine.dialer), key, begun: Date.now() };
}

/** Goes on with what was kept just now, where there is such. */
export function goOnGlancing(target: TargetInputs, known: readonly TargetInputs[]): Glance {
  const key = keyOf(target, known);
  const entry = kept.get(key);
  if (!entry || Date.now() - entry.glance.begun > longest) return beginGlance(target, known);
  clearTimeout(entry.timer);
  kept.delete(key);
  return entry.glance;
}

/** For what follows in the same operation: a read and a check are followed by a diff. */
export function keepGlance(glance: Glance): void {
  void endKept(glance.key);
  const left = glance.begun + longest - Date.now();
  const timer = setTimeout(() => void endKept(glance.key), Math.max(0, left));
  timer.unref();
  kept.set(glance.key, { glance, timer });
}

export async function endGlance({ machine, reach }: Glance): Promise<void> {
  await reach.close();
  await machine.close?.();
}

/** Before a change: whoever looks after it looks anew. */
export async function endGlances(target: TargetInputs, known: readonly TargetInputs[]): Promise<void> {
  await endKept(keyOf(target, known));
}

async function endKept(key: string): Promise<void> {
  const entry = kept.get(key);
  if (!entry) return;
  clearTimeout(entry.timer);
  kept.delete(key);
  await endGlance(entry.glance);
}

/** An earlier target that is the same is no other place to look at. */
function keyOf(target: TargetInputs, known: readonly TargetInputs[]): string {
  const text = JSON.stringify(target);
  const others = known.map((one) => JSON.stringify(one)).filter((other) => other !== text);
  return createHash("sha256")
    .update([text, ...others].join("\n"))
    .digest("hex");
}
