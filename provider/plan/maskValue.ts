import { isConfList, isConfMap, Reference } from "../conf/value";
import type { ConfValue } from "../conf/value";
import type { KeyFact, KeyNode } from "../model/facts";
import { memberOf } from "../model/facts/keyTree";
import { isSecretKey, maskAddress, redact, redacted } from "../redact";

/** A value for people and for JSON: secrets at any depth stand as "[secret]", big numbers as numbers, blocks as objects. */
export function maskValue(value: ConfValue | undefined, fact: KeyFact | undefined, node: KeyNode | undefined): unknown {
  if (value === undefined) return undefined;
  if (isConfMap(value)) {
    const members = [...value].map(([key, member]) => {
      const below = node && memberOf(node, key);
      const itsFact = below?.fact ?? (fact?.type.startsWith("map<") ? fact : undefined);
      return [key, isSecretKey(key) ? redacted : maskValue(member, itsFact, below)] as const;
    });
    return Object.fromEntries(members);
  }
  if (isConfList(value)) return value.map((item) => maskValue(item, fact, node));
  if (fact?.secret && !isUrl(fact)) return redacted;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Reference) return `$${value.variable}`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return value;
  return redact(fact && isUrl(fact) ? maskAddress(value) : value);
}

/** A URL is secret for its password only. */
function isUrl(fact: KeyFact): boolean {
  return fact.type.includes("url");
}
