import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findTool } from "../../provider/tools/findTool";

const run = promisify(execFile);

/** Runs the real nats CLI against a server; fails with what it printed. */
export async function natsCli(url: string, ...args: readonly string[]): Promise<string> {
  const binary = await findTool("nats", "0.4.0");
  // No context of the user's is read.
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", XDG_CONFIG_HOME: "/nonexistent" };
  const { stdout } = await run(binary, ["--server", url, "--timeout", "30s", ...args], {
    env,
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
