import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import path from "node:path";
import { NatsError } from "../errors";
import { extractFiles } from "./archive";
import { checksumOf } from "./checksums";
import { toolCache } from "./toolCache";
import type { ArchiveSource } from "./toolSources";
import { noteUnreachable, wasUnreachable } from "./unreachable";

/** Host of official releases; PULUMI_NATS_DOWNLOAD_BASE names a mirror with the same paths instead. */
function releaseBase(): string {
  return (process.env["PULUMI_NATS_DOWNLOAD_BASE"] || "https://github.com").replace(/\/+$/, "");
}

/** A host that says nothing for so long counts as out of reach. */
const answerWithin = 5_000;
/** A transfer that stands still for so long is given up. */
const stalledAfter = 30_000;

/** Whoever was asked has answered, and does not give it. */
export class DeniedDownload extends NatsError {}

/** Fails where the release does not have that archive, or does not answer; fetches its list of checksums alone. */
export async function lookForArchive(source: ArchiveSource): Promise<void> {
  const name = path.posix.basename(source.archive);
  if (checksumOf(await fetchText(source.checksums), name)) return;
  throw new DeniedDownload(`${releaseBase()}/${source.checksums} has no ${name}`);
}

/** The first bytes of what a URL gives, without the rest. */
export async function fetchStart(url: string, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await fetchChunks(url, (chunk) => {
    chunks.push(chunk);
    return Buffer.concat(chunks).length < length;
  });
  return Buffer.concat(chunks).subarray(0, length);
}

/** Downloads an archive, holds it against the release's own checksums, and takes the tool's files out of it. */
export async function downloadTool(source: ArchiveSource, folder: string): Promise<void> {
  const name = path.posix.basename(source.archive);
  const expected = checksumOf(await fetchText(source.checksums), name);
  if (!expected) {
    throw new NatsError(
      `${releaseBase()}/${source.checksums} has no checksum for ${name}: nothing is used that can't be verified`,
    );
  }
  const archive = path.join(folder, name);
  try {
    const actual = await fetchFile(source.archive, archive);
    if (actual !== expected) {
      throw new NatsError(
        `${releaseBase()}/${source.archive} has sha256 ${actual}, but the release publishes ${expected}: it is not used`,
      );
    }
    await extractFiles(archive, source.members, folder);
  } finally {
    rmSync(archive, { force: true });
  }
}

/** A file from any URL, held against its checksum; its path in a cache of this machine. */
export async function fetchVerified(url: string, sha256: string): Promise<string> {
  const file = path.join(toolCache(), `sha256-${sha256}`);
  if (existsSync(file)) return file;
  mkdirSync(toolCache(), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  try {
    const actual = await fetchFile(url, temporary);
    if (actual !== sha256) throw new NatsError(`${url} has sha256 ${actual}, not ${sha256}: it is not used`);
    renameSync(temporary, file);
    return file;
  } finally {
    rmSync(temporary, { force: true });
  }
}

export async function fetchText(relative: string): Promise<string> {
  const chunks: Buffer[] = [];
  await fetchChunks(relative, (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Writes it to a file and gives its sha256. */
async function fetchFile(relative: string, file: string): Promise<string> {
  const hash = createHash("sha256");
  const output = createWriteStream(file);
  try {
    await fetchChunks(relative, async (chunk) => {
      hash.update(chunk);
      if (!output.write(chunk)) await once(output, "drain");
    });
  } finally {
    output.end();
    await finished(output);
  }
  return hash.digest("hex");
}

/** `take` says whether it wants more; nothing said is a yes. */
type Take = (chunk: Buffer) => void | boolean | Promise<void>;

async function fetchChunks(relative: string, take: Take): Promise<void> {
  const isWhole = /^https?:/.test(relative);
  const base = isWhole ? new URL(relative).origin : releaseBase();
  if (wasUnreachable(base)) throw new NatsError(`${base} could not be reached a few minutes ago`);
  const url = isWhole ? relative : `${base}/${relative}`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${answerWithin / 1000} s`)), answerWithin);
  let answered = false;
  try {
    const response = await fetch(url, { signal: abort.signal });
    answered = true;
    clearTimeout(timer);
    if (!response.ok || !response.body) throw new DeniedDownload(`${url} answers ${response.status}`);
    await readBody(response.body, abort, take);
  } catch (error) {
    if (error instanceof NatsError) throw error;
    if (!answered) noteUnreachable(base);
    throw new NatsError(`${url}: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(body: AsyncIterable<Uint8Array>, abort: AbortController, take: Take): Promise<void> {
  const stalled = (): void => abort.abort(new Error(`the transfer stood still for ${stalledAfter / 1000} s`));
  let timer = setTimeout(stalled, stalledAfter);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(stalled, stalledAfter);
      // Leaving the loop ends the transfer.
      if ((await take(Buffer.from(chunk))) === false) return;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The innermost message: fetch wraps what happened in "fetch failed", and a failed connection in one error for each address. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message === "terminated" ? "the transfer broke off" : error.message;
}
