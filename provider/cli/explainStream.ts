import type { Command } from "commander";
import { isObject } from "../model/exactJson";
import { explainStream } from "../plan/streamExplain";
import type { StreamState } from "../plan/streamRulesLoss";
import { assetCommand, planText, readConfig } from "./explainAsset";
import type { ExplainAssetOptions } from "./explainAsset";
import { checkedVersion } from "./serverVersion";

const shape = `
OLD.json and NEW.json hold the server's JSON of a stream's configuration, or what \`nats stream info --json\` prints; OLD's state,
where it is there, says how many messages are lost.
JSON: {"serverVersion", "impact", "changes": [{"path", "from", "to", "impact", "losesMessages", "redelivers", "why"}]}
impact: none, update, one-way (in place, but it can't be undone), replace (a new stream), refused (no server takes it)`;

/** `pulumi-nats explain stream OLD.json NEW.json [--server-version V] [--json]`. */
export function explainStreamCommand(): Command {
  return assetCommand("stream", shape, explainStreamFiles);
}

/** What the command prints. */
export function explainStreamFiles(oldFile: string, newFile: string, options: ExplainAssetOptions): string {
  const serverVersion = checkedVersion(options.serverVersion);
  const { streamFields } = require("../model/streamFields") as typeof import("../model/streamFields");
  const kind = { what: "stream", fields: streamFields };
  const [before, after] = [readConfig(oldFile, kind), readConfig(newFile, kind)];
  const state = before.info?.["state"];
  const { loss: _loss, ...plan } = explainStream(before.config, after.config, {
    serverVersion,
    ...(isObject(state) ? { state: state as unknown as StreamState } : {}),
  });
  return planText(plan, options);
}
