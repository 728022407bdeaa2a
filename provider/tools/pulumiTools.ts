import path from "node:path";
import { findTool } from "./findTool";

/** What a process needs in its environment to run `pulumi` with Node programs and dynamic providers, fetched where missing. */
export async function pulumiEnvironment(): Promise<Record<string, string>> {
  const tools = [
    await findTool("pulumi"),
    await findTool("pulumi-language-nodejs"),
    await findTool("pulumi-resource-pulumi-nodejs"),
  ];
  const folders = [
    ...new Set([...tools.map((tool) => path.dirname(tool)), ...(process.env["PATH"] ?? "").split(path.delimiter)]),
  ];
  return {
    PATH: folders.join(path.delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
