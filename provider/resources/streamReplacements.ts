import type { CallContext } from "../host/handler";

const allowed = new Set<string>();

/**
 * Remembers that the new program allows the old stream to go: a replacement's delete gets the old state only, which may still
 * say "refuse". `up` compares before it deletes, in the same process.
 */
export function allowReplacement(context: CallContext, id: string): void {
  allowed.add(keyOf(context, id));
}

export function isReplacementAllowed(context: CallContext, id: string): boolean {
  return allowed.has(keyOf(context, id));
}

function keyOf(context: CallContext, id: string): string {
  return `${context.urn ?? ""} ${id}`;
}
