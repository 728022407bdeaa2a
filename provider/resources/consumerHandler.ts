import type { Handler } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import { checkConsumer } from "./consumerCheck";
import { createConsumerResource } from "./consumerCreate";
import { deleteConsumerResource } from "./consumerDelete";
import { diffConsumer } from "./consumerDiff";
import { readConsumer } from "./consumerRead";
import { consumerId } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { updateConsumerResource } from "./consumerUpdate";
import { declaredAs } from "./declaredAs";

export const consumerHandler: Handler<ConsumerInputs, ConsumerResourceState> = {
  kind: "Consumer",
  schema: 1,
  marks: true,
  options: ["adopt", "onReplace", "onDataLoss"],
  objects: (inputs) => declaredAs("consumer", [inputs.stream, inputs.name], `consumer "${consumerId(inputs)}"`, "name"),
  check: checkConsumer,
  diff: diffConsumer,
  create: createConsumerResource,
  read: readConsumer,
  update: updateConsumerResource,
  delete: deleteConsumerResource,
};
