import { objectWords } from "../apply/objects";
import type { LiveObject } from "../apply/objects";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import type { ObjectMeta } from "../model/objectMeta";
import { formOf, payloadDigest } from "../model/payload";
import { describedChanges, describedInputs, objectOwner } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";

/** The content itself is no part of it, only its digest and size. */
export interface StoredObjectState extends StoredObjectInputs {
  readonly digest: string;
  readonly size: number;
  readonly chunks: number;
  /** Revision of the object's entry, as last written or read by the stack. */
  readonly revision: number;
  /** When that was written, RFC 3339. */
  readonly modified: string;
}

export function objectStateOf(inputs: StoredObjectInputs, { meta, revision, modified }: LiveObject): StoredObjectState {
  const { value: _value, json: _json, base64: _base64, ...rest } = inputs;
  return { ...rest, digest: meta.digest ?? "", size: meta.size, chunks: meta.chunks, revision, modified };
}

/** As far as the state remembers them. */
export function objectInputsOf(state: StoredObjectState): StoredObjectInputs {
  const { size: _size, chunks: _chunks, revision: _revision, modified: _modified, digest, ...inputs } = state;
  return inputs.file === undefined ? inputs : { ...inputs, digest };
}

/** "assets/logo.svg". */
export function objectId({ bucket, name }: StoredObjectInputs): string {
  return `${bucket}/${name}`;
}

export function objectOfId(id: string): { readonly bucket: string; readonly name: string } {
  const found = /^([^/]+)\/(.+)$/s.exec(id);
  if (!found)
    throw new NatsError(`"${id}" names no object. Fix: the store's name, "/" and the object's: assets/logo.svg`);
  return { bucket: found[1]!, name: found[2]! };
}

/** Somebody else's, which stands in the way of a new one. */
export function takenObject(inputs: StoredObjectInputs, { meta }: LiveObject): Problem {
  const owner = objectOwner(meta);
  const whose = owner === undefined ? "and no stack stored it" : `and belongs to ${owner}`;
  const fix = `adopt: true to write over it, the option import: "${objectId(inputs)}", or another name`;
  return { path: "name", reason: `${objectWords(inputs)} exists already (${meta.size} bytes) ${whose}`, fix };
}

/** The content changes, as far as one can tell. */
export function isOtherContent(olds: StoredObjectInputs, news: StoredObjectInputs): boolean {
  return (formOf(news) !== undefined || news.digest !== undefined) && payloadDigest(news) !== payloadDigest(olds);
}

/** There is something to write. */
export function isOtherObject(olds: StoredObjectInputs, news: StoredObjectInputs): boolean {
  return isOtherContent(olds, news) || describedChanges(olds, news).length > 0;
}

export function mustBeObject(meta: ObjectMeta, words: string): void {
  if (meta.options?.link) {
    throw new NatsError(`${words} is a link to another one. Fix: name that one, or delete the link`);
  }
}

/** The live object is what the program says. */
export function isLive(inputs: StoredObjectInputs, live: LiveObject): boolean {
  return live.meta.digest === payloadDigest(inputs) && describedChanges(described(live, inputs), inputs).length === 0;
}

export function described(object: LiveObject, { bucket, name }: StoredObjectInputs): StoredObjectInputs {
  return { bucket, name, ...describedInputs(object.meta) };
}
