import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { NatsError } from "../errors";
import { typePrefix } from "../host/providerText";
import type { CallContext } from "../host/handler";
import { importFile, programSource } from "../render/program";
import { discoverAccount } from "./discoverAccount";
import type { Discovery } from "./discoverAccount";
import { nextSteps } from "./discoverSteps";

export interface DiscoverOptions {
  readonly out: string;
  readonly context?: string;
  readonly server?: string;
  readonly creds?: string;
  readonly force?: boolean;
}

const shape = `
Reads all streams, buckets and durable consumers of the account that the connection leads to: --context, or --server with --creds, else
NATS_URL, NATS_CREDS, NATS_CONTEXT and the other variables of the nats CLI, else its selected context. Nothing is changed there.
Writes index.ts (the program) and import.json into DIR, and Pulumi.yaml, package.json and tsconfig.json where DIR has none, and
prints the commands that take everything into a stack; the preview after them shows no change.`;

/** `pulumi-nats discover --out DIR [--context C | --server URL [--creds FILE]]`. */
export function discoverCommand(): Command {
  return new Command("discover")
    .description("write the program that declares what an account holds, and what imports it")
    .requiredOption("--out <dir>", "folder to write to")
    .option("--context <name>", "context of the nats CLI, by name or by the path of its file")
    .option("--server <url>", "where to connect")
    .option("--creds <file>", "creds file of the user")
    .option("--force", "write over a program that is there")
    .addHelpText("after", shape)
    .action(async (options: DiscoverOptions) => {
      process.stdout.write(await discover(options));
    });
}

/** What the command prints, once the files are written. */
export async function discover(options: DiscoverOptions): Promise<string> {
  const dir = path.resolve(options.out);
  refuseOverwriting(dir, options);
  const { jetStreamOf } = require("../resources/jetstreamOf") as typeof import("../resources/jetstreamOf");
  const { closeConnections } = require("../apply/connect") as typeof import("../apply/connect");
  try {
    const found = await discoverAccount(await jetStreamOf(contextOf(options)));
    write(dir, found);
    return nextSteps(dir, options, found);
  } finally {
    await closeConnections();
  }
}

function contextOf({ context, server, creds }: DiscoverOptions): CallContext {
  const config = new Map([["origin", "the command line"]]);
  if (context !== undefined) config.set("context", context);
  if (server !== undefined) config.set("servers", server);
  if (creds !== undefined) config.set("credsFile", creds);
  const silent = (): Promise<void> => Promise.resolve();
  return { config, urn: undefined, timeout: undefined, warn: silent, info: silent };
}

function refuseOverwriting(dir: string, { force }: DiscoverOptions): void {
  const there = ["index.ts", "import.json"].filter((file) => existsSync(path.join(dir, file)));
  if (there.length === 0 || force) return;
  throw new NatsError(`${dir} holds ${there.join(" and ")} already. Fix: another --out, or --force to write over them`);
}

function write(dir: string, { resources }: Discovery): void {
  mkdirSync(dir, { recursive: true });
  const project = projectName(dir);
  const version = (require("pulumi-nats/package.json") as { version: string }).version;
  const header =
    "Written by `pulumi-nats discover`: what the account held. It is yours now: group, rename and factor out as you like.";
  writeFileSync(path.join(dir, "index.ts"), programSource(header, resources));
  writeFileSync(path.join(dir, "import.json"), importFile(resources, typePrefix));
  const whereMissing: Record<string, string> = {
    "Pulumi.yaml": `name: ${project}\nruntime: nodejs\ndescription: Streams and consumers of a NATS account\n`,
    "package.json": json({
      name: project,
      private: true,
      dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-nats": `^${version}` },
      devDependencies: { typescript: "~6.0.0", "ts-node": "^10.9.2" },
    }),
    "tsconfig.json": json({
      compilerOptions: { module: "nodenext", target: "es2022", strict: true, types: ["node"] },
      files: ["index.ts"],
    }),
  };
  const present = new Set(readdirSync(dir));
  for (const [file, text] of Object.entries(whereMissing)) {
    if (!present.has(file)) writeFileSync(path.join(dir, file), text);
  }
}

function projectName(dir: string): string {
  return path.basename(dir).replace(/[^A-Za-z0-9._-]+/g, "-") || "nats";
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
