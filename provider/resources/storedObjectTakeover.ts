import type { JetStream } from "../apply/jetstream";
import { hasChunks, objectWords } from "../apply/objects";
import type { LiveObject } from "../apply/objects";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { isOurs } from "../model/ownership";
import { formOf, payloadDigest } from "../model/payload";
import { sizeText } from "../model/sizeText";
import { describedChanges, objectOwner } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { foreignObject } from "./foreignObject";
import { described, takenObject } from "./storedObjectState";

/** What stands there now, and would be kept or taken over: said in the preview. */
export async function objectTakeover(
  context: CallContext,
  js: JetStream,
  object: LiveObject | undefined,
  place: StoredObjectInputs | undefined,
  inputs: StoredObjectInputs,
): Promise<Problem[]> {
  const form = formOf(inputs);
  const isThere = object !== undefined && object.meta.deleted !== true;
  if (form === undefined && !(isThere && object.meta.digest === inputs.digest)) {
    const reason = isThere ? `the object's digest is ${object.meta.digest}` : `there is no such object to keep`;
    return [{ path: "digest", reason, fix: 'say what to store: file: "logo.svg"' }];
  }
  if (!isThere || form === undefined) return [];
  const owner = objectOwner(object.meta);
  if (place || context.importing || isOurs(context, owner)) return [];
  if (inputs.adopt !== true) return [foreignObject(takenObject(inputs, object))];
  const name = objectWords(inputs);
  const isOpen = hasUnknown(inputs);
  const others = isOpen ? [] : describedChanges(described(object, inputs), inputs);
  const isSame = !isOpen && object.meta.digest === payloadDigest(inputs) && !others.includes("chunkSize");
  const stays = isSame && (await hasChunks(js, inputs, object));
  if (stays && others.length === 0) {
    const done = owner === undefined ? "nothing is written" : "its content stays, its entry says whose it is now";
    await context.info(
      `adopts ${name}${owner === undefined ? "" : ` from ${owner}`}: it is what the program says, ${done}`,
    );
    return [];
  }
  const whose = owner === undefined ? "" : ` and belongs to ${owner}`;
  const found = `${name} exists (${sizeText(object.meta.size)}, of ${object.modified})${whose}`;
  const done = stays ? `${others.join(", ")} written over; its content stays` : "it is written over";
  const reason = `${found}: ${done}${isOpen ? ", unless it is the same" : ""}`;
  return [{ path: stays ? others[0]! : form, reason, severity: "warning" }];
}
