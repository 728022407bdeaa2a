import { hasUnknown } from "../host/handler";
import { ownerKey } from "../model/assetSettled";
import { sameJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import type { Field, Fields } from "../model/jsonFields";

/** What tells one kind of JetStream object from another where program, state and server are compared. */
export interface AssetKind {
  readonly fields: Fields;
  /** Properties that are no part of the server's configuration. */
  readonly options: readonly string[];
  /** Names of fields that no property says: what is in them is compared all the same. */
  readonly hidden?: readonly string[];
  /** The server's name of the list whose order means nothing. */
  readonly unordered: string;
  expand(inputs: object): JsonObject;
  settle(config: JsonObject, version: string): JsonObject;
  /** The settings of a live object as a program would write them. */
  flatten(config: JsonObject, version: string): object;
}

/** What a state holds beside the inputs. */
export interface AssetOutputs {
  /** When the object was made, RFC 3339. */
  readonly created: string;
  /** What the server has set otherwise than its usual defaults, in its own words: drift is what differs from this. */
  readonly serverSet?: JsonObject;
  /** What somebody has changed that no property says, by name; the next update puts it back. */
  readonly unexpected?: JsonObject;
}

export interface AssetInfo {
  readonly config: JsonObject;
  readonly created: string;
}

/** Comparisons of what a program says, what a state remembers and what a server has. */
export interface AssetStates<Inputs extends object> {
  /** What is to be sent: the program's wishes, with the mark of who wrote it. */
  readonly wantedConfig: (inputs: Inputs, urn: string | undefined) => JsonObject;
  readonly inputsOf: (state: Inputs & AssetOutputs) => Inputs;
  /** The state after the server has done what `inputs` say. */
  readonly stateOf: (inputs: Inputs, info: AssetInfo, version: string) => Inputs & AssetOutputs;
  /** Paths of a program that differ from what is on the server. */
  readonly driftOf: (state: Inputs & AssetOutputs, info: AssetInfo, version: string) => string[];
  /** What a program would say to get what is there now: as it was written where nothing has changed. */
  readonly liveInputs: (state: Inputs & AssetOutputs, info: AssetInfo, version: string) => Inputs;
  /** The state that a refresh finds where something has changed: `inputs` as they are now. */
  readonly driftedState: (
    state: Inputs & AssetOutputs,
    inputs: Inputs,
    info: AssetInfo,
    version: string,
  ) => Inputs & AssetOutputs;
  /** Names of the settings that no property says are left out. */
  readonly said: (names: readonly string[]) => string[];
  /** What is sent later stands for what the server chose, where the program says nothing new about it. */
  readonly keepServerSet: (
    wanted: JsonObject,
    olds: Inputs & AssetOutputs,
    news: Inputs,
    version: string,
  ) => JsonObject;
  /** Names of the settings that are written otherwise, which makes a difference to the server. */
  readonly writtenSettings: (olds: Inputs, news: Inputs, version: string) => string[];
  /** Names of the settings that change for the server, what it sets by itself included. */
  readonly changedSettings: (olds: Inputs, news: Inputs, version: string) => string[];
  readonly knownSettings: (inputs: Inputs) => Inputs;
  readonly unknownSettings: (inputs: object) => string[];
}

export function assetStates<Inputs extends object>(kind: AssetKind): AssetStates<Inputs> {
  const fields: readonly (readonly [string, Field])[] = Object.entries(kind.fields);
  const settled = (inputs: Inputs, version: string) => kind.settle(kind.expand(inputs), version);
  const same = (json: string, left: Json | undefined, right: Json | undefined): boolean =>
    sameField(json === kind.unordered, left, right);
  const inputsOf = (state: Inputs & AssetOutputs): Inputs => {
    const { created: _created, serverSet: _serverSet, unexpected: _unexpected, ...inputs } = state;
    return inputs as unknown as Inputs;
  };
  const knownSettings = (inputs: Inputs): Inputs =>
    Object.fromEntries(
      Object.entries(inputs).filter(([, value]) => value !== undefined && !hasUnknown(value)),
    ) as unknown as Inputs;
  const unknownSettings = (inputs: object): string[] =>
    Object.entries(inputs)
      .filter(([key, value]) => hasUnknown(value) && !kind.options.includes(key))
      .map(([key]) => key);
  const driftOf = (state: Inputs & AssetOutputs, info: AssetInfo, version: string): string[] => {
    const expected: JsonObject = { ...settled(inputsOf(state), version), ...state.serverSet };
    const live = kind.settle(info.config, version);
    return fields.filter(([, { json }]) => !same(json, expected[json], live[json])).map(([name]) => name);
  };
  const changedSettings = (olds: Inputs, news: Inputs, version: string): string[] => {
    const unknown = unknownSettings(news);
    const [before, after] = [settled(olds, version), settled(knownSettings(news), version)];
    return fields
      .filter(([name, { json }]) => unknown.includes(name) || !same(json, before[json], after[json]))
      .map(([name]) => name);
  };
  const hidden = new Set(kind.hidden ?? []);
  const stateOf = (inputs: Inputs, info: AssetInfo, version: string): Inputs & AssetOutputs => {
    const [wanted, live] = [settled(inputs, version), kind.settle(info.config, version)];
    const serverSet = Object.fromEntries(
      fields
        .filter(([, { json }]) => !same(json, wanted[json], live[json]))
        .map(([, { json }]) => [json, live[json] ?? null]),
    );
    return { ...inputs, created: info.created, ...(Object.keys(serverSet).length === 0 ? {} : { serverSet }) };
  };
  return {
    inputsOf,
    stateOf,
    said: (names) => names.filter((name) => !hidden.has(name)),
    driftedState: (state, inputs, info, version) => {
      const { serverSet = {}, ...fresh } = stateOf(inputs, info, version);
      const live = kind.settle(info.config, version);
      const unexpected: Record<string, Json> = {};
      const expected: Record<string, Json | undefined> = { ...serverSet };
      for (const name of driftOf(state, info, version).filter((each) => hidden.has(each))) {
        const { json } = kind.fields[name]!;
        unexpected[name] = live[json] ?? null;
        const before = state.serverSet?.[json];
        if (before === undefined) delete expected[json];
        else expected[json] = before;
      }
      return {
        ...(fresh as unknown as Inputs & AssetOutputs),
        ...(Object.keys(expected).length === 0 ? {} : { serverSet: expected }),
        ...(Object.keys(unexpected).length === 0 ? {} : { unexpected }),
      };
    },
    knownSettings,
    unknownSettings,
    driftOf,
    changedSettings,
    wantedConfig: (inputs, urn) => {
      const config = kind.expand(inputs);
      if (urn === undefined) return config;
      return { ...config, metadata: { ...(config["metadata"] as JsonObject | undefined), [ownerKey]: urn } };
    },
    liveInputs: (state, info, version) => {
      const live = kind.flatten(info.config, version) as Record<string, unknown>;
      const inputs = { ...inputsOf(state) } as Record<string, unknown>;
      for (const name of driftOf(state, info, version)) {
        if (live[name] === undefined) delete inputs[name];
        else inputs[name] = live[name];
      }
      return inputs as unknown as Inputs;
    },
    keepServerSet: (wanted, olds, news, version) => {
      const { serverSet = {} } = olds;
      const [before, after] = [settled(inputsOf(olds), version), settled(news, version)];
      const kept = Object.entries(serverSet).filter(([json]) => same(json, before[json], after[json]));
      return { ...wanted, ...Object.fromEntries(kept) };
    },
    writtenSettings: (olds, news, version) => {
      const unknown = unknownSettings(news);
      const [before, after] = [kind.expand(olds), kind.expand(knownSettings(news))];
      const written = new Set(
        fields.filter(([, { json }]) => !same(json, before[json], after[json])).map(([name]) => name),
      );
      return changedSettings(olds, news, version).filter((name) => unknown.includes(name) || written.has(name));
    },
  };
}

export function ownerOf(config: JsonObject): string | undefined {
  const owner = (config["metadata"] as JsonObject | undefined)?.[ownerKey];
  return typeof owner === "string" ? owner : undefined;
}

/** Null and nothing are the same. */
function sameField(unordered: boolean, left: Json | undefined, right: Json | undefined): boolean {
  if (unordered && Array.isArray(left) && Array.isArray(right)) {
    return sameJson([...(left as string[])].sort(), [...(right as string[])].sort());
  }
  return sameJson(left ?? undefined, right ?? undefined);
}
