import type { Command } from "commander";
import { isObject } from "../model/exactJson";
import { explainConsumer } from "../plan/consumerExplain";
import type { ConsumerState } from "../plan/consumerRedelivery";
import { assetCommand, planText, readConfig } from "./explainAsset";
import type { ExplainAssetOptions } from "./explainAsset";
import { checkedVersion } from "./serverVersion";

const shape = `
OLD.json and NEW.json hold the server's JSON of a consumer's configuration, or what \`nats consumer info --json\` prints; how far
OLD is, where it is there, says what is redelivered.
JSON: {"serverVersion", "impact", "changes": [{"path", "from", "to", "impact", "losesMessages", "redelivers", "why"}]}
impact: none, update, replace (a new consumer, which resumes at the acknowledged floor), refused (no server takes it)`;

/** `pulumi-nats explain consumer OLD.json NEW.json [--server-version V] [--json]`. */
export function explainConsumerCommand(): Command {
  return assetCommand("consumer", shape, explainConsumerFiles);
}

/** What the command prints. */
export function explainConsumerFiles(oldFile: string, newFile: string, options: ExplainAssetOptions): string {
  const serverVersion = checkedVersion(options.serverVersion);
  const { consumerFields } = require("../model/consumerFields") as typeof import("../model/consumerFields");
  const kind = { what: "consumer", fields: consumerFields };
  const [before, after] = [readConfig(oldFile, kind), readConfig(newFile, kind)];
  const { info } = before;
  const isState = info !== undefined && isObject(info["ack_floor"]) && isObject(info["delivered"]);
  const { start: _start, ...plan } = explainConsumer(before.config, after.config, {
    serverVersion,
    ...(isState ? { state: info as unknown as ConsumerState } : {}),
  });
  return planText(plan, options);
}
