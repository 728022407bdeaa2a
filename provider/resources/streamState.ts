import { argPath, argWords, expandStream, flattenStream, streamOptionNames, streamProblems } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { streamFields } from "../model/streamFields";
import { settledStream } from "../model/streamSettled";
import { assetStates } from "./assetState";
import type { AssetOutputs } from "./assetState";
import type { StreamKind } from "./streamKind";

export interface StreamState extends StreamInputs, AssetOutputs {}

export const streamStates = assetStates<StreamInputs>({
  fields: streamFields,
  options: streamOptionNames,
  unordered: "subjects",
  expand: (inputs) => expandStream(inputs),
  settle: settledStream,
  flatten: flattenStream,
});

export const plainStream: StreamKind<StreamInputs> = {
  noun: "stream",
  nameProperty: "name",
  idPrefix: "JETSTREAM_STREAM_",
  streamPrefix: "",
  states: streamStates,
  words: { argPath, argWords },
  told: ["placement", "num_replicas", "sources"],
  expand: expandStream,
  flatten: flattenStream,
  problems: streamProblems,
  carry: (_before, wanted) => wanted,
  keptToo: "",
  holds: async (_js, { state }) =>
    state.messages === 0 ? undefined : `${state.messages} ${state.messages === 1 ? "message" : "messages"}`,
};
