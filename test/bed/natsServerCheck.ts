import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findTool } from "../../provider/tools/findTool";
import { serverVersions } from "./natsServer";

/** What `nats-server -t` says of one configuration. */
export interface ServerCheck {
  readonly code: number;
  /** "sha256:…" of an accepted one. */
  readonly digest: string | undefined;
  /** Lines of stderr, without the program's name. */
  readonly lines: readonly string[];
  /** The text itself could not be read, as opposed to values that the server does not like. */
  readonly isSyntaxError: boolean;
}

export interface CheckInput {
  readonly text: string | Uint8Array;
  /** Other files beside nats.conf, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly version?: string;
}

/** Runs `nats-server -t` of a version on one configuration in a folder of its own. */
export async function checkWithServer(input: CheckInput): Promise<ServerCheck> {
  const [check] = await checkAllWithServer([input]);
  return check!;
}

/** Several at once, a few processes at a time; results in the order of the inputs. */
export async function checkAllWithServer(inputs: readonly CheckInput[], atOnce = 4): Promise<ServerCheck[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-check-"));
  try {
    const results: ServerCheck[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < inputs.length; index = next++) {
        results[index] = await runCheck(inputs[index]!, mkdtempSync(path.join(dir, "c")));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return results;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runCheck(input: CheckInput, dir: string): Promise<ServerCheck> {
  writeFileSync(path.join(dir, "nats.conf"), input.text);
  for (const [name, content] of Object.entries(input.files ?? {})) writeFileSync(path.join(dir, name), content);
  const binary = await findTool("nats-server", input.version ?? serverVersions[0]);
  // One short run each: neither threads nor garbage collection pay.
  const env = { GOMAXPROCS: "1", GOGC: "off", ...input.env };
  const child = spawn(binary, ["-t", "-c", "nats.conf"], { cwd: dir, env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? -1));
  });
  const lines = log
    .trim()
    .replace(/^nats-server: /, "")
    .split("\n");
  const digest = /is valid \((sha256:[0-9a-f]{64})\)$/.exec(lines.join("\n"))?.[1];
  if (code === 0 && digest === undefined) throw new Error(`nats-server -t accepted without a digest:\n${log}`);
  return { code, digest, lines, isSyntaxError: code !== 0 && syntaxErrors.some((error) => error.test(lines[0]!)) };
}

const syntaxErrors = [
  /^Parse error on line \d+: '/,
  /^config is invalid \(/,
  /^variable reference for '/s,
  /^(?:integer|float) '.*' is out of the range/s,
  /^expected (?:integer|float|boolean value|Zulu formatted DateTime),? but got '/s,
  /^expected (?:integer|float|Zulu formatted DateTime), but got '/s,
  /^error parsing include file '/s,
  /^panic: /,
  /^runtime: goroutine stack exceeds/,
];
