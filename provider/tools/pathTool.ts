import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { toolCache } from "./toolCache";
import { executable } from "./toolSources";
import type { ToolName } from "./toolSources";
import { toolVersion } from "./toolVersion";

export interface PathTool {
  readonly file: string;
  /** What it says of itself; undefined where it says nothing. */
  readonly version: string | undefined;
  /** Whether it will do in place of the wanted version. */
  readonly fits: boolean;
}

/** The first tool on PATH that will do, else the first of that name, else undefined. */
export function toolOnPath(name: ToolName, wanted: string): PathTool | undefined {
  let first: PathTool | undefined;
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    // A cached tool that this program put on PATH itself is no tool of the user's.
    if (folder === "" || isInside(folder, toolCache())) continue;
    const file = path.join(folder, executable(name));
    if (!isExecutable(file)) continue;
    const version = toolVersion(name, file);
    const tool = { file, version, fits: fits(name, version, wanted) };
    if (tool.fits) return tool;
    first ??= tool;
  }
  return first;
}

/** Whether PATH names that folder. */
export function isOnPath(folder: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((each) => each !== "");
  return folders.some((each) => path.resolve(each) === path.resolve(folder));
}

/** Whether a version on PATH will do in place of the wanted one. */
export function fits(name: ToolName, version: string | undefined, wanted: string): boolean {
  if (name === "pulumi-language-nodejs" || name === "pulumi-resource-pulumi-nodejs") return true;
  if (version === undefined) return false;
  if (name === "pulumi") return isAtLeast(version, "3.216.0") && version.startsWith("3.");
  return name === "nats" ? isAtLeast(version, "0.1.6") : version === wanted;
}

/** Whether a version is another one or newer; a prerelease counts as the release. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a![index] ?? 0) - (b![index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function isInside(folder: string, outer: string): boolean {
  const relative = path.relative(outer, folder);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
