#!/usr/bin/env node
import { Command } from "commander";
import { NatsError } from "../errors";

/** Subcommands by name, loaded when they are called. */
const commands: readonly { name: string; summary: string; load: () => Command }[] = [
  {
    name: "config",
    summary: "check, digest or convert a nats.conf",
    load: () => (require("./configCommand") as typeof import("./configCommand")).configCommand(),
  },
  {
    name: "explain",
    summary: "say what a change would cost, without Pulumi",
    load: () => (require("./explainCommand") as typeof import("./explainCommand")).explainCommand(),
  },
  {
    name: "discover",
    summary: "write the program that declares what an account holds, and what imports it",
    load: () => (require("./discover") as typeof import("./discover")).discoverCommand(),
  },
  {
    name: "doctor",
    summary: "say what is there, what is missing, and what to do about it",
    load: () => (require("./doctor") as typeof import("./doctor")).doctorCommand(),
  },
];

function program(called: string | undefined): Command {
  const main = new Command("pulumi-nats")
    .description("Infrastructure as code for NATS: tools beside the Pulumi library.")
    .version((require("pulumi-nats/package.json") as { version: string }).version)
    .showHelpAfterError();
  for (const { name, summary, load } of commands) {
    main.addCommand(called === name ? load() : new Command(name).description(summary));
  }
  return main;
}

async function run(): Promise<void> {
  const called = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const wanted = called === "help" ? process.argv[process.argv.indexOf("help") + 1] : called;
  await program(wanted).parseAsync();
}

// A reader that stops early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`pulumi-nats: the output can't be written: ${error.message}\n`);
  process.exit(1);
});

run().catch((error: unknown) => {
  process.stderr.write(`pulumi-nats: ${errorText(error)}\n`);
  process.exitCode = 1;
});

/** What a user can mend is said in a sentence; anything else is ours to mend, and its stack says where. */
function errorText(error: unknown): string {
  if (error instanceof NatsError) return error.message;
  const details = error instanceof Error ? error.stack : String(error);
  return `${details}\nThis is a defect of pulumi-nats. Fix: report it with these lines and the output of \`pulumi-nats doctor --json\``;
}
