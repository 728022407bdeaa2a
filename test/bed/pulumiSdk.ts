import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { toolCache } from "../../provider/tools/toolCache";

/** node_modules with exactly that version of @pulumi/pulumi, kept between runs. */
export async function pulumiSdk(version: string): Promise<string> {
  const folder = path.join(toolCache(), `pulumi-sdk-${version}`);
  const modules = path.join(folder, "node_modules");
  if (existsSync(modules)) return modules;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(path.join(fresh, "package.json"), '{ "name": "sdk", "private": true }\n');
  const args = ["install", `@pulumi/pulumi@${version}`, "--no-audit", "--no-fund", "--ignore-scripts"];
  await promisify(execFile)("npm", args, { cwd: fresh });
  try {
    renameSync(fresh, folder);
  } catch (error) {
    // Another run was faster.
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(modules)) throw error;
  }
  return modules;
}
