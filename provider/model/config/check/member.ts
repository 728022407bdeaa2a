import { isConfMap } from "../../../conf/value";
import type { ConfValue } from "../../../conf/value";

/** The value of a key by any of its spellings, exact or folded. */
export function member(map: ConfValue, ...spellings: string[]): ConfValue | undefined {
  if (!isConfMap(map)) return undefined;
  for (const [key, value] of map) if (spellings.includes(key.toLowerCase())) return value;
  return undefined;
}
