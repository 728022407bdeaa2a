import type { Handler } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import { checkConsumer } from "./consumerCheck";
import { createConsumerResource } from "./consumerCreate";
import { deleteConsumerResource } from "./consumerDelete";
import { diffConsumer } from "./consumerDiff";
import { readConsumer } from "./consumerRead";
import type { ConsumerResourceState } from "./consumerState";
import { updateConsumerResource } from "./consumerUpdate";

export const consumerHandler: Handler<ConsumerInputs, ConsumerResourceState> = {
  kind: "Consumer",
  schema: 1,
  marks: true,
  options: ["adopt", "onReplace", "onDataLoss"],
  check: checkConsumer,
  diff: diffConsumer,
  create: createConsumerResource,
  read: readConsumer,
  update: updateConsumerResource,
  delete: deleteConsumerResource,
};
