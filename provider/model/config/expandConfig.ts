import { Reference, toConfValue } from "../../conf/value";
import type { ConfMap, ConfValue } from "../../conf/value";
import { joinPath } from "../../conf/path";
import type { Problem } from "../../errors";
import { keyTree } from "../facts";
import type { KeyNode } from "../facts";
import { expandScalar, shapeProblem } from "./expandScalar";
import { nearestProperty, properties } from "./propertyName";
import type { ServerConfig } from "./serverConfig";
import { shapesOf } from "./shape";
import type { Shape } from "./shape";

/** What a program wrote, as nats.conf with canonical keys, and all that is wrong with it by property path. */
export interface ExpandedConfig {
  readonly conf: ConfMap;
  readonly problems: Problem[];
}

/**
 * A typed configuration as nats.conf: snake_case keys, sizes in bytes, durations as Go durations. Properties that are
 * undefined are left out; `verbatim` members of a block are put in as they stand.
 */
export function expandConfig(config: ServerConfig | Readonly<Record<string, unknown>>): ExpandedConfig {
  const problems: Problem[] = [];
  return { conf: expandBlock(config, keyTree(), "", problems), problems };
}

function expandBlock(value: object, node: KeyNode, path: string, problems: Problem[]): ConfMap {
  const result = new Map<string, ConfValue>();
  const known = properties(node);
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (member === undefined || name === "verbatim") continue;
    const target = known.get(name);
    if (!target) {
      problems.push(unknownProperty(node, name, joinPath(path, name)));
      continue;
    }
    const expanded = expandAny(member, shapesOf(target), joinPath(path, name), problems);
    if (expanded !== undefined) result.set(target.key, expanded);
  }
  const verbatim = (value as { verbatim?: unknown }).verbatim;
  if (verbatim !== undefined) addVerbatim(result, verbatim, joinPath(path, "verbatim"), problems);
  return result;
}

/** The value in the first form that fits it; undefined, with problems, when none does. */
function expandAny(value: unknown, shapes: readonly Shape[], path: string, problems: Problem[]): ConfValue | undefined {
  if (value instanceof Reference) return value;
  if (Array.isArray(value)) {
    const list = shapes.find((shape) => shape.is === "list");
    if (list) return expandList(value, list.of, path, problems);
  } else if (typeof value === "object" && value !== null) {
    const inner = shapes.find((shape) => shape.is === "block" || shape.is === "map");
    if (inner?.is === "block") return expandBlock(value, inner.node, path, problems);
    if (inner?.is === "map") return expandMap(value, inner.of, path, problems);
  } else {
    for (const shape of shapes) {
      const expanded = expandScalar(value, shape);
      if (expanded !== undefined) return expanded;
    }
  }
  problems.push(shapeProblem(value, shapes, path));
  return undefined;
}

function expandList(values: unknown[], of: readonly Shape[], path: string, problems: Problem[]): ConfValue {
  return values
    .map((member, index) => expandAny(member, of, `${path}[${index}]`, problems))
    .filter((member) => member !== undefined);
}

function expandMap(value: object, of: readonly Shape[], path: string, problems: Problem[]): ConfMap {
  const result = new Map<string, ConfValue>();
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (member === undefined) continue;
    const expanded = expandAny(member, of, joinPath(path, name), problems);
    if (expanded !== undefined) result.set(name, expanded);
  }
  return result;
}

function addVerbatim(result: Map<string, ConfValue>, verbatim: unknown, path: string, problems: Problem[]): void {
  if (typeof verbatim !== "object" || verbatim === null || Array.isArray(verbatim)) {
    problems.push({ path, reason: "verbatim is not an object of nats.conf keys", fix: "verbatim: { max_conn: 10 }" });
    return;
  }
  for (const [key, value] of toConfValue(verbatim) as ConfMap) {
    if (result.has(key)) problems.push({ path: joinPath(path, key), reason: `${key} is set by its own property too` });
    result.set(key, value);
  }
}

function unknownProperty(node: KeyNode, name: string, path: string): Problem {
  const meant = nearestProperty(node, name);
  return { path, reason: `${name}: unknown key`, ...(meant ? { fix: meant } : {}) };
}
