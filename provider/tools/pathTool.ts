import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { toolCache } from "./toolCache";
import { executable } from "./toolSources";
import type { ToolName } from "./toolSources";

/** A tool on PATH and the version that it says; undefined where none is, or where it does not say. */
export function toolOnPath(name: ToolName): { file: string; version: string | undefined } | undefined {
  const names =
    name === "pulumi-resource-pulumi-nodejs" && process.platform === "win32" ? [`${name}.cmd`] : [executable(name)];
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    // A cached tool that this program put on PATH itself is no tool of the user's.
    if (folder === "" || folder.startsWith(toolCache())) continue;
    for (const candidate of names.map((file) => path.join(folder, file))) {
      if (isExecutable(candidate)) return { file: candidate, version: versionOf(name, candidate) };
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf(name: ToolName, file: string): string | undefined {
  if (name.startsWith("pulumi-")) return undefined;
  try {
    const args = name === "pulumi" ? ["version"] : ["--version"];
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const text = execFileSync(file, args, {
      encoding: "utf8",
      timeout: 10_000,
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /(\d+\.\d+\.\d+[-\w.]*)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a version on PATH will do in place of the wanted one. */
export function fits(name: ToolName, version: string | undefined, wanted: string): boolean {
  if (name === "pulumi-language-nodejs" || name === "pulumi-resource-pulumi-nodejs") return true;
  if (version === undefined) return false;
  if (name === "pulumi") return isAtLeast(version, "3.216.0") && version.startsWith("3.");
  return name === "nats" ? isAtLeast(version, "0.1.6") : version === wanted;
}

export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a![index] ?? 0) - (b![index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
