import { factFor } from "../model/facts";
import type { ConfigChange } from "./impact";
import type { RolloutStep } from "./rollout";

const shown = 6;

/** One step in words, as the row of the preview shows it. */
export function noteOf(step: RolloutStep): string {
  const leader = step.kind === "restart" && step.nodes.length > 1 ? step.leader : undefined;
  const nodes = step.nodes.map((name) => (name === leader ? `then the meta leader ${name}` : name)).join(", ");
  switch (step.kind) {
    case "start":
      return step.why === "new" ? `${nodes} will be started` : `${nodes} ${areStopped(step)}: will be started`;
    case "remove":
      return `${nodes} will be taken out of the cluster, one at a time: lame duck, then out of JetStream's peers`;
    case "reload":
      return step.together
        ? `ordered reload, all servers at the same moment (${nodes}): ${step.why}`
        : `hot reload on ${nodes}: ${step.why}`;
    case "restart":
      return step.nodes.length === 1
        ? `restart of ${nodes}: ${step.why}`
        : `rolling restart, one server at a time (${nodes}): ${step.why}`;
    case "outage":
      return `all servers stop and start together (${nodes}), clients are cut off meanwhile: ${step.why}`;
  }
}

/** Changes of all nodes, a change that is the same on each of them once. */
export function changesText(nodes: readonly (readonly [string, readonly ConfigChange[]])[]): string {
  const seen = new Map<string, string[]>();
  for (const [name, changes] of nodes) {
    for (const change of changes) {
      const [from, to] = [valueText(change.from, change.path), valueText(change.to, change.path)];
      // Masked secrets look alike.
      const text = from === to ? `${change.path} changes` : `${change.path} ${from} → ${to}`;
      seen.set(text, [...(seen.get(text) ?? []), name]);
    }
  }
  const texts = [...seen].map(([text, names]) =>
    names.length === nodes.length || nodes.length === 1 ? text : `${names.join(", ")}: ${text}`,
  );
  const rest = texts.length - shown;
  return [...texts.slice(0, shown), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function areStopped(step: RolloutStep): string {
  return step.nodes.length === 1 ? "is stopped" : "are stopped";
}

function valueText(value: unknown, path: string): string {
  if (value === undefined) return defaultText(path);
  const text = typeof value === "string" ? value : JSON.stringify(plain(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The value that a server takes where none stands: "(default 1MB, 1048576)". */
function defaultText(path: string): string {
  const known = factFor(path)?.default ?? "";
  return /^(-?\d|true\b|false\b)/.test(known) ? `(default ${known.replace(/ \(([^)]*)\)/g, ", $1")})` : "(none)";
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
