import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { toolCache } from "./toolCache";
import type { ToolName } from "./toolSources";

/** The version that a tool says; asked once for each file, as long as the file stays the same. */
export function toolVersion(name: ToolName, file: string): string | undefined {
  // Pulumi's helpers answer no such question.
  if (name.startsWith("pulumi-")) return undefined;
  const { mtimeMs, size } = statSync(file);
  const mark = `${mtimeMs} ${size}`;
  const known = read();
  if (known[file]?.mark === mark) return known[file].version;
  const version = ask(name, file);
  if (version !== undefined) write({ ...known, [file]: { mark, version } });
  return version;
}

function ask(name: ToolName, file: string): string | undefined {
  try {
    const text = execFileSync(file, name === "pulumi" ? ["version"] : ["--version"], {
      encoding: "utf8",
      timeout: 10_000,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return versionIn(text);
  } catch {
    return undefined;
  }
}

/** The first version in what a tool prints: `nats-server: v2.15.2`, `v3.250.0`, `0.4.0`. */
export function versionIn(text: string): string | undefined {
  return /(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)/.exec(text)?.[1];
}

type Known = Readonly<Record<string, { readonly mark: string; readonly version: string }>>;

function notes(): string {
  return path.join(toolCache(), ".versions.json");
}

function read(): Known {
  try {
    return JSON.parse(readFileSync(notes(), "utf8")) as Known;
  } catch {
    return {};
  }
}

function write(known: Known): void {
  const temporary = `${notes()}-${process.pid}`;
  mkdirSync(toolCache(), { recursive: true });
  writeFileSync(temporary, JSON.stringify(known));
  renameSync(temporary, notes());
}
