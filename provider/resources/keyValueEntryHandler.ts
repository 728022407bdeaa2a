import { wordsFor } from "../apply/keyValueEntries";
import type { Handler } from "../host/handler";
import { entryOptions } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { declaredAs } from "./declaredAs";
import { checkEntry } from "./keyValueEntryCheck";
import { diffEntry } from "./keyValueEntryDiff";
import { readEntryResource } from "./keyValueEntryRead";
import type { KeyValueEntryState } from "./keyValueEntryState";
import { createEntry, deleteEntry, updateEntry } from "./keyValueEntryWrite";

export const keyValueEntryHandler: Handler<KeyValueEntryInputs, KeyValueEntryState> = {
  kind: "KeyValueEntry",
  schema: 1,
  marks: true,
  options: entryOptions,
  plain: ["key"],
  unshown: ["value", "json", "base64", "digest"],
  objects: (inputs) => declaredAs("entry", [inputs.bucket, inputs.key], wordsFor(inputs), "key"),
  check: checkEntry,
  diff: diffEntry,
  create: createEntry,
  read: readEntryResource,
  update: updateEntry,
  delete: deleteEntry,
};
