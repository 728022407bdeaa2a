import { settingsOf } from "../../conf/parsed";
import { parseConf } from "../../conf/parser";
import type { ConfMap } from "../../conf/value";
import { factFor } from "../../model/facts";
import { nodeFile, secretsFile } from "../../model/nodeFiles";

/** What nats.conf says to everybody: secrets stand as a placeholder. */
export function publicConf(config: string, nodeConf: string): ConfMap {
  const files: Readonly<Record<string, string>> = {
    [nodeFile]: nodeConf,
    [secretsFile]: placeholders(config, nodeConf),
  };
  const parsed = parseConf(config, { readFile: (name) => files[name] ?? "" });
  return settingsOf(parsed, (path) => factFor(path) !== undefined);
}

/** Every variable that is not the node's own stands for a secret. */
function placeholders(config: string, nodeConf: string): string {
  const own = new Set(parseConf(nodeConf).root.keys());
  const used = new Set([...config.matchAll(/\$([A-Za-z0-9_]+)/g)].map(([, name]) => name!));
  return [...used]
    .filter((name) => !own.has(name))
    .map((name) => `${name}: "secret"\n`)
    .join("");
}
