import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { NatsError } from "../errors";
import { typePrefix } from "../host/providerText";
import type { CallContext } from "../host/handler";
import { importFile, programSource } from "../render/program";
import type { ProgramResource } from "../render/program";
import { discoverAccount } from "./discoverAccount";
import { accountWays } from "./discoverAccounts";
import type { AccountWay } from "./discoverAccounts";
import { checkAccount } from "./discoverCheck";
import { programOf } from "./discoverProgram";
import { nextSteps } from "./discoverSteps";

export interface DiscoverOptions {
  readonly out: string;
  readonly context?: string;
  readonly server?: string;
  readonly creds?: string;
  /** `NAME`, or `NAME=` with a creds file or a context. */
  readonly account?: readonly string[];
  readonly force?: boolean;
}

/** What was read, account by account. */
export interface Found {
  readonly way: AccountWay;
  readonly resources: readonly ProgramResource[];
  /** What is there and was left out, and what could not be told, in words. */
  readonly notes: readonly string[];
}

const shape = `
Reads all streams, buckets and durable consumers of the account that the connection leads to: --context, or --server with --creds, else
NATS_URL, NATS_CREDS, NATS_CONTEXT and the other variables of the nats CLI, else its selected context. Nothing is changed there.
Writes index.ts (the program) and import.json into DIR, and Pulumi.yaml, package.json and tsconfig.json where DIR has none, and
prints the commands that take everything into a stack; the preview after them shows no change.

--account ORDERS stops where the connection is of another account. With the credentials of each, one program takes in several accounts,
with a nats.Provider for each, and the import option in place of import.json:
  pulumi-nats discover --server nats://a:4222 --account ORDERS=orders.creds --account BILLING=billing.creds --out prod
A context in place of a creds file is a connection of its own, to which --server, --context and --creds don't apply. An account's name is
that of nats.conf, or of its JWT, or its public key.`;

/** `pulumi-nats discover --out DIR [--context C | --server URL [--creds FILE]] [--account NAME[=CREDS|CONTEXT] …]`. */
export function discoverCommand(): Command {
  return new Command("discover")
    .description("write the program that declares what an account holds, and what imports it")
    .requiredOption("--out <dir>", "folder to write to")
    .option("--context <name>", "context of the nats CLI, by name or by the path of its file")
    .option("--server <url>", "where to connect")
    .option("--creds <file>", "creds file of the user")
    .option(
      "--account <name[=creds|context]>",
      "account that it must be; with a creds file or a context of its own, one of several",
      (value: string, before: string[] = []) => [...before, value],
    )
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
  const ways = accountWays(options);
  const { jetStreamOf } = require("../resources/jetstreamOf") as typeof import("../resources/jetstreamOf");
  const { closeConnections } = require("../apply/connect") as typeof import("../apply/connect");
  try {
    const found: Found[] = [];
    for (const way of ways) {
      const js = await jetStreamOf(contextOf(way));
      const unsure = await checkAccount(way, js);
      const { resources, notes } = await discoverAccount(js);
      found.push({ way, resources, notes: [...unsure, ...notes.map((note) => `left out: ${note}`)] });
    }
    write(dir, found);
    return nextSteps(dir, options, found);
  } finally {
    await closeConnections();
  }
}

function contextOf({ name, context, server, creds }: AccountWay): CallContext {
  const config = new Map([["origin", name === undefined ? "the command line" : `the command line, account "${name}"`]]);
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

const header =
  "Written by `pulumi-nats discover`: what the account held. It is yours now: group, rename and factor out as you like.";
const headerOfSeveral = `Written by \`pulumi-nats discover\`: what the accounts held. It is yours now: group, rename and factor out as you like.
The \`import\` options have done their work with the first \`pulumi up\`.`;

function write(dir: string, found: readonly Found[]): void {
  try {
    writeAll(dir, found);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new NatsError(`${dir} can't be written: ${message}`, {
      cause: error,
      fix: "--out with a folder of your own",
    });
  }
}

function writeAll(dir: string, found: readonly Found[]): void {
  mkdirSync(dir, { recursive: true });
  const project = projectName(dir);
  const version = (require("pulumi-nats/package.json") as { version: string }).version;
  const [program, imports] = [path.join(dir, "index.ts"), path.join(dir, "import.json")];
  if (found.length === 1) {
    writeFileSync(program, programSource(header, found[0]!.resources));
    writeFileSync(imports, importFile(found[0]!.resources, typePrefix));
  } else {
    writeFileSync(program, programSource(headerOfSeveral, programOf(found)));
    rmSync(imports, { force: true });
  }
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
