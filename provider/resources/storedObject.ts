import * as pulumi from "@pulumi/pulumi";
import { object, required } from "../model/argument";
import type { Size } from "../model/units";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";

/** Arguments of {@link StoredObject}: where, and exactly one of `file`, `value`, `json` and `base64`. */
export interface StoredObjectArgs {
  /** Name of the object store: `assets.bucket` of an ObjectStore, which also puts the two in order. Change: replace. */
  readonly bucket: pulumi.Input<string>;
  /** Name of the object, any text of up to 2000 bytes: "logo.svg", "img/logo.svg". Default: the resource's name. Change: replace. */
  readonly name?: pulumi.Input<string>;
  /**
   * Path of a file of any size, read piece by piece where `pulumi` runs; relative ones start there. Its SHA-256 is taken in every
   * preview, so that a new content shows. Change of the content: an upload.
   */
  readonly file?: pulumi.Input<string>;
  /** The content as text; for more than some kilobytes use `file`. A secret stays one. Change: an upload. */
  readonly value?: pulumi.Input<string>;
  /** The content as anything that JSON can say (but null alone, which is as good as nothing: `value: "null"`), written compactly. Change: an upload. */
  readonly json?: pulumi.Input<unknown>;
  /** The content's bytes in base64. Change: an upload. */
  readonly base64?: pulumi.Input<string>;
  /** Any text. Default none. Change: in place, without an upload. */
  readonly description?: pulumi.Input<string>;
  /** Headers for whoever serves the object: `{ "Content-Type": "image/svg+xml" }`. Change: in place, without an upload. */
  readonly headers?: pulumi.Input<Readonly<Record<string, pulumi.Input<string | readonly string[]>>>>;
  /** Labels. Our own mark is neither shown nor compared. Change: in place, without an upload. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** Size of the pieces, at most the server's max_payload, which the preview knows. Default "128KiB". Change: an upload. */
  readonly chunkSize?: pulumi.Input<Size>;
  /**
   * Take an object over that exists already: what it holds is written over, which the preview says. The same content is not uploaded
   * again. Default false: that is an error. The option `import` is the other way.
   */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * What to do with an object that somebody else has written since the stack last saw it: "refuse" stops in the preview (and
   * again at the write, which is a compare-and-set), "overwrite" says so in the preview and goes on. After a refresh it is an
   * ordinary difference. Default "refuse".
   */
  readonly onConflict?: pulumi.Input<"refuse" | "overwrite">;
}

/**
 * An object of an object store. It is uploaded in pieces, held against its SHA-256 and the count of its pieces, and seen by others
 * only when it is whole: an upload that is cut short leaves the old object as it was, and the next `up` clears away what it left.
 * The state holds digest and size, never the content. A refresh reads the object's entry (digest, size, description, headers,
 * metadata) and counts its pieces; it sees pieces that are gone, too many, or put in place of others, and reads no content for it:
 * what a client does to a piece and then writes into the entry anew, with the old digest, is seen by who gets the object.
 *
 * Import id: `assets/logo.svg`; nothing is uploaded where the digests are the same.
 *
 * @example
 * ```ts
 * const assets = new nats.ObjectStore("assets", {}, { provider });
 * new nats.StoredObject("logo.svg", {
 *     bucket: assets.bucket,
 *     file: "logo.svg",
 *     headers: { "Content-Type": "image/svg+xml" },
 * }, { provider });
 * ```
 */
export class StoredObject extends NatsResource {
  /** Name of the object store. */
  declare readonly bucket: pulumi.Output<string>;
  /** Name of the object; known in previews. */
  declare readonly name: pulumi.Output<string>;
  /** "SHA-256=…" of the content, as object stores write it. A secret where the content comes from an output. */
  declare readonly digest: pulumi.Output<string>;
  /** Bytes of the content. */
  declare readonly size: pulumi.Output<number>;
  /** How many pieces it is kept in. */
  declare readonly chunks: pulumi.Output<number>;
  /** Revision of the object's entry. */
  declare readonly revision: pulumi.Output<number>;
  /** When it was written last, RFC 3339. */
  declare readonly modified: pulumi.Output<string>;

  constructor(name: string, args: StoredObjectArgs, options?: pulumi.CustomResourceOptions) {
    refuseArguments("StoredObject", name, required(object), args);
    const outputs = ["digest", "size", "chunks", "revision", "modified"];
    // A short secret could be found by its digest.
    const secrets = hasOutput([args.value, args.json, args.base64]) ? ["digest"] : [];
    super("StoredObject", name, { ...args, name: args.name ?? name }, outputs, options, secrets);
  }
}

function hasOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasOutput);
}
