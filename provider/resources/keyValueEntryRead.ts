import { readEntry, wordsFor } from "../apply/keyValueEntries";
import type { Entry } from "../apply/keyValueEntries";
import type { CallContext, Live } from "../host/handler";
import { ttlOfHeader, ttlText } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { isOurs } from "../model/ownership";
import { formOf, isPayload, payloadForms, sayAs } from "../model/payload";
import { jetStreamOf } from "./jetstreamOf";
import { entryInputsOf, entryOfId, writtenState } from "./keyValueEntryState";
import type { KeyValueEntryState } from "./keyValueEntryState";

/** The value as it is, in the program's own form; undefined when it was deleted, purged, or its time has run out. */
export async function readEntryResource(
  context: CallContext,
  id: string,
  state: KeyValueEntryState | undefined,
): Promise<Live<KeyValueEntryInputs, KeyValueEntryState> | undefined> {
  const js = await jetStreamOf(context);
  const name = entryOfId(id);
  const live = await readEntry(js, name);
  if (!live || live.deletion) {
    if (state)
      await context.info(`${wordsFor(name)} is not there any more${live ? `: it was ${said(live.deletion!)}` : ""}`);
    return undefined;
  }
  const known = state ? entryInputsOf(state) : name;
  const { ttl: _ttl, ...rest } = known as KeyValueEntryInputs;
  const ttl = ttlOfHeader(live.ttl);
  const sameTime = state !== undefined && [ttlText(state.ttl), state.serverTtl].includes(ttl);
  const sameValue = state !== undefined && isPayload(state, live.value);
  const inputs: KeyValueEntryInputs = {
    ...(sameValue ? rest : { ...withoutPayload(rest), ...sayAs(state && formOf(state), live.value) }),
    ...(sameValue || state?.file === undefined ? {} : { file: state.file }),
    ...(sameTime ? (state.ttl === undefined ? {} : { ttl: state.ttl }) : ttl === undefined ? {} : { ttl }),
  };
  // The URN of a provider's first request is not known: none is nobody's.
  const isOwn = isOurs(context, live.owner);
  if (state && !(sameTime && sameValue) && !isOwn) {
    const writer = live.owner === undefined ? "by a client that is no stack" : `by ${live.owner}`;
    const what = `${sameValue ? "its ttl" : "its value"} was changed outside of this stack, ${writer}`;
    await context.info(`${wordsFor(name)}: ${what} (revision ${live.revision})`);
  }
  const found = { inputs, state: sameTime ? writtenState(inputs, live) : { ...inputs, ...where(live) } };
  return state || live.owner === undefined ? found : { ...found, owners: [live.owner] };
}

function where({ revision, created }: Entry): Pick<KeyValueEntryState, "revision" | "created"> {
  return { revision, created };
}

function said(deletion: "deleted" | "purged" | "expired"): string {
  return deletion === "expired" ? "kept until its time ran out" : deletion;
}

function withoutPayload(inputs: KeyValueEntryInputs): KeyValueEntryInputs {
  const forms: readonly string[] = [...payloadForms, "digest"];
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !forms.includes(name)),
  ) as unknown as KeyValueEntryInputs;
}
