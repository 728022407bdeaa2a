import { hasUnknown } from "../host/handler";
import { sameJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import type { Field } from "../model/jsonFields";
import { expandStream, flattenStream, streamOptionNames } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { streamFields } from "../model/streamFields";
import { ownerKey } from "../model/assetSettled";
import { settledStream } from "../model/streamSettled";
import type { StreamInfo } from "../apply/jetstreamStreams";

export interface StreamState extends StreamInputs {
  /** When the stream was made, RFC 3339. */
  readonly created: string;
  /** What the server has set otherwise than its usual defaults, in its own words: drift is what differs from this. */
  readonly serverSet?: JsonObject;
}

const fields: readonly (readonly [string, Field])[] = Object.entries(streamFields);

/** What is to be sent: the program's wishes, with the mark of who wrote it. */
export function wantedConfig(inputs: StreamInputs, urn: string | undefined): JsonObject {
  const config = expandStream(inputs);
  if (urn === undefined) return config;
  return { ...config, metadata: { ...(config["metadata"] as JsonObject | undefined), [ownerKey]: urn } };
}

export function ownerOf(config: JsonObject): string | undefined {
  const owner = (config["metadata"] as JsonObject | undefined)?.[ownerKey];
  return typeof owner === "string" ? owner : undefined;
}

export function inputsOf(state: StreamState): StreamInputs {
  const { created: _created, serverSet: _serverSet, ...inputs } = state;
  return inputs;
}

/** The state after the server has done what `inputs` say. */
export function stateOf(inputs: StreamInputs, info: StreamInfo, version: string): StreamState {
  const [wanted, live] = [settledStream(expandStream(inputs), version), settledStream(info.config, version)];
  const serverSet = Object.fromEntries(
    fields
      .filter(([, { json }]) => !sameField(json, wanted[json], live[json]))
      .map(([, { json }]) => [json, live[json] ?? null]),
  );
  return { ...inputs, created: info.created, ...(Object.keys(serverSet).length === 0 ? {} : { serverSet }) };
}

/** Paths of a program that differ from what is on the server. */
export function driftOf(state: StreamState, info: StreamInfo, version: string): string[] {
  const expected = expectedOf(state, version);
  const live = settledStream(info.config, version);
  return fields.filter(([, { json }]) => !sameField(json, expected[json], live[json])).map(([name]) => name);
}

/** What a program would say to get what is there now: as it was written where nothing has changed. */
export function liveInputs(state: StreamState, info: StreamInfo, version: string): StreamInputs {
  const live = flattenStream(info.config, version) as unknown as Record<string, unknown>;
  const inputs: Record<string, unknown> = { ...inputsOf(state) };
  for (const name of driftOf(state, info, version)) {
    if (live[name] === undefined) delete inputs[name];
    else inputs[name] = live[name];
  }
  return inputs as unknown as StreamInputs;
}

/** What is sent later stands for what the server chose, where the program says nothing new about it. */
export function keepServerSet(wanted: JsonObject, olds: StreamState, news: StreamInputs, version: string): JsonObject {
  const { serverSet = {} } = olds;
  const [before, after] = [inputsOf(olds), news].map((inputs) => settledStream(expandStream(inputs), version)) as [
    JsonObject,
    JsonObject,
  ];
  const kept = Object.entries(serverSet).filter(([json]) => sameField(json, before[json], after[json]));
  return { ...wanted, ...Object.fromEntries(kept) };
}

/** Names of the settings that are written otherwise, which makes a difference to the server. */
export function writtenSettings(olds: StreamInputs, news: StreamInputs, version: string): string[] {
  const unknown = unknownSettings(news);
  const [before, after] = [expandStream(olds), expandStream(knownSettings(news))];
  const written = new Set(
    fields.filter(([, { json }]) => !sameField(json, before[json], after[json])).map(([name]) => name),
  );
  return changedSettings(olds, news, version).filter((name) => unknown.includes(name) || written.has(name));
}

/** Names of the settings that change for the server, what it sets by itself included. */
export function changedSettings(olds: StreamInputs, news: StreamInputs, version: string): string[] {
  const unknown = unknownSettings(news);
  const [before, after] = [olds, knownSettings(news)].map((inputs) => settledStream(expandStream(inputs), version)) as [
    JsonObject,
    JsonObject,
  ];
  return fields
    .filter(([name, { json }]) => unknown.includes(name) || !sameField(json, before[json], after[json]))
    .map(([name]) => name);
}

export function knownSettings(inputs: StreamInputs): StreamInputs {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== undefined && !hasUnknown(value)),
  ) as unknown as StreamInputs;
}

export function unknownSettings(inputs: object): string[] {
  return Object.entries(inputs)
    .filter(([key, value]) => hasUnknown(value) && !(streamOptionNames as readonly string[]).includes(key))
    .map(([key]) => key);
}

function expectedOf(state: StreamState, version: string): JsonObject {
  return { ...settledStream(expandStream(inputsOf(state)), version), ...state.serverSet };
}

/** The order of subjects means nothing; null and nothing are the same. */
function sameField(json: string, left: Json | undefined, right: Json | undefined): boolean {
  if (json === "subjects" && Array.isArray(left) && Array.isArray(right)) {
    return sameJson([...(left as string[])].sort(), [...(right as string[])].sort());
  }
  return sameJson(left ?? undefined, right ?? undefined);
}
