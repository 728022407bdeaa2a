import { joinPath } from "../conf/path";
import { isConfList, isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { keyTree } from "../model/facts";
import type { KeyFact, KeyNode } from "../model/facts";
import { memberOf } from "../model/facts/keyTree";
import { normalizeConf } from "../model/config/normalizeConf";
import { canonicalConf } from "./canonicalConf";
import { elements, identityOf, isSet, matchLists, memberMap, sameSet } from "./listIdentity";
import { sameValue } from "./sameValue";

/** One place where two configurations differ, as deep as it goes without tearing apart what only makes sense whole. */
export interface ConfDifference {
  /** With concrete names and indexes: those of the new configuration, or of the old one where something went. */
  readonly path: string;
  /** With placeholders: `accounts.<name>.users[].password`. */
  readonly rulePath: string;
  readonly fact: KeyFact | undefined;
  readonly node: KeyNode | undefined;
  /** Undefined: absent. */
  readonly from: ConfValue | undefined;
  readonly to: ConfValue | undefined;
}

/** Both sides in canonical shape, and where they differ. Order, aliases, units and spelled-out defaults are no difference. */
export interface ConfDiff {
  /** As written, in canonical spelling. */
  readonly spelled: { readonly from: ConfMap; readonly to: ConfMap };
  readonly from: ConfMap;
  readonly to: ConfMap;
  readonly differences: readonly ConfDifference[];
}

export function diffConf(from: ConfMap, to: ConfMap): ConfDiff {
  const spelled = { from: normalizeConf(from), to: normalizeConf(to) };
  const [a, b] = [canonicalConf(spelled.from), canonicalConf(spelled.to)];
  const differences: ConfDifference[] = [];
  const walk = new Walk((difference) => differences.push(difference));
  walk.maps(a, b, { path: "", rulePath: "", node: keyTree(), fact: undefined });
  return { spelled, from: a, to: b, differences };
}

/** The members of a block that came or went as a whole, as differences of their own. */
export function memberDifferences(block: ConfDifference): readonly ConfDifference[] {
  const found: ConfDifference[] = [];
  new Walk((difference) => found.push(difference)).maps(memberMap(block.from), memberMap(block.to), block);
  return found;
}

function isIdentical(a: ConfValue, b: ConfValue): boolean {
  if (a === b) return true;
  if (isConfList(a)) return isConfList(b) && a.length === b.length && a.every((item, i) => isIdentical(item, b[i]!));
  if (!isConfMap(a) || !isConfMap(b) || a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !isIdentical(value, other)) return false;
  }
  return true;
}

interface Place {
  readonly path: string;
  readonly rulePath: string;
  readonly node: KeyNode | undefined;
  readonly fact: KeyFact | undefined;
}

/** Blocks that mean something by being there, and list elements: they come and go whole. */
const whole = new Set([
  ...["cluster", "gateway", "websocket", "mqtt", "jetstream", "proxies", "resolver", "ocsp", "ocsp_cache"],
  ...["authorization.auth_callout", "accounts.<name>", "jetstream.tpm", "accounts.<name>.jetstream"],
]);

function standsWhole(place: Place): boolean {
  return whole.has(place.rulePath) || place.rulePath.endsWith("[]") || /(^|[.])tls$/.test(place.rulePath);
}

class Walk {
  readonly #emit: (difference: ConfDifference) => void;

  constructor(emit: (difference: ConfDifference) => void) {
    this.#emit = emit;
  }

  maps(from: ConfMap, to: ConfMap, place: Place): void {
    for (const [key, value] of from) {
      const after = to.get(key);
      // Most of a big file stays as it is: that is found without naming every place in it.
      if (after === undefined || !isIdentical(value, after)) this.values(value, after, memberPlace(place, key));
    }
    for (const [key, value] of to) if (!from.has(key)) this.values(undefined, value, memberPlace(place, key));
  }

  values(from: ConfValue | undefined, to: ConfValue | undefined, place: Place): void {
    if (from === to) return;
    if (isConfMap(from ?? to) || isConfMap(to)) {
      const bothMaps = isConfMap(from) && isConfMap(to);
      const comesOrGoes = from === undefined || to === undefined;
      if (bothMaps || (comesOrGoes && !standsWhole(place))) return this.maps(memberMap(from), memberMap(to), place);
      return this.#emit({ ...place, from, to });
    }
    if (isConfList(from) || isConfList(to)) return this.lists(from, to, place);
    if (!sameValue(from, to, place.fact)) this.#emit({ ...place, from, to });
  }

  lists(from: ConfValue | undefined, to: ConfValue | undefined, place: Place): void {
    const mixed = (from !== undefined && !isConfList(from)) || (to !== undefined && !isConfList(to));
    if (mixed) return this.#emit({ ...place, from, to });
    const identity = identityOf(place.rulePath);
    if (identity) return this.keyed(elements(from), elements(to), identity, place);
    const same = isSet(place.rulePath) ? sameSet(elements(from), elements(to)) : sameValue(from, to, undefined);
    if (!same) this.#emit({ ...place, from, to });
  }

  keyed(
    from: readonly ConfValue[],
    to: readonly ConfValue[],
    identity: (value: ConfValue) => string,
    place: Place,
  ): void {
    const pairs = matchLists(from, to, identity);
    const gone = pairs.filter((pair) => pair.to === undefined).map((pair) => pair.from!);
    for (const pair of pairs) {
      if (pair.to === undefined || (pair.from !== undefined && isIdentical(from[pair.from]!, to[pair.to]!))) continue;
      // Where one went and one came, they are shown as one that changed: a remote's new URL, a user's new name.
      const partner = pair.from ?? (place.rulePath === "leafnodes.remotes" ? gone.shift() : undefined);
      const [before, after] = [partner === undefined ? undefined : from[partner], to[pair.to]];
      const element = elementPlace(place, pair.to);
      if (pair.from === undefined && partner !== undefined) this.#emit({ ...element, from: before, to: after });
      else this.values(before, after, element);
    }
    for (const index of gone) this.values(from[index], undefined, elementPlace(place, index));
  }
}

function memberPlace(place: Place, key: string): Place {
  const node = place.node && memberOf(place.node, key);
  const name = node && node !== place.node?.any ? node.key : node || isFree(place) ? "<name>" : key;
  return {
    path: joinPath(place.path, key),
    rulePath: place.rulePath === "" ? name : `${place.rulePath}.${name}`,
    node,
    fact: node?.fact ?? (isFree(place) ? place.fact : undefined),
  };
}

function elementPlace(place: Place, index: number): Place {
  return { ...place, path: joinPath(place.path, index), rulePath: `${place.rulePath}[]` };
}

function isFree(place: Place): boolean {
  return place.fact?.type.startsWith("map<") ?? false;
}
