import type { CallContext } from "../host/handler";

const said = new Map<string, ReadonlySet<string>>();

/** Remembers what a comparison has said on the resource's row: the change that follows in the same process need not say it again. */
export function rememberNotes({ urn, refreshing }: CallContext, messages: readonly string[]): void {
  if (urn !== undefined && refreshing !== true) said.set(urn, new Set(messages));
}

export function wasSaid({ urn }: CallContext, message: string): boolean {
  return urn !== undefined && said.get(urn)?.has(message) === true;
}
