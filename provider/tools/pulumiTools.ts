import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { findTool } from "./findTool";
import { executable } from "./toolSources";
import type { ToolName } from "./toolSources";

/** What a process needs in its environment to run `pulumi` with Node programs and dynamic providers, fetched where missing. */
export async function pulumiEnvironment(): Promise<Record<string, string>> {
  const pulumi = await findTool("pulumi");
  const helpers: readonly ToolName[] = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
  const tools = [pulumi];
  for (const helper of helpers) tools.push(beside(pulumi, helper) ?? (await findTool(helper)));
  const folders = [...tools.map((tool) => path.dirname(tool)), ...(process.env["PATH"] ?? "").split(path.delimiter)];
  return {
    PATH: [...new Set(folders)].join(path.delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** The helper that came with that pulumi: of its own version, so better than any other. */
function beside(pulumi: string, helper: ToolName): string | undefined {
  const folders = [path.dirname(pulumi), path.dirname(realpathSync(pulumi))];
  return folders.map((folder) => path.join(folder, executable(helper))).find((file) => existsSync(file));
}
