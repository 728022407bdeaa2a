import type { JetStream } from "../apply/jetstream";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { liveSubjects } from "../apply/liveSubjects";
import { objectStorePrefix } from "../model/bucketName";
import { textOf } from "../model/exactJson";
import {
  expandObjectStore,
  flattenObjectStore,
  objectStoreKind,
  objectStoreProblems,
  objectStoreWords,
} from "../model/objectStore";
import type { ObjectStoreInputs } from "../model/objectStore";
import { metaOf } from "../model/objectMeta";
import { assetStates } from "./assetState";
import type { AssetOutputs } from "./assetState";
import type { StreamKind } from "./streamKind";

export interface ObjectStoreState extends ObjectStoreInputs, AssetOutputs {}

export const objectStoreBucket: StreamKind<ObjectStoreInputs> = {
  noun: "object store",
  nameProperty: "bucket",
  idPrefix: "JETSTREAM_OBJ_",
  streamPrefix: objectStorePrefix,
  states: assetStates<ObjectStoreInputs>(objectStoreKind),
  words: objectStoreWords,
  told: ["placement", "num_replicas", "max_bytes"],
  expand: expandObjectStore,
  flatten: flattenObjectStore,
  problems: objectStoreProblems,
  carry: (_before, wanted) => wanted,
  keptToo: "",
  holds: objectsIn,
};

/** "3 objects". */
async function objectsIn(js: JetStream, { config, state }: StreamInfo): Promise<string | undefined> {
  if (state.messages === 0) return undefined;
  const name = textOf(config["name"]);
  const metas = `$O.${name.slice(objectStorePrefix.length)}.M.>`;
  const { count, more } = await liveSubjects(js, name, metas, ({ data }) => metaOf(data)?.deleted !== true);
  if (count === 0) return undefined;
  return more ? `more than ${count} objects` : `${count} ${count === 1 ? "object" : "objects"}`;
}
