import type { NatsConnection } from "nats";
import { NatsError } from "../errors";

export interface RequestOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** What is asked, for the error: `the configuration of stream "ORDERS"`. Default the subject. */
  readonly what?: string;
}

/** Nobody answers on that subject: the feature is off, or the user may not ask. */
export class NoResponders extends NatsError {}

export class RequestTimeout extends NatsError {}

/** The user may not publish the request, or not receive the answer. */
export class RequestDenied extends NatsError {}

/** Asks and reads the answer as JSON; a payload that is no text is sent as JSON. */
export async function requestJson<Answer>(
  connection: NatsConnection,
  subject: string,
  payload: unknown,
  options: RequestOptions,
): Promise<Answer> {
  const text = payload === undefined ? "" : typeof payload === "string" ? payload : JSON.stringify(payload);
  const what = options.what ?? subject;
  let answer: string;
  try {
    answer = (await connection.request(subject, text, { timeout: options.timeout })).string();
  } catch (error) {
    throw explained(error, connection, subject, what, options.timeout);
  }
  try {
    return JSON.parse(answer) as Answer;
  } catch {
    throw new NatsError(`${what}: the answer on ${subject} is no JSON`);
  }
}

function explained(error: unknown, connection: NatsConnection, subject: string, what: string, timeout: number): Error {
  const { code, message } = error as { code?: string; message?: string };
  const server = connection.getServer();
  if (code === "503") return new NoResponders(`${what}: nobody answers on ${subject} (at ${server})`);
  if (code === "TIMEOUT") {
    return new RequestTimeout(`${what}: no answer on ${subject} in ${timeout / 1000} s (at ${server})`);
  }
  if (/permissions violation/i.test(message ?? "")) {
    return new RequestDenied(`${what}: the user may not use ${subject}: ${message}`);
  }
  return new NatsError(`${what}: ${message ?? String(error)} (at ${server})`, { cause: error });
}
