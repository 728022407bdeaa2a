import { consumerOptionNames, expandConsumer, flattenConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { consumerFields } from "../model/consumerFields";
import { settledConsumer } from "../model/consumerSettled";
import { assetStates } from "./assetState";
import type { AssetOutputs } from "./assetState";

export interface ConsumerResourceState extends ConsumerInputs, AssetOutputs {}

export const consumerStates = assetStates<ConsumerInputs>({
  fields: consumerFields,
  options: consumerOptionNames,
  unordered: "filter_subjects",
  expand: (inputs) => expandConsumer(inputs),
  settle: settledConsumer,
  flatten: flattenConsumer,
});

/** "ORDERS/invoices". */
export function consumerId({ stream, name }: ConsumerInputs): string {
  return `${stream}/${name}`;
}
