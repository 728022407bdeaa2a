import type { Handler } from "../host/handler";
import type { ObjectStoreInputs } from "../model/objectStore";
import { objectStoreBucket } from "./objectStoreState";
import type { ObjectStoreState } from "./objectStoreState";
import { streamHandlerOf } from "./streamHandlerOf";

export const objectStoreHandler: Handler<ObjectStoreInputs, ObjectStoreState> = streamHandlerOf(
  "ObjectStore",
  objectStoreBucket,
);
