import type { Handler } from "../host/handler";
import type { StreamInputs } from "../model/stream";
import { streamHandlerOf } from "./streamHandlerOf";
import { plainStream } from "./streamState";
import type { StreamState } from "./streamState";

export const streamHandler: Handler<StreamInputs, StreamState> = streamHandlerOf("Stream", plainStream);
