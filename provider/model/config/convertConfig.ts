import { isConfList, isConfMap } from "../../conf/value";
import type { ConfMap, ConfValue } from "../../conf/value";
import { joinPath } from "../../conf/path";
import type { Problem } from "../../errors";
import { keyTree } from "../facts";
import type { KeyNode } from "../facts";
import { formatSize, shortDuration } from "../units";
import { expandScalar } from "./expandScalar";
import { propertyName } from "./propertyName";
import type { ServerConfig } from "./serverConfig";
import { shapesOf } from "./shape";
import type { Shape } from "./shape";

/** A nats.conf as a typed configuration, and a warning for each key that could only be kept `verbatim`. */
export interface ConvertedConfig {
  readonly config: ServerConfig;
  readonly problems: Problem[];
}

/**
 * The typed configuration that expands to exactly this nats.conf again, digest and all: what the types can't say to the
 * letter (an alias, another case, a number where a duration is usual, a variable's definition) stands under `verbatim`.
 */
export function convertConfig(conf: ConfMap): ConvertedConfig {
  const problems: Problem[] = [];
  return { config: convertBlock(conf, keyTree(), "", problems), problems };
}

type Typed = string | number | boolean | readonly Typed[] | { readonly [name: string]: unknown };

function convertBlock(map: ConfMap, node: KeyNode, path: string, problems: Problem[]): { [name: string]: unknown } {
  const members: [string, unknown][] = [];
  const verbatim: [string, unknown][] = [];
  for (const [key, value] of map) {
    const where = joinPath(path, key);
    const member = node.members.get(key);
    const typed = member?.key === key ? convertAny(value, shapesOf(member), where, problems) : undefined;
    if (typed !== undefined) members.push([propertyName(key), typed]);
    else {
      verbatim.push([key, plain(value)]);
      problems.push({ path: where, reason: reasonOf(key, node, member), severity: "warning" });
    }
  }
  if (verbatim.length > 0) members.push(["verbatim", Object.fromEntries(verbatim)]);
  return Object.fromEntries(members);
}

/** The typed value, or undefined where no form expands to exactly this value. */
function convertAny(value: ConfValue, shapes: readonly Shape[], path: string, problems: Problem[]): Typed | undefined {
  if (isConfMap(value)) {
    const inner = shapes.find((shape) => shape.is === "block" || shape.is === "map");
    if (inner?.is === "block") return convertBlock(value, inner.node, path, problems);
    if (inner?.is === "map") return convertMap(value, inner.of, path, problems);
    return undefined;
  }
  if (isConfList(value)) {
    const list = shapes.find((shape) => shape.is === "list");
    return list ? convertList(value, list.of, path, problems) : undefined;
  }
  for (const shape of shapes) {
    const typed = convertScalar(value, shape);
    if (typed !== undefined && expandsTo(typed, shapes, value)) return typed;
  }
  return undefined;
}

function convertMap(value: ConfMap, of: readonly Shape[], path: string, problems: Problem[]): Typed | undefined {
  const found: Problem[] = [];
  const entries = [...value].map(([name, each]) => [name, convertAny(each, of, joinPath(path, name), found)] as const);
  if (entries.some(([, typed]) => typed === undefined)) return undefined;
  problems.push(...found);
  return Object.fromEntries(entries);
}

function convertList(
  values: readonly ConfValue[],
  of: readonly Shape[],
  path: string,
  problems: Problem[],
): Typed | undefined {
  const found: Problem[] = [];
  const list = values.map((each, index) => convertAny(each, of, `${path}[${index}]`, found));
  if (list.includes(undefined)) return undefined;
  problems.push(...found);
  return list as Typed[];
}

function convertScalar(value: ConfValue, shape: Shape): Typed | undefined {
  if (typeof value === "boolean") return shape.is === "bool" ? value : undefined;
  if (typeof value === "string") return shape.is === "size" || shape.is === "seconds" ? undefined : value;
  if (typeof value === "bigint") {
    if (shape.is === "size") return value === -1n ? -1 : formatSize(value);
    if (shape.is === "seconds") return shortDuration(value * 1_000_000_000n);
    return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  }
  if (typeof value === "number" && shape.is === "seconds") return shortDuration(BigInt(Math.round(value * 1e9)));
  return undefined;
}

function expandsTo(typed: Typed, shapes: readonly Shape[], value: ConfValue): boolean {
  for (const shape of shapes) {
    const expanded = expandScalar(typed, shape);
    if (expanded !== undefined) return expanded === value;
  }
  return false;
}

/** The value as a program writes it: maps as objects, int64 as whole numbers. */
function plain(value: ConfValue): unknown {
  if (isConfMap(value)) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  if (isConfList(value)) return value.map(plain);
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

function reasonOf(key: string, node: KeyNode, member: KeyNode | undefined): string {
  const known = member ?? node.members.get(key.toLowerCase());
  if (!known) return "is not a key of nats.conf, such as a variable's definition: kept verbatim";
  if (known.key !== key) return `is another spelling of ${known.key}: kept verbatim, because the digest sees it`;
  return "has a value in another form than the typed one: kept verbatim, because the digest sees it";
}
