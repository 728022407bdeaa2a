import { expandStream, flattenStream, streamOptionNames } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { streamFields } from "../model/streamFields";
import { settledStream } from "../model/streamSettled";
import { assetStates } from "./assetState";
import type { AssetOutputs } from "./assetState";

export interface StreamState extends StreamInputs, AssetOutputs {}

export const streamStates = assetStates<StreamInputs>({
  fields: streamFields,
  options: streamOptionNames,
  unordered: "subjects",
  expand: (inputs) => expandStream(inputs),
  settle: settledStream,
  flatten: flattenStream,
});

export const {
  wantedConfig,
  inputsOf,
  stateOf,
  keepServerSet,
  writtenSettings,
  changedSettings,
  knownSettings,
  unknownSettings,
} = streamStates;
