import type { JetStream } from "../apply/jetstream";
import { WriteConflict } from "../apply/jetstreamMessages";
import { streamInfo } from "../apply/jetstreamStreams";
import { endEntry, readEntry, wordsFor, writeEntry } from "../apply/keyValueEntries";
import type { Entry } from "../apply/keyValueEntries";
import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import { keyValuePrefix } from "../model/keyValue";
import { ttlText } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { isOurs } from "../model/ownership";
import { allowedForAll } from "./allowedForAll";
import { jetStreamOf } from "./jetstreamOf";
import { isRewritten } from "./keyValueEntryCheck";
import { elsewhere, entryId, entryOfId, isWritten, payloadOf, takenEntry, writtenState } from "./keyValueEntryState";
import type { KeyValueEntryState } from "./keyValueEntryState";
import { staysElsewhere } from "./staysElsewhere";

/** Writes a key that has no value yet, or has one that a create of this very resource has written before it was cut short. */
export async function createEntry(
  context: CallContext,
  inputs: KeyValueEntryInputs,
): Promise<{ readonly id: string; readonly state: KeyValueEntryState }> {
  const js = await jetStreamOf(context);
  const live = await readEntry(js, inputs);
  const id = entryId(inputs);
  if (!live) await mustExist(js, inputs);
  if (live && !live.deletion) {
    const isOwn = isOurs(context, live.owner);
    if (!isOwn && inputs.adopt !== true) throw new NatsError(problemText(takenEntry(inputs, live)));
    // What another resource has written is written again, so that its end leaves this one alone.
    const isFree = isOwn || live.owner === undefined;
    if (isFree && isWritten(inputs, live)) return { id, state: writtenState(inputs, live) };
  }
  return { id, state: await write(context, js, inputs, live?.revision ?? 0) };
}

/** Writes only over the revision that the stack has seen. */
export async function updateEntry(
  context: CallContext,
  _id: string,
  olds: KeyValueEntryState,
  news: KeyValueEntryInputs,
): Promise<KeyValueEntryState> {
  if (!isRewritten(olds, news)) {
    const { revision, created, serverTtl } = olds;
    return { ...news, revision, created, ...(serverTtl === undefined ? {} : { serverTtl }) };
  }
  const js = await jetStreamOf(context);
  const live = await readEntry(js, news);
  if (!live || live.deletion) {
    if (!live) await mustExist(js, news);
    await context.warn(`${wordsFor(news)} was deleted outside: it is written anew`);
    return write(context, js, news, live?.revision ?? 0);
  }
  if (isWritten(news, live)) return writtenState(news, live);
  if (live.revision !== olds.revision && news.onConflict !== "overwrite") throw changedElsewhere(news, olds, live);
  return write(context, js, news, live.revision);
}

/** Deletes the value that the stack knows; another one stays until somebody has seen it. */
export async function deleteEntry(context: CallContext, id: string, state: KeyValueEntryState): Promise<void> {
  const js = await jetStreamOf(context);
  const name = entryOfId(id);
  const live = await readEntry(js, name);
  if (!live || live.deletion || (await staysElsewhere(context, wordsFor(name), live.owner))) return;
  const allowed = state.onConflict === "overwrite" || allowedForAll();
  if (live.revision !== state.revision && !allowed) throw changedElsewhere(name, state, live);
  try {
    await endEntry(js, name, live.revision, state.onDelete === "purge");
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    throw new NatsError(`${error.message}. Fix: pulumi refresh, then again`, { cause: error });
  }
}

async function write(
  context: CallContext,
  js: JetStream,
  inputs: KeyValueEntryInputs,
  after: number,
): Promise<KeyValueEntryState> {
  const value = await payloadOf(inputs);
  try {
    await writeEntry(js, inputs, value, after, { ttl: ttlText(inputs.ttl), owner: context.urn });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    throw new NatsError(`${error.message}; nothing was written. Fix: pulumi refresh, then pulumi up`, { cause: error });
  }
  const live = await readEntry(js, inputs);
  if (!live) throw new NatsError(`${wordsFor(inputs)} was written and is gone already: a time that is too short?`);
  return writtenState(inputs, live);
}

/** A key needs a bucket that can be written. */
async function mustExist(js: JetStream, inputs: KeyValueEntryInputs): Promise<void> {
  const info = await streamInfo(js, keyValuePrefix + inputs.bucket);
  if (!info) {
    const fix = "make the bucket first; in a program, `bucket: config.bucket` puts it in order";
    throw new NatsError(`bucket "${inputs.bucket}" does not exist. Fix: ${fix}`);
  }
  if (info.config["mirror"] !== undefined) {
    throw new NatsError(`bucket "${inputs.bucket}" is a read-only copy. Fix: write to the bucket that it copies`);
  }
}

function changedElsewhere(
  name: { readonly bucket: string; readonly key: string },
  state: KeyValueEntryState,
  live: Entry,
): NatsError {
  const what = `${wordsFor(name)} was changed elsewhere: ${elsewhere(live, state)}`;
  return new NatsError(`${what}. Fix: pulumi refresh, then look at the preview; or onConflict: "overwrite"`);
}
