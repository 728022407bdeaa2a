import { objectWords } from "../apply/objects";
import type { Handler } from "../host/handler";
import { objectOptions } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { declaredAs } from "./declaredAs";
import { checkObject } from "./storedObjectCheck";
import { diffObject } from "./storedObjectDiff";
import { readObjectResource } from "./storedObjectRead";
import type { StoredObjectState } from "./storedObjectState";
import { createObject, deleteObject, updateObject } from "./storedObjectWrite";

export const storedObjectHandler: Handler<StoredObjectInputs, StoredObjectState> = {
  kind: "StoredObject",
  schema: 1,
  marks: true,
  options: objectOptions,
  unshown: ["value", "json", "base64"],
  objects: (inputs) => declaredAs("object", [inputs.bucket, inputs.name], objectWords(inputs), "name"),
  check: checkObject,
  diff: diffObject,
  create: createObject,
  read: readObjectResource,
  update: updateObject,
  delete: deleteObject,
};
