import type { CallContext } from "../host/handler";
import type { DataOptions } from "../model/backup";

const allowed = new Map<string, DataOptions>();

/**
 * Remembers that the new program allows the old stream to go: a replacement's delete gets the old state only, which may still
 * say "refuse". `up` compares before it deletes, in the same process.
 */
export function allowReplacement(context: CallContext, id: string, options: DataOptions): void {
  allowed.set(keyOf(context, id), options);
}

/** What the new program says about the old one's messages; undefined where nothing was announced. */
export function allowedReplacement(context: CallContext, id: string): DataOptions | undefined {
  return allowed.get(keyOf(context, id));
}

function keyOf(context: CallContext, id: string): string {
  return `${context.urn ?? ""} ${id}`;
}
