import { Command } from "commander";

/** `pulumi-nats explain …`: what a change would cost, without Pulumi. */
export function explainCommand(): Command {
  const { explainBucketCommand } = require("./explainBucket") as typeof import("./explainBucket");
  const { explainConfigCommand } = require("./explainConfig") as typeof import("./explainConfig");
  const { explainConsumerCommand } = require("./explainConsumer") as typeof import("./explainConsumer");
  const { explainStreamCommand } = require("./explainStream") as typeof import("./explainStream");
  return new Command("explain")
    .description("say what a change would cost, without Pulumi")
    .addCommand(explainConfigCommand())
    .addCommand(explainConsumerCommand())
    .addCommand(explainStreamCommand())
    .addCommand(explainBucketCommand("kv"))
    .addCommand(explainBucketCommand("object"));
}
