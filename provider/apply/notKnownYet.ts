import type { NatsConnection } from "nats";
import { errorCodes, JetStreamError } from "./jetstreamErrors";

/** Milliseconds: generous for a new leader, or a member without processor time, that catches up with what others have acknowledged. */
const patience = 3000;

/** When a stream that is known to be there was first said not to be: once for all who ask for it by that connection. */
const denied = new WeakMap<NatsConnection, Map<string, number>>();

/** Whether "not found", about a stream that was there a moment ago, may be the word of a server that does not know it yet. */
export function notKnownYet(connection: NatsConnection, stream: string, error: unknown): boolean {
  if (!(error instanceof JetStreamError) || error.code !== errorCodes.streamNotFound) return false;
  const streams = denied.get(connection) ?? new Map<string, number>();
  denied.set(connection, streams);
  const since = streams.get(stream) ?? Date.now();
  streams.set(stream, since);
  return Date.now() - since < patience;
}

/** A server knows it: who denies it later has its time again. */
export function known(connection: NatsConnection, stream: string): void {
  denied.get(connection)?.delete(stream);
}
