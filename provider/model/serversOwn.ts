import { isObject } from "./exactJson";
import type { JsonObject } from "./exactJson";

/** A consumer that servers since 2.14 make by themselves for a mirror or a source; they make it again where one is wanted. */
export function isServersOwn(name: string, config: JsonObject): boolean {
  if (config["sourcing"] !== true || !/^JS_(MIRROR|SRC)_/.test(name)) return false;
  const { metadata } = config;
  return isObject(metadata) && Object.keys(metadata).some((key) => /^_nats\.(mirror|src)\./.test(key));
}
