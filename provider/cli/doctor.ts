import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { toolOnPath, fits, isAtLeast } from "../tools/pathTool";
import { cachedFile, isCached, toolCache } from "../tools/toolCache";
import { pinnedVersions, sourcesOf, toolNames } from "../tools/toolSources";
import type { ToolName } from "../tools/toolSources";

/** One line of the report. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly version?: string;
  /** Where it was found: a path. */
  readonly from?: string;
  /** What to type where it is not ok. */
  readonly fix?: string;
  /** Nothing depends on it; it is fetched, or done without, when it is missing. */
  readonly optional?: boolean;
}

const shape = `
JSON: {"ok": boolean, "cache": path, "findings": [{"name", "ok", "version"?, "from"?, "fix"?, "optional"?}]}`;

/** `pulumi-nats doctor [--json]`. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("say what is there, what is missing, and what to do about it")
    .option("--json", "print JSON")
    .addHelpText("after", shape)
    .action((options: { json?: boolean }) => {
      const findings = examine();
      const ok = findings.every((finding) => finding.ok || finding.optional === true);
      const report = { ok, cache: toolCache(), findings };
      process.stdout.write(
        options.json ? `${JSON.stringify(report, undefined, 2)}\n` : `${text(findings)}\ncache: ${toolCache()}\n`,
      );
      process.exitCode = ok ? 0 : 1;
    });
}

function examine(): Finding[] {
  return [node(), program("npm"), go(), ...toolNames.map(tool), sdk(), itself()];
}

function node(): Finding {
  const version = process.versions.node;
  const ok = isAtLeast(version, "20.0.0");
  return {
    name: "node",
    ok,
    version,
    from: process.execPath,
    ...(ok ? {} : { fix: "install Node 20 or newer: https://nodejs.org" }),
  };
}

function program(name: string): Finding {
  const version = versionOf(name, ["--version"]);
  return version ? { name, ok: true, version } : { name, ok: false, fix: `install ${name} and put it on PATH` };
}

function go(): Finding {
  const version = versionOf("go", ["version"]);
  const fix = "only needed where official downloads can't be reached: https://go.dev/dl";
  return version ? { name: "go", ok: true, version, optional: true } : { name: "go", ok: false, optional: true, fix };
}

function versionOf(command: string, args: readonly string[]): string | undefined {
  try {
    const output = execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
    return /(\d+\.\d+(\.\d+)?)/.exec(output)?.[1];
  } catch {
    return undefined;
  }
}

/** A missing tool is optional, since it is fetched when it is first used; pulumi itself is the user's to run. */
function tool(name: ToolName): Finding {
  const wanted = pinnedVersions[name];
  const onPath = toolOnPath(name);
  if (onPath && fits(name, onPath.version, wanted)) {
    return { name, ok: true, ...(onPath.version ? { version: onPath.version } : {}), from: onPath.file };
  }
  const cached = sourcesOf(name, wanted).find((source) => isCached(name, source.version));
  const own = name === "pulumi" || name.startsWith("pulumi-");
  const fix = own
    ? "install Pulumi (https://www.pulumi.com/docs/install), so that `pulumi` and its helpers are on PATH"
    : `fetched when first needed; or install ${name} ${wanted} and put it on PATH`;
  if (cached) {
    const found = { name, version: cached.version, from: cachedFile(name, cached.version) };
    // Pulumi finds its helpers on PATH only; ours come from the cache.
    return own
      ? { ...found, ok: false, optional: true, fix: `in the cache, not on PATH: ${fix}` }
      : { ...found, ok: true };
  }
  return { name, ok: false, optional: !own, fix };
}

function sdk(): Finding {
  const name = "@pulumi/pulumi";
  const found = packageOf(name);
  if (!found) return { name, ok: false, fix: "npm install @pulumi/pulumi (in the folder of the program)" };
  const ok = isAtLeast(found.version, "3.216.0") && found.version.startsWith("3.");
  return { name, ok, ...found, ...(ok ? {} : { fix: "npm install @pulumi/pulumi@^3.216.0" }) };
}

function itself(): Finding {
  const name = "pulumi-nats";
  const found = packageOf(name);
  if (found) return { name, ok: true, ...found };
  return {
    name,
    ok: false,
    fix: "npm install pulumi-nats (in the folder of the program: stored resources load it from there)",
  };
}

function packageOf(name: string): { version: string; from: string } | undefined {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "node_modules", name, "package.json");
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
      return { version, from: path.dirname(file) };
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

function text(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  return findings
    .map((finding) => {
      const mark = finding.ok ? "ok     " : finding.optional ? "note   " : "MISSING";
      const rest = [finding.version, finding.from, finding.fix].filter(Boolean).join("  ");
      return `${mark}  ${finding.name.padEnd(width)}  ${rest}`;
    })
    .join("\n");
}
