import type { JetStream } from "../apply/jetstream";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { liveSubjects } from "../apply/liveSubjects";
import { textOf } from "../model/exactJson";
import {
  carryKeyValue,
  expandKeyValue,
  flattenKeyValue,
  keyValueKind,
  keyValuePrefix,
  keyValueProblems,
  keyValueWords,
} from "../model/keyValue";
import type { KeyValueInputs } from "../model/keyValue";
import { deletionOf } from "../model/keyValueOperation";
import { assetStates } from "./assetState";
import type { AssetOutputs } from "./assetState";
import type { StreamKind } from "./streamKind";

export interface KeyValueState extends KeyValueInputs, AssetOutputs {}

export const keyValueBucket: StreamKind<KeyValueInputs> = {
  noun: "bucket",
  nameProperty: "bucket",
  idPrefix: "JETSTREAM_KV_",
  streamPrefix: keyValuePrefix,
  states: assetStates<KeyValueInputs>(keyValueKind),
  words: keyValueWords,
  told: ["placement", "num_replicas", "max_bytes", "sources"],
  expand: expandKeyValue,
  flatten: flattenKeyValue,
  problems: keyValueProblems,
  carry: carryKeyValue,
  keptToo: " with history and revisions",
  holds: keysIn,
};

/** "3 keys"; marks of deleted ones are none. */
async function keysIn(js: JetStream, { config, state }: StreamInfo): Promise<string | undefined> {
  if (state.messages === 0) return undefined;
  const { count, more } = await liveSubjects(
    js,
    textOf(config["name"]),
    ">",
    ({ headers }) => deletionOf(headers) === undefined,
  );
  if (count === 0) return undefined;
  return more ? `more than ${count} keys` : `${count} ${count === 1 ? "key" : "keys"}`;
}
