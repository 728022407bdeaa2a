import type { Command } from "commander";
import { NatsError } from "../errors";
import type { AssetWords } from "../model/assetWords";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { AssetPlan } from "../plan/assetImpact";
import { explainStream } from "../plan/streamExplain";
import type { StreamState } from "../plan/streamRulesLoss";
import { assetCommand, planText, readConfig } from "./explainAsset";
import type { ExplainAssetOptions } from "./explainAsset";
import { checkedVersion } from "./serverVersion";

/** What the nats CLI calls the two kinds of buckets, both of which are streams. */
export type BucketWord = "kv" | "object";

const shape = (word: BucketWord): string => `
OLD.json and NEW.json hold the configuration of the bucket's stream, ${streamsOf[word]}<bucket>, or what
\`nats stream info ${streamsOf[word]}<bucket> --json\` prints; OLD's state, where it is there, says how much is lost. Fields are called as in
a program: \`${word === "kv" ? "history" : "ttl"}\`.
JSON: {"serverVersion", "impact", "changes": [{"path", "from", "to", "impact", "losesMessages", "redelivers", "why"}]}
impact: none, update, one-way (in place, but it can't be undone), replace (a new bucket), refused (no server takes it)`;

const streamsOf = { kv: "KV_", object: "OBJ_" } as const;
const names = { kv: "key-value bucket", object: "object store" } as const;

/** `pulumi-nats explain kv OLD.json NEW.json [--server-version V] [--json]`, and `explain object`. */
export function explainBucketCommand(word: BucketWord): Command {
  const command = assetCommand(word, shape(word), (oldFile, newFile, options) =>
    explainBucketFiles(word, oldFile, newFile, options),
  );
  return command.description(
    `say what a change of ${word === "kv" ? "a key-value bucket" : "an object store"}'s configuration does`,
  );
}

/** What the command prints. */
export function explainBucketFiles(
  word: BucketWord,
  oldFile: string,
  newFile: string,
  options: ExplainAssetOptions,
): string {
  const serverVersion = checkedVersion(options.serverVersion);
  const { words, carry } = kindOf(word);
  const { streamFields } = require("../model/streamFields") as typeof import("../model/streamFields");
  const read = (file: string) => {
    const found = readConfig(file, { what: `${names[word]}'s stream`, fields: streamFields });
    const name = textOf(found.config["name"]);
    if (name.startsWith(streamsOf[word])) return found;
    if (name === "") {
      const fix = `\`nats stream info ${streamsOf[word]}<bucket> --json > ${file}\``;
      throw new NatsError(
        `${file}: it names no stream: the JSON of the bucket's stream is wanted, as the server writes it. Fix: ${fix}`,
      );
    }
    const fix = `pulumi-nats explain ${name.startsWith("KV_") ? "kv" : name.startsWith("OBJ_") ? "object" : "stream"}`;
    throw new NatsError(
      `${file}: stream "${name}" is no ${names[word]}: their names begin with ${streamsOf[word]}. Fix: ${fix}`,
    );
  };
  const [before, after] = [read(oldFile), read(newFile)];
  const state = before.info?.["state"];
  const { loss: _loss, ...plan } = explainStream(before.config, carry(before.config, after.config), {
    serverVersion,
    ...(isObject(state) ? { state: state as unknown as StreamState } : {}),
  });
  return planText(worded(plan, words), options);
}

function kindOf(word: BucketWord): {
  readonly words: AssetWords;
  readonly carry: (before: JsonObject, wanted: JsonObject) => JsonObject;
} {
  if (word === "object") {
    const { objectStoreWords } = require("../model/objectStore") as typeof import("../model/objectStore");
    return { words: objectStoreWords, carry: (_before, wanted) => wanted };
  }
  const { carryKeyValue, keyValueWords } = require("../model/keyValue") as typeof import("../model/keyValue");
  return { words: keyValueWords, carry: carryKeyValue };
}

/** In the words of a program. */
function worded(plan: AssetPlan, { argPath, argWords }: AssetWords): AssetPlan {
  return {
    ...plan,
    changes: plan.changes.map((change) => ({ ...change, path: argPath(change.path), why: argWords(change.why) })),
  };
}
