import type { CallContext } from "../host/handler";
import type { DataOptions } from "../model/backup";

const announced = new Map<string, DataOptions>();

/**
 * Remembers what the new program says of a stream, or a consumer, that is about to be replaced: its delete gets the old state only, which may
 * still say "refuse". `up` compares before it deletes, in the same process.
 */
export function announceReplacement(context: CallContext, id: string, options: DataOptions): void {
  announced.set(keyOf(context, id), options);
}

/** Takes what the new program says about the old one's messages, and where it starts from; undefined where nothing was announced. */
export function takeReplacement(context: CallContext, id: string): DataOptions | undefined {
  const options = announced.get(keyOf(context, id));
  announced.delete(keyOf(context, id));
  return options;
}

function keyOf(context: CallContext, id: string): string {
  return `${context.urn ?? ""} ${id}`;
}
