import { createHash } from "node:crypto";
import { isConfList, isConfMap } from "../../conf/value";
import type { ConfValue } from "../../conf/value";
import { joinPath } from "../../conf/path";
import { factFor } from "../../model/facts";
import { publicConf } from "./publicConf";

/**
 * Hash of the keys that no reload brings into effect, for the pod template: any other change leaves the template, and so
 * the pods, as they are. Secrets have no part in it.
 */
export function restartKeys(config: string, nodeConf: string): string {
  const kept = restartSettings(config, nodeConf).map(([path, value]) => `${path}=${value}`);
  return createHash("sha256").update(kept.sort().join("\n")).digest("hex").slice(0, 16);
}

/** Path and value of every such key. */
export function restartSettings(config: string, nodeConf: string): [path: string, value: string][] {
  const found: [string, string][] = [];
  const visit = (value: ConfValue, path: string): void => {
    if (isConfMap(value)) for (const [key, member] of value) visit(member, joinPath(path, key));
    else if (isConfList(value)) value.forEach((member, index) => visit(member, joinPath(path, index)));
    else {
      const fact = factFor(path);
      if (fact?.reload === "restart" && fact.secret !== true) found.push([path, `${value as string}`]);
    }
  };
  visit(publicConf(config, nodeConf), "");
  return found;
}
