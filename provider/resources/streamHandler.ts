import type { Handler } from "../host/handler";
import type { StreamInputs } from "../model/stream";
import { checkStream } from "./streamCheck";
import { createStreamResource } from "./streamCreate";
import { deleteStreamResource } from "./streamDelete";
import { diffStream } from "./streamDiff";
import { readStream } from "./streamRead";
import type { StreamState } from "./streamState";
import { updateStreamResource } from "./streamUpdate";

export const streamHandler: Handler<StreamInputs, StreamState> = {
  kind: "Stream",
  schema: 1,
  check: checkStream,
  diff: diffStream,
  create: createStreamResource,
  read: readStream,
  update: updateStreamResource,
  delete: deleteStreamResource,
};
