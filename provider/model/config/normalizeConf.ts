import { isConfList, isConfMap } from "../../conf/value";
import type { ConfMap, ConfValue } from "../../conf/value";
import { keyTree } from "../facts";
import type { KeyNode } from "../facts";
import { memberOf } from "../facts/keyTree";

/**
 * The same configuration in canonical spelling: aliases and other cases of a key become its canonical name, at every
 * depth. Values stay as they are, and so do names of accounts, subjects, headers and keys that no server knows.
 */
export function normalizeConf(conf: ConfMap): ConfMap {
  return normalizeMap(conf, keyTree());
}

function normalizeMap(map: ConfMap, node: KeyNode): ConfMap {
  const result = new Map<string, ConfValue>();
  for (const [key, value] of map) {
    const member = memberOf(node, key);
    const name = member && member !== node.any ? member.key : key;
    result.set(name, member ? normalizeValue(value, member) : value);
  }
  return result;
}

function normalizeValue(value: ConfValue, node: KeyNode): ConfValue {
  if (isConfMap(value)) return normalizeMap(value, node);
  if (isConfList(value)) return value.map((member) => normalizeValue(member, node));
  return value;
}
