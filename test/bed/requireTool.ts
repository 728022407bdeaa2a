import type { Context } from "mocha";
import { findTool } from "../../provider/tools/findTool";
import type { ToolName } from "../../provider/tools/toolSources";

/**
 * The path of a tool that a test needs. Where it can't be had the test is skipped and its name says which tool is missing;
 * in CI, where every tool can be had, it fails.
 */
export async function requireTool(test: Context, name: ToolName, version?: string): Promise<string> {
  const title = version === undefined ? name : `${name} ${version}`;
  return findTool(name, version).catch((error: unknown) => skipWithout(test, title, error));
}

/** Skips the test (or those of a hook's block) for want of something; in CI it fails with why it is missing. */
export function skipWithout(test: Context, what: string, why: unknown): never {
  if (process.env["CI"]) throw why;
  const runnable = test.currentTest ?? test.runnable();
  runnable.title += ` (skipped: no ${what})`;
  return test.skip();
}
