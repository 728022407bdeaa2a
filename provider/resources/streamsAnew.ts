import type { CallContext } from "../host/handler";
import { ofProgram } from "./ofProgram";

/** By URN. */
const anew = ofProgram(() => new Map<string, ReadonlySet<string>>());

/**
 * Remembers which streams of a resource its change makes anew: a server ends their consumers with them, also those that the state
 * of another resource still has. An earlier word of the same resource is forgotten. What a refresh compares is no change.
 */
export function announceAnew(context: CallContext, streams: readonly string[]): void {
  if (context.refreshing === true) return;
  const program = anew(context);
  if (streams.length === 0) program.delete(context.urn ?? "");
  else program.set(context.urn ?? "", new Set(streams));
}

/** That stream is made anew by the same program, or was a moment ago. */
export function isMadeAnew(context: CallContext, stream: string): boolean {
  return [...anew(context).values()].some((streams) => streams.has(stream));
}

/** What is said of a consumer of it. */
export function anewWith(stream: string): string {
  return `made anew with stream "${stream}", which ends it: it starts as its deliverPolicy says`;
}
