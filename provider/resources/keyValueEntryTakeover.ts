import { wordsFor } from "../apply/keyValueEntries";
import type { Entry } from "../apply/keyValueEntries";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { isOurs } from "../model/ownership";
import { formOf } from "../model/payload";
import { foreignObject } from "./foreignObject";
import { isWritten, takenEntry } from "./keyValueEntryState";

/** What a create makes of a value that is there already and is nobody's or somebody else's: said in the preview. */
export async function entryTakeover(
  context: CallContext,
  live: Entry | undefined,
  inputs: KeyValueEntryInputs,
): Promise<Problem[]> {
  if (!live || live.deletion || context.importing || isOurs(context, live.owner)) return [];
  if (inputs.adopt !== true) return [foreignObject(takenEntry(inputs, live))];
  const isOpen = hasUnknown(inputs);
  if (!isOpen && isWritten(inputs, live)) {
    // The mark of whom it belongs to stands with the value.
    const time = live.ttl === undefined ? "" : ", and its time starts anew";
    const done = live.owner === undefined ? "nothing is written" : `a new revision says whose it is now${time}`;
    const from = live.owner === undefined ? "" : ` from ${live.owner}`;
    await context.info(`adopts ${wordsFor(inputs)}${from}: it holds what the program says, ${done}`);
    return [];
  }
  const whose = live.owner === undefined ? "" : ` and belongs to ${live.owner}`;
  const found = `${wordsFor(inputs)} exists (revision ${live.revision}, of ${live.created})${whose}`;
  const reason = `${found}: what it holds is written over${isOpen ? ", unless it is the same" : ""}`;
  return [{ path: formOf(inputs) ?? "value", reason, severity: "warning" }];
}
