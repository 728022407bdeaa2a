/** What an object store keeps of an object beside its chunks, in the clients' own JSON. */
export interface ObjectMeta {
  readonly name: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly options?: {
    readonly max_chunk_size?: number;
    readonly link?: { readonly bucket: string; readonly name?: string };
  };
  readonly bucket: string;
  /** Names the chunks. */
  readonly nuid: string;
  readonly size: number;
  readonly chunks: number;
  /** "SHA-256=" and base64url with padding. */
  readonly digest?: string;
  readonly mtime?: string;
  readonly deleted?: boolean;
}

/** undefined where it can't be read as one. */
export function metaOf(data: Buffer): ObjectMeta | undefined {
  try {
    const found = JSON.parse(data.toString("utf8")) as Omit<ObjectMeta, "nuid"> & { readonly nuid?: string };
    // Links have no chunks, and so perhaps no name for them.
    return typeof found.name === "string" ? { ...found, nuid: found.nuid ?? "" } : undefined;
  } catch {
    return undefined;
  }
}

/** Subject of an object's own entry. */
export function metaSubject(bucket: string, name: string): string {
  return `$O.${bucket}.M.${padded(Buffer.from(name).toString("base64url"))}`;
}

/** Subject of an object's chunks. */
export function chunkSubject(bucket: string, nuid: string): string {
  return `$O.${bucket}.C.${nuid}`;
}

/** A SHA-256 sum as object stores write it. */
export function digestText(sum: Buffer): string {
  return `SHA-256=${padded(sum.toString("base64url"))}`;
}

/** The sum in such a text. */
export function digestSum(text: string): Buffer {
  return Buffer.from(text.replace(/^SHA-256=/, ""), "base64url");
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
