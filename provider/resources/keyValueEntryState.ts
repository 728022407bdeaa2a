import type { JetStream } from "../apply/jetstream";
import { wordsFor } from "../apply/keyValueEntries";
import type { Entry } from "../apply/keyValueEntries";
import { fileContent } from "../apply/localFile";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import { ttlOfHeader, ttlText } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { bytesOf, digestOf, isPayload, payloadForms } from "../model/payload";

export interface KeyValueEntryState extends KeyValueEntryInputs {
  /** Revision of the value, as last written or read by the stack. */
  readonly revision: number;
  /** When that revision was written, RFC 3339. */
  readonly created: string;
  /** How long the server lets it live, where that is longer than the program says. */
  readonly serverTtl?: string;
}

export function entryInputsOf(state: KeyValueEntryState): KeyValueEntryInputs {
  const { revision: _revision, created: _created, serverTtl: _serverTtl, ...inputs } = state;
  return inputs;
}

/** "config/api.limits". */
export function entryId({ bucket, key }: KeyValueEntryInputs): string {
  return `${bucket}/${key}`;
}

/** `config/api.limits`, or `JETSTREAM_KV_config_ENTRY_api.limits` as the Terraform provider writes it. */
export function entryOfId(id: string): { readonly bucket: string; readonly key: string } {
  const found = /^JETSTREAM_KV_(.+?)_ENTRY_(.+)$/.exec(id) ?? /^([^/]+)\/(.+)$/.exec(id);
  if (!found) throw new NatsError(`"${id}" names no key. Fix: the bucket's name, "/" and the key: config/api.limits`);
  return { bucket: found[1]!, key: found[2]! };
}

/** The state of what is written for these inputs. */
export function writtenState(inputs: KeyValueEntryInputs, live: Entry): KeyValueEntryState {
  const ttl = ttlOfHeader(live.ttl);
  const raised = ttl === undefined || ttl === ttlText(inputs.ttl) ? {} : { serverTtl: ttl };
  return { ...inputs, revision: live.revision, created: live.created, ...raised };
}

/** The live value is what the program says, with the time that it says. */
export function isWritten(inputs: KeyValueEntryInputs, live: Entry): boolean {
  return isPayload(inputs, live.value) && ttlText(inputs.ttl) === ttlOfHeader(live.ttl);
}

/** `it is at revision 7 (of …), the stack knows 5`. */
export function elsewhere(live: Entry, { revision }: KeyValueEntryState): string {
  return `it is at revision ${live.revision} (of ${live.created}), the stack knows ${revision}`;
}

/** Somebody else's, which stands in the way of a new one. */
export function takenEntry(inputs: KeyValueEntryInputs, live: Entry): Problem {
  const whose = live.owner === undefined ? "and no stack wrote it" : `and belongs to ${live.owner}`;
  const fix = `adopt: true to write over it, the option import: "${entryId(inputs)}", or another key`;
  return { path: "key", reason: `${wordsFor(inputs)} exists already (revision ${live.revision}) ${whose}`, fix };
}

/** What is to be written; a file is read now, and must be what the preview saw. */
export async function payloadOf(inputs: KeyValueEntryInputs): Promise<Buffer> {
  const bytes = bytesOf(inputs);
  if (bytes) return bytes;
  if (inputs.file === undefined) throw new NatsError(`one of ${payloadForms.join(", ")} is wanted`);
  const content = await fileContent(inputs.file);
  if (inputs.digest !== undefined && digestOf(content) !== inputs.digest) {
    throw new NatsError(`file "${inputs.file}" has changed since the preview. Fix: run pulumi up again`);
  }
  return content;
}

/** Nobody may hold more than the server takes in one message. */
export function largestPayload(js: JetStream): number {
  return js.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
}
