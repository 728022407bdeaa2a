import type { Handler } from "../host/handler";
import type { StreamOptions } from "../model/stream";
import type { StreamSettings } from "../model/streamSettings";
import type { AssetSetInputs, AssetSetOutputs } from "./assetSet";
import { assetSetHandler } from "./assetSetHandler";
import { streamsKind } from "./streamsKind";

export type StreamMember = Omit<StreamSettings, "name"> & StreamOptions;

export interface StreamsInputs extends AssetSetInputs, StreamOptions {
  readonly streams: Readonly<Record<string, StreamMember>>;
  readonly defaults?: Omit<StreamSettings, "name">;
}

export type StreamsState = StreamsInputs & AssetSetOutputs;

export const streamsHandler: Handler<StreamsInputs, StreamsState> = assetSetHandler("Streams", streamsKind);
