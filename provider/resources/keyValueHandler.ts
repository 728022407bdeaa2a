import type { Handler } from "../host/handler";
import type { KeyValueInputs } from "../model/keyValue";
import { keyValueBucket } from "./keyValueState";
import type { KeyValueState } from "./keyValueState";
import { streamHandlerOf } from "./streamHandlerOf";

export const keyValueHandler: Handler<KeyValueInputs, KeyValueState> = streamHandlerOf("KeyValue", keyValueBucket);
