import { Command } from "commander";

/** `pulumi-nats config …`: nats.conf files, checked, digested, converted. */
export function configCommand(): Command {
  const { configCheckCommand } = require("./configCheck") as typeof import("./configCheck");
  const { configDigestCommand } = require("./configDigest") as typeof import("./configDigest");
  const { configConvertCommand } = require("./configConvert") as typeof import("./configConvert");
  return new Command("config")
    .description("check, digest or convert a nats.conf")
    .addCommand(configCheckCommand())
    .addCommand(configDigestCommand())
    .addCommand(configConvertCommand());
}
