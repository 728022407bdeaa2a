import { isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { at } from "./configRule";
import type { ConfDifference } from "./diffConf";

interface Written {
  readonly path: string;
  readonly from: ConfValue | undefined;
  readonly to: ConfValue | undefined;
}

/** A difference under the key that the user wrote: host and port were compared apart where the file says `listen`, or `http`. */
export function asWritten(
  difference: ConfDifference,
  spelled: { readonly from: ConfMap; readonly to: ConfMap },
): Written {
  const match = /^(?:(.*)\.)?(?:(https?)_port|https?|host|port)$/.exec(difference.rulePath);
  if (!match) return difference;
  const block = match[1] ?? "";
  const key = match[2] ?? (/^https?$/.test(difference.rulePath) ? difference.rulePath : "listen");
  const values = { from: memberOf(spelled.from, block, key), to: memberOf(spelled.to, block, key) };
  if (values.from === undefined && values.to === undefined) return difference;
  const path = block === "" ? key : `${block}.${key}`;
  return { path, from: values.from ?? difference.from, to: values.to ?? difference.to };
}

function memberOf(conf: ConfMap, block: string, key: string): ConfValue | undefined {
  const place = block === "" ? conf : at(conf, block);
  return isConfMap(place) ? place.get(key) : undefined;
}
