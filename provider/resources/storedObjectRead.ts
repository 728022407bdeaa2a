import { countChunks, hasChunks, objectWords, readObject } from "../apply/objects";
import type { CallContext, Live } from "../host/handler";
import { isOurs } from "../model/ownership";
import { describedChanges, objectOwner } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { jetStreamOf } from "./jetstreamOf";
import { described, mustBeObject, objectInputsOf, objectOfId, objectStateOf } from "./storedObjectState";
import type { StoredObjectState } from "./storedObjectState";

/** The object as it is, its content as a digest; undefined when it is gone. */
export async function readObjectResource(
  context: CallContext,
  id: string,
  state: StoredObjectState | undefined,
): Promise<Live<StoredObjectInputs, StoredObjectState> | undefined> {
  const js = await jetStreamOf(context);
  const name = objectOfId(id);
  let live = await readObject(js, name);
  if (!live || live.meta.deleted) {
    if (state) await context.info(`${objectWords(name)} is not there any more${live ? ": it was deleted" : ""}`);
    return undefined;
  }
  if (!live.meta.options?.link && !(await hasChunks(js, name, live))) {
    const found = await countChunks(js, name, live.meta.nuid);
    const { chunks } = live.meta;
    const what = found === chunks ? "chunks that came after its entry" : `${found} of its ${chunks} chunks`;
    await context.warn(`${objectWords(name)} has ${what}: nobody can read it. Fix: pulumi up stores it anew`);
    live = { ...live, meta: { ...live.meta, digest: "" } };
  }
  const found: StoredObjectInputs = { ...described(live, name), digest: live.meta.digest ?? "" };
  if (!state) {
    mustBeObject(live.meta, objectWords(name));
    const owner = objectOwner(live.meta);
    return { inputs: found, state: objectStateOf(found, live), ...(owner === undefined ? {} : { owners: [owner] }) };
  }
  const inputs = inputsNow(state, found);
  const changed = describedChanges(state, found);
  if (state.digest !== live.meta.digest) changed.unshift("its content");
  const owner = objectOwner(live.meta);
  // The URN of a provider's first request is not known: none is nobody's.
  if (changed.length > 0 && !isOurs(context, owner)) {
    const writer = owner === undefined ? "by a client that is no stack" : `by ${owner}`;
    await context.info(`${objectWords(name)}: ${changed.join(", ")} changed outside of this stack, ${writer}`);
  }
  return { inputs, state: objectStateOf(inputs, live) };
}

/** What the program says where nothing has changed, else what is there. */
function inputsNow(state: StoredObjectState, found: StoredObjectInputs): StoredObjectInputs {
  const inputs = { ...objectInputsOf(state) } as Record<string, unknown>;
  for (const path of describedChanges(state, found)) {
    const live = (found as unknown as Record<string, unknown>)[path];
    if (live === undefined) delete inputs[path];
    else inputs[path] = live;
  }
  if (state.file !== undefined) inputs["digest"] = found.digest;
  return inputs as unknown as StoredObjectInputs;
}
