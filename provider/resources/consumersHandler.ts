import type { Handler } from "../host/handler";
import type { ConsumerOptions } from "../model/consumer";
import type { ConsumerSettings } from "../model/consumerSettings";
import type { AssetSetInputs, AssetSetOutputs } from "./assetSet";
import { assetSetHandler } from "./assetSetHandler";
import { consumersKind } from "./consumersKind";

export type ConsumerMember = Omit<ConsumerSettings, "name"> & Omit<ConsumerOptions, "stream">;

export interface ConsumersInputs extends AssetSetInputs, Omit<ConsumerOptions, "stream"> {
  readonly consumers: Readonly<Record<string, Readonly<Record<string, ConsumerMember>>>>;
  readonly defaults?: Omit<ConsumerSettings, "name">;
}

export type ConsumersState = ConsumersInputs & AssetSetOutputs;

export const consumersHandler: Handler<ConsumersInputs, ConsumersState> = assetSetHandler("Consumers", consumersKind);
