import type { Problem } from "../errors";
import { ownerKey, ownMetadata } from "./assetSettled";
import { adoptProblems } from "./assetWords";
import { bucketProblem } from "./bucketName";
import { isObject, sameJson } from "./exactJson";
import { choice } from "./keyValueEntry";
import type { ObjectMeta } from "./objectMeta";
import { formOf, payloadProblems } from "./payload";
import type { Payload } from "./payload";
import { formatSize, parseSize, UnitError } from "./units";

/** What a program says of one object of a store. */
export interface StoredObjectInputs extends Payload {
  readonly bucket: string;
  readonly name: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly chunkSize?: string;
  readonly adopt?: boolean;
  readonly onConflict?: "refuse" | "overwrite";
}

/** What says which object it is; another one is another resource. */
export const objectPlace = ["bucket", "name"] as const;
/** What is stored; only another content or chunk size is uploaded anew. */
export const objectSettings = [
  ...["value", "json", "base64", "file"],
  ...["description", "headers", "metadata", "chunkSize"],
] as const;
/** What says how. */
export const objectOptions = ["adopt", "onConflict"] as const;
const known: readonly string[] = [...objectPlace, ...objectSettings, ...objectOptions, "digest"];

/** What clients take where nothing is said. */
const usualChunk = 128 * 1024;

/** A server ends the connection of whoever sends a subject beyond max_control_line, 4096 bytes; in it a name stands in base64. */
const longestName = 2000;

/** Everything wrong with the inputs, but for what only a server or a file can tell. Contents are never shown. */
export function objectProblems(inputs: StoredObjectInputs): Problem[] {
  const problems: Problem[] = [];
  const bucket = bucketProblem("bucket", inputs.bucket);
  if (bucket) problems.push(bucket);
  if (typeof inputs.name !== "string" || inputs.name === "") {
    problems.push({ path: "name", reason: "the object's name is missing", fix: 'name: "logo.svg"' });
  } else if (Buffer.byteLength(inputs.name) > longestName) {
    const bytes = Buffer.byteLength(inputs.name);
    problems.push({ path: "name", reason: `the name has ${bytes} bytes; at most ${longestName} are allowed` });
  }
  if (formOf(inputs) !== undefined || inputs.digest === undefined) {
    problems.push(...payloadProblems(inputs, 'file: "logo.svg"'));
  }
  problems.push(...textsFault("metadata", inputs.metadata, false), ...textsFault("headers", inputs.headers, true));
  const chunk = chunkFault(inputs.chunkSize);
  if (chunk) problems.push({ path: "chunkSize", ...chunk });
  if (inputs.description !== undefined && typeof inputs.description !== "string") {
    problems.push({ path: "description", reason: "text is wanted" });
  }
  problems.push(...adoptProblems(inputs.adopt));
  choice(problems, "onConflict", inputs.onConflict, ["refuse", "overwrite"]);
  for (const name of Object.keys(inputs).filter((each) => !known.includes(each))) {
    const fix = name === "content" ? { fix: "write value" } : name === "key" ? { fix: "write name" } : {};
    problems.push({ path: name, reason: `there is no property "${name}" here`, ...fix });
  }
  return problems;
}

export function chunkBytes(inputs: StoredObjectInputs): number {
  return inputs.chunkSize === undefined ? usualChunk : Number(parseSize(inputs.chunkSize));
}

/** What is said of an object beside its content, as the clients write it. */
export function describedMeta(inputs: StoredObjectInputs, owner: string | undefined) {
  const metadata = { ...inputs.metadata, ...(owner === undefined ? {} : { [ownerKey]: owner }) };
  return {
    name: inputs.name,
    ...(inputs.description === undefined ? {} : { description: inputs.description }),
    ...(inputs.headers === undefined ? {} : { headers: headerLists(inputs.headers) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    options: { max_chunk_size: chunkBytes(inputs) },
    bucket: inputs.bucket,
  };
}

/** What a program would say of a live object beside its content. */
export function describedInputs(meta: ObjectMeta): Omit<StoredObjectInputs, "bucket" | "name"> {
  const { description, headers, options } = meta;
  const metadata = ownMetadata(meta.metadata) as Record<string, string> | undefined;
  const chunk = options?.max_chunk_size ?? usualChunk;
  return {
    ...(description ? { description } : {}),
    ...(headers && Object.keys(headers).length > 0 ? { headers: shortHeaders(headers) } : {}),
    ...(metadata ? { metadata } : {}),
    ...(chunk === usualChunk || chunk === 0 ? {} : { chunkSize: formatSize(BigInt(chunk)) }),
  };
}

export function objectOwner(meta: ObjectMeta): string | undefined {
  return meta.metadata?.[ownerKey];
}

/** Names of the properties beside the content that say something else. */
export function describedChanges(olds: StoredObjectInputs, news: StoredObjectInputs): string[] {
  const changed: string[] = [];
  if ((olds.description ?? "") !== (news.description ?? "")) changed.push("description");
  if (!sameJson(headerLists(olds.headers ?? {}), headerLists(news.headers ?? {}))) changed.push("headers");
  if (!sameJson({ ...olds.metadata }, { ...news.metadata })) changed.push("metadata");
  if (chunkBytes(olds) !== chunkBytes(news)) changed.push("chunkSize");
  return changed;
}

function headerLists(headers: Readonly<Record<string, string | readonly string[]>>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? [value] : value]),
  );
}

function shortHeaders(
  headers: Readonly<Record<string, readonly string[]>>,
): Record<string, string | readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}

function textsFault(path: string, value: unknown, lists: boolean): Problem[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [{ path, reason: "an object of texts is wanted", fix: `${path}: { team: "billing" }` }];
  const isText = (member: unknown) =>
    typeof member === "string" || (lists && Array.isArray(member) && member.every((each) => typeof each === "string"));
  return Object.entries(value)
    .filter(([, member]) => !isText(member))
    .map(([name]) => ({ path: `${path}.${name}`, reason: "text is wanted" }));
}

function chunkFault(chunkSize: unknown): Omit<Problem, "path"> | undefined {
  if (chunkSize === undefined) return undefined;
  if (typeof chunkSize !== "string") {
    return { reason: `${JSON.stringify(chunkSize)} has no unit`, fix: `chunkSize: "128KiB"` };
  }
  try {
    const bytes = parseSize(chunkSize);
    return bytes >= 1n ? undefined : { reason: `"${chunkSize}" is too small`, fix: 'chunkSize: "128KiB"' };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { reason: error.message, ...(error.fix ? { fix: `chunkSize: ${error.fix}` } : {}) };
  }
}
