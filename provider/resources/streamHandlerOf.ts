import type { Handler } from "../host/handler";
import { streamOptionNames } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import { checkStream } from "./streamCheck";
import { streamObject } from "./streamObject";
import { createStreamResource } from "./streamCreate";
import { deleteStreamResource } from "./streamDelete";
import { diffStream } from "./streamDiff";
import type { StreamKind, StreamKindState } from "./streamKind";
import { readStream } from "./streamRead";
import { updateStreamResource } from "./streamUpdate";

/** The life of a stream, and of whatever is one under another name. */
export function streamHandlerOf<Inputs extends StreamOptions>(
  name: string,
  kind: StreamKind<Inputs>,
): Handler<Inputs, StreamKindState<Inputs>> {
  return {
    kind: name,
    schema: 1,
    marks: true,
    options: streamOptionNames,
    objects: (inputs) => streamObject(kind, inputs),
    check: (context, olds, news) => checkStream(kind, context, olds, news),
    diff: (context, id, olds, news) => diffStream(kind, context, id, olds, news),
    create: (context, inputs) => createStreamResource(kind, context, inputs),
    read: (context, id, state) => readStream(kind, context, id, state),
    update: (context, id, olds, news) => updateStreamResource(kind, context, id, olds, news),
    delete: (context, id, state) => deleteStreamResource(kind, context, id, state),
  };
}
