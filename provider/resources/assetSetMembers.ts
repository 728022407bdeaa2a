import { hasUnknown, isUnknown } from "../host/handler";
import { isObject, sameJson } from "../model/exactJson";
import type { Json } from "../model/exactJson";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member, MemberOutputs } from "./assetSet";

type Loose = Readonly<Record<string, unknown>>;

/** The map with each member on its own; members that are not known yet stand in `unknown`. */
export interface Members<Inputs> {
  readonly known: ReadonlyMap<string, Member<Inputs>>;
  readonly unknown: readonly string[];
  /** Not even the names are known. */
  readonly isUnknown: boolean;
}

export function membersOf<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  set: AssetSetInputs & AssetSetOutputs,
): Members<Inputs> {
  const map = (set as Loose)[kind.property];
  const known = new Map<string, Member<Inputs>>();
  const unknown: string[] = [];
  if (isUnknown(map) || hasUnknownName(map) || isUnknown(set.defaults)) return { known, unknown, isUnknown: true };
  const shared = sharedOf(kind, set);
  for (const [id, own] of entriesOf(kind.depth, map)) {
    if (isUnknown(own)) unknown.push(id);
    if (!isObject(own)) continue;
    const outputs = set.members?.[id];
    known.set(id, { id, own, full: full(kind, id, own, shared), ...(outputs ? { outputs } : {}) });
  }
  return { known, unknown, isUnknown: false };
}

/** Ids with what stands there, in the order of the program; of two names, the inner maps that are none are left out. */
export function entriesOf(depth: 1 | 2, map: unknown): [string, unknown][] {
  if (!isObject(map)) return [];
  if (depth === 1) return Object.entries(map);
  return Object.entries(map).flatMap(([outer, inner]) =>
    isUnknown(inner) ? [[outer, inner] as [string, unknown]] : innerEntries(outer, inner),
  );
}

/** The map that these members make. */
export function mapOf(depth: 1 | 2, members: Iterable<readonly [string, unknown]>): object {
  const map: Record<string, unknown> = {};
  for (const [id, own] of members) {
    const [outer, inner] = [id.split("/")[0]!, id.slice(id.indexOf("/") + 1)];
    if (depth === 1) map[id] = own;
    else ((map[outer] ??= {}) as Record<string, unknown>)[inner] = own;
  }
  return map;
}

/** Inputs of a member as the program would write them beside `defaults`; null takes a default away. */
export function ownOf<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  inputs: Inputs,
  defaults: object | undefined,
  before: Loose = {},
): Loose {
  const usual = (defaults ?? {}) as Loose;
  const hidden = new Set([...kind.options, ...Object.keys(kind.named(["", ""])), "created", "serverSet", "unexpected"]);
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (hidden.has(name) || value === undefined) continue;
    const isUsual = name in usual && sameJson(usual[name] as Json, value as Json);
    if (!isUsual || before[name] !== undefined) own[name] = value;
  }
  for (const name of Object.keys(usual)) {
    if (!(name in inputs) && !hidden.has(name) && usual[name] !== null) own[name] = null;
  }
  for (const option of kind.options) if (before[option] !== undefined) own[option] = before[option];
  return own;
}

/** What of a member's state is stored: nearly always nothing. */
export function outputsOf({ serverSet, unexpected }: MemberOutputs): MemberOutputs | undefined {
  if (serverSet === undefined && unexpected === undefined) return undefined;
  return { ...(serverSet === undefined ? {} : { serverSet }), ...(unexpected === undefined ? {} : { unexpected }) };
}

function sharedOf<Inputs extends object>(kind: AssetSetKind<Inputs>, set: AssetSetInputs): Loose {
  const shared: Record<string, unknown> = { ...set.defaults };
  for (const option of kind.options) {
    const value = (set as Loose)[option];
    if (value !== undefined) shared[option] = value;
  }
  return shared;
}

function full<Inputs extends object>(kind: AssetSetKind<Inputs>, id: string, own: Loose, shared: Loose): Inputs {
  const merged: Record<string, unknown> = { ...shared, ...own, ...kind.named(namesOf(kind.depth, id)) };
  for (const [name, value] of Object.entries(merged)) if (value === undefined || value === null) delete merged[name];
  return merged as unknown as Inputs;
}

function namesOf(depth: 1 | 2, id: string): readonly string[] {
  return depth === 1 ? [id] : [id.slice(0, id.indexOf("/")), id.slice(id.indexOf("/") + 1)];
}

function innerEntries(outer: string, inner: unknown): [string, unknown][] {
  return isObject(inner) ? Object.entries(inner).map(([name, own]) => [`${outer}/${name}`, own]) : [];
}

/** A map whose keys come from an unknown has it among its names. */
function hasUnknownName(map: unknown): boolean {
  return isObject(map) && Object.keys(map).some((key) => hasUnknown(key));
}
