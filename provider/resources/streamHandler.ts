import type { Handler } from "../host/handler";
import { plainOptionNames } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { streamHandlerOf } from "./streamHandlerOf";
import { plainStream } from "./streamState";
import type { StreamState } from "./streamState";

export const streamHandler: Handler<StreamInputs, StreamState> = {
  ...streamHandlerOf("Stream", plainStream),
  options: plainOptionNames,
};
