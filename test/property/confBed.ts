import type { ParseOptions } from "../../provider/conf/parser";
import { toByteString } from "../../provider/conf/bytes";
import { configDigest } from "../../provider/conf/digest";
import { parseConf } from "../../provider/conf/parser";
import { ConfSyntaxError } from "../../provider/conf/confSyntaxError";
import { checkAllWithServer } from "../bed/natsServerCheck";
import type { ServerCheck } from "../bed/natsServerCheck";
import { environment, includedFiles } from "./confTexts";

/** The same in every run, so that one that has passed passes again; CONF_SEED tries another. */
export function seedOfRun(): number {
  return Number(process.env["CONF_SEED"] ?? 15);
}

export interface Comparison {
  readonly text: string;
  readonly server: ServerCheck;
  readonly ours: string;
  readonly agree: boolean;
  /** The server took it and named a digest. */
  readonly digested: boolean;
}

/** Reads texts with a server and with ours. */
export async function compareReadings(texts: readonly string[], version: string): Promise<Comparison[]> {
  const checked = texts.map((text) => withKeysInUse(text, version));
  const checks = await checkAllWithServer(
    checked.map((text) => ({
      text: Buffer.from(toByteString(text), "latin1"),
      files: includedFiles,
      env: environment,
      version,
    })),
  );
  return checked.map((text, index) => compare(text, checks[index]!, version));
}

function compare(text: string, server: ServerCheck, version: string): Comparison {
  const reading = read(text, version);
  const ours = reading instanceof ConfSyntaxError ? reading.message : reading.digest;
  const agree = server.isSyntaxError
    ? reading instanceof ConfSyntaxError
    : !(reading instanceof ConfSyntaxError) && (server.digest ?? ours) === ours;
  return { text, server, ours, agree, digested: server.digest !== undefined };
}

function read(text: string, version: string): { digest: string; keys: string[] } | ConfSyntaxError {
  const options: ParseOptions = {
    file: "nats.conf",
    readFile: (name) => {
      const file = Object.hasOwn(includedFiles, name) ? includedFiles[name] : undefined;
      if (file === undefined) throw new Error("no such file");
      return file;
    },
    env: { ...environment, GOMAXPROCS: "1", GOGC: "off" },
    serverVersion: version,
  };
  try {
    const parsed = parseConf(text, options);
    return { digest: configDigest(parsed), keys: [...parsed.root.keys()] };
  } catch (error) {
    if (error instanceof ConfSyntaxError) return error;
    throw error;
  }
}

/**
 * A server refuses keys that it does not know, unless they served as variables. So they serve, in a list that a later
 * entry of the same key replaces; then the server takes the text and tells its digest.
 */
function withKeysInUse(text: string, version: string): string {
  const reading = read(text, version);
  if (reading instanceof ConfSyntaxError) return text;
  const names = reading.keys.filter((key) => /^[^\s,;\]}'\\]*$/u.test(key) && !key.startsWith("2a$"));
  const all = `${text}\nport: [\n${names.map((name) => `$${name}\n`).join("")}]\nport: 4222\n`;
  return read(all, version) instanceof ConfSyntaxError ? text : all;
}

/** Texts that are read differently, shortest first, as a failing test shows them. */
export function disagreements(comparisons: readonly Comparison[]): string {
  return comparisons
    .filter(({ agree }) => !agree)
    .sort((a, b) => a.text.length - b.text.length)
    .slice(0, 5)
    .map(
      ({ text, server, ours }) =>
        `${JSON.stringify(text)}\n  server: ${server.digest ?? server.lines[0]}\n  ours:   ${ours}`,
    )
    .join("\n");
}
