import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";
import { toolCache } from "./toolCache";
import type { ArchiveSource } from "./toolSources";

/** Host of official releases; PULUMI_NATS_DOWNLOAD_BASE names a mirror with the same paths instead. */
function releaseBase(): string {
  return process.env["PULUMI_NATS_DOWNLOAD_BASE"] ?? "https://github.com";
}

const answerWithin = 5_000;
const archiveWithin = 600_000;
/** How long a host that could not be reached is not asked again. */
const silenceFor = 10 * 60_000;

/** Downloads an archive, holds it against the release's own checksums, and takes one file out of it. */
export async function downloadTool(source: ArchiveSource, file: string): Promise<void> {
  const checksums = (await fetchBytes(source.checksums, answerWithin)).toString("utf8");
  const name = path.posix.basename(source.archive);
  const expected = checksumOf(checksums, name);
  if (!expected) throw new NatsError(`the release's list of checksums has no line for ${name}`);
  const archive = await fetchBytes(source.archive, archiveWithin);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (actual !== expected) {
    throw new NatsError(`${name} has sha256 ${actual}, but the release publishes ${expected}: it is not used`);
  }
  await extract(archive, name, source.member, file);
  chmodSync(file, 0o755);
}

/** The checksum that a list in the format of sha256sum gives for a file. */
export function checksumOf(list: string, name: string): string | undefined {
  for (const line of list.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})\s+\*?(?:.*\/)?([^/]+?)\s*$/i.exec(line);
    if (match && match[2] === name) return match[1]!.toLowerCase();
  }
  return undefined;
}

async function fetchBytes(relative: string, within: number): Promise<Buffer> {
  const base = releaseBase();
  const url = `${base}/${relative}`;
  if (wasSilent(base)) throw new NatsError(`${base} could not be reached a few minutes ago`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(within) });
    if (!response.ok) throw new NatsError(`${url} answers ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof NatsError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    if (/fetch failed|TimeoutError/.test(String(error))) rememberSilence(base);
    throw new NatsError(`${url}: ${cause}`);
  }
}

function silenceFile(base: string): string {
  return path.join(toolCache(), `.unreachable-${createHash("sha256").update(base).digest("hex").slice(0, 12)}`);
}

function wasSilent(base: string): boolean {
  const file = silenceFile(base);
  return existsSync(file) && Date.now() - statSync(file).mtimeMs < silenceFor;
}

function rememberSilence(base: string): void {
  mkdirSync(toolCache(), { recursive: true });
  writeFileSync(silenceFile(base), "");
}

async function extract(archive: Buffer, name: string, member: string, file: string): Promise<void> {
  if (name.endsWith(".zip")) {
    const { unzipSync } = await import("fflate");
    const found = unzipSync(archive, { filter: (entry) => entry.name === member })[member];
    if (!found) throw new NatsError(`${name} holds no ${member}`);
    writeFileSync(file, found);
    return;
  }
  const tar = await import("tar");
  const folder = mkdtempSync(`${file}-`);
  try {
    const packed = path.join(folder, "archive.tar.gz");
    writeFileSync(packed, archive);
    await tar.x({ file: packed, cwd: folder }, [member]);
    const found = path.join(folder, member);
    if (!existsSync(found)) throw new NatsError(`${name} holds no ${member}`);
    renameSync(found, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
