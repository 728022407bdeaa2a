import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isAtLeast, isOnPath, toolOnPath } from "../tools/pathTool";
import { cachedFile, cachedSource } from "../tools/toolCache";
import { pinnedVersions, sourcesOf, toolNames } from "../tools/toolSources";
import type { ToolName } from "../tools/toolSources";

/** One line of the doctor's report. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly version?: string;
  /** Where it was found: a path. */
  readonly from?: string;
  /** What is wrong with it. */
  readonly problem?: string;
  /** What to type where it is not ok. */
  readonly fix?: string;
  /** Nothing depends on it; it is fetched, or done without, when it is missing. */
  readonly optional?: boolean;
}

/** Looks at everything that a program with this library needs, in a folder and on this machine. */
export function examine(folder: string): Finding[] {
  return [node(folder), npm(), go(), ...tools(), sdk(folder), kubernetes(folder), itself(folder)];
}

function node(folder: string): Finding {
  const name = "node";
  const version = process.versions.node;
  const found = { name, version, from: process.execPath };
  if (!isAtLeast(version, "20.0.0")) {
    return { ...found, ok: false, problem: "older than 20", fix: "install Node 20 or newer: https://nodejs.org" };
  }
  const wanted = packageIn(folder, "@pulumi/pulumi")?.node;
  const least = /^>=\s*(\d+(?:\.\d+){0,2})$/.exec(wanted ?? "")?.[1];
  if (least === undefined || isAtLeast(version, least)) return { ...found, ok: true };
  const problem = `the installed @pulumi/pulumi asks for node ${wanted}`;
  return { ...found, ok: false, optional: true, problem, fix: `install Node ${least} or newer: https://nodejs.org` };
}

function npm(): Finding {
  const version = versionOf("npm", ["--version"]);
  if (version) return { name: "npm", ok: true, version };
  return { name: "npm", ok: false, problem: "not on PATH", fix: "install Node with npm: https://nodejs.org" };
}

function go(): Finding {
  const version = versionOf("go", ["version"]);
  if (version) return { name: "go", ok: true, optional: true, version };
  const fix = "only where official downloads can't be reached: install Go, https://go.dev/dl";
  return { name: "go", ok: false, optional: true, problem: "not on PATH", fix };
}

function versionOf(command: string, args: readonly string[]): string | undefined {
  try {
    const output = execFileSync(process.platform === "win32" && command === "npm" ? "npm.cmd" : command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
      shell: process.platform === "win32",
    });
    return /(\d+\.\d+(\.\d+)?)/.exec(output)?.[1];
  } catch {
    return undefined;
  }
}

function tools(): Finding[] {
  return toolNames.map(tool);
}

/** A missing server is fetched when it is first used; pulumi and its helpers are for the user to have on PATH. */
function tool(name: ToolName): Finding {
  const wanted = pinnedVersions[name];
  const onPath = toolOnPath(name, wanted);
  if (onPath?.fits) {
    return { name, ok: true, ...(onPath.version ? { version: onPath.version } : {}), from: onPath.file };
  }
  const cached = cachedSource(name, sourcesOf(name, wanted));
  const file = cached && cachedFile(name, cached);
  const forUser = name.startsWith("pulumi");
  if (cached && file && (!forUser || isOnPath(path.dirname(file))))
    return { name, ok: true, version: cached.version, from: file };
  const seen = onPath ? `${onPath.file} is ${onPath.version ?? "of no known version"}` : "not on PATH";
  if (cached && file) {
    const found = { name, version: cached.version, from: file };
    const fix = pathFix(path.dirname(file));
    return { ...found, ok: false, optional: true, problem: `${seen}, only in the cache`, fix };
  }
  if (forUser) {
    const fix = "install Pulumi 3.216.0 or newer: https://www.pulumi.com/docs/install";
    return { name, ok: false, problem: seen, fix };
  }
  const fix = `nothing: it is fetched when it is first used (or put ${name} ${wanted} on PATH)`;
  return { name, ok: false, optional: true, problem: `${seen}, not in the cache`, fix };
}

function pathFix(folder: string): string {
  return process.platform === "win32" ? `set PATH=${folder};%PATH%` : `export PATH="${folder}:$PATH"`;
}

function sdk(folder: string): Finding {
  const name = "@pulumi/pulumi";
  const found = packageIn(folder, name);
  if (!found) return { name, ok: false, problem: `not in ${folder}`, fix: "npm install @pulumi/pulumi" };
  const { version, from } = found;
  if (isAtLeast(version, "3.216.0") && version.startsWith("3.")) return { name, ok: true, version, from };
  const problem = "pulumi-nats needs >=3.216.0 <4";
  return { name, ok: false, version, from, problem, fix: "npm install @pulumi/pulumi@^3.216.0" };
}

/** Only programs with something on Kubernetes need it. */
function kubernetes(folder: string): Finding {
  const name = "@pulumi/kubernetes";
  const found = packageIn(folder, name);
  if (!found) {
    const fix = "only for nats.kubernetes, nats.Nack, nats.Nui and nats.Box: npm install @pulumi/kubernetes";
    return { name, ok: false, optional: true, problem: `not in ${folder}`, fix };
  }
  const { version, from } = found;
  if (isAtLeast(version, "4.26.0") && version.startsWith("4."))
    return { name, ok: true, optional: true, version, from };
  const problem = "pulumi-nats needs >=4.26.0 <5";
  return { name, ok: false, version, from, problem, fix: "npm install @pulumi/kubernetes@^4.26.0" };
}

/** Stored resources load the library from the folder of their program. */
function itself(folder: string): Finding {
  const name = "pulumi-nats";
  const found = packageIn(folder, name);
  if (!found) return { name, ok: false, problem: `not in ${folder}`, fix: "npm install pulumi-nats" };
  const { version, from } = found;
  if (existsSync(path.join(from, "dist", "provider", "host", "entry.js"))) return { name, ok: true, version, from };
  const fix = existsSync(path.join(from, "tsconfig.build.json"))
    ? `npm run build (in ${from})`
    : "npm install pulumi-nats";
  return { name, ok: false, version, from, problem: "dist/ is missing", fix };
}

interface InstalledPackage {
  readonly version: string;
  readonly from: string;
  /** The Node versions that it asks for. */
  readonly node: string | undefined;
}

/** The package that a program in that folder gets. */
function packageIn(start: string, name: string): InstalledPackage | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const from = path.join(folder, "node_modules", name);
    const file = path.join(from, "package.json");
    if (existsSync(file)) {
      const found = JSON.parse(readFileSync(file, "utf8")) as { version: string; engines?: { node?: string } };
      return { version: found.version, from, node: found.engines?.node };
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}
