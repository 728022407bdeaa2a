import { NatsError } from "../errors";
import { parseJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { JetStream } from "./jetstream";
import { errorCodes, isNotFound, isPassing, JetStreamError } from "./jetstreamErrors";
import type { ApiError } from "./jetstreamErrors";
import { streamInfo } from "./jetstreamStreams";
import { sleep } from "./wait";

/** A message as a stream keeps it. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  /** RFC 3339. */
  readonly time: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Buffer;
}

/** The last message of a subject; undefined where there is none, or no such stream. */
export async function lastMessage(
  js: JetStream,
  stream: string,
  subject: string,
  what: string,
): Promise<StoredMessage | undefined> {
  return oneMessage(js, stream, { last_by_subj: subject }, what);
}

/** The first message of a subject from that sequence on; undefined where there is none, or no such stream. */
export async function firstMessage(
  js: JetStream,
  stream: string,
  subject: string,
  from: number,
  what: string,
): Promise<StoredMessage | undefined> {
  return oneMessage(js, stream, { seq: from, next_by_subj: subject }, what);
}

async function oneMessage(
  js: JetStream,
  stream: string,
  wanted: JsonObject,
  what: string,
): Promise<StoredMessage | undefined> {
  try {
    const answer = await js.request(`STREAM.MSG.GET.${stream}`, wanted, what);
    return storedMessage(answer["message"] as JsonObject);
  } catch (error) {
    const isNone = error instanceof JetStreamError && error.code === errorCodes.noMessage;
    if (isNone || isNotFound(error)) return undefined;
    throw error;
  }
}

/** One message to be stored as the next of its subject, where `after` is still the last one (0: there is none). */
export interface NextMessage {
  readonly stream: string;
  readonly subject: string;
  /** Where it is published, if not under its own name: through a domain. */
  readonly through?: string;
  readonly data: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
  readonly after: number;
  /** True of a stored message that is as good as this one. */
  readonly isDone: (last: StoredMessage) => boolean;
  /** Names it in errors: `key "a" of bucket "config"`. */
  readonly what: string;
}

/** Somebody else was faster: the last message of the subject is another one than was expected. */
export class WriteConflict extends NatsError {
  /** Sequence of what is last now, 0 for nothing. */
  readonly found: number;
  constructor(what: string, after: number, found: number) {
    super(`${what} is at revision ${found} now, not at ${after}: somebody else wrote it in the meantime`);
    this.found = found;
  }
}

/** Writes compare-and-set and returns the sequence. What was sent without an answer is looked for before it is sent again. */
export async function publishNext(js: JetStream, message: NextMessage): Promise<number> {
  const { stream, subject, after, what } = message;
  const headers = { ...message.headers, [expectedHeader]: String(after) };
  const deadline = Date.now() + js.timeout;
  for (let pause = 100; ; pause = Math.min(pause * 2, 1000)) {
    try {
      // A leader that steps down takes messages with it that nobody answers: time is left for another one.
      const timeout = Math.max(250, (deadline - Date.now()) / 2);
      return await publish(js, message.through ?? subject, message.data, headers, what, timeout);
    } catch (error) {
      const isConflict = error instanceof JetStreamError && wrongLast.includes(error.code);
      if (!isConflict && !isPassing(error) && !(error instanceof NoAck)) throw error;
      const last = await lastMessage(js, stream, subject, what);
      const found = last?.sequence ?? 0;
      if (last && found > after && message.isDone(last)) return found;
      if (found !== after) throw new WriteConflict(what, after, found);
      // While a leader is chosen nobody answers either; where there is no such stream nobody ever will.
      if (error instanceof NobodyThere && !(await streamInfo(js, stream))) throw error;
      if (Date.now() + pause > deadline) throw error;
      await sleep(pause);
    }
  }
}

/** Bytes that the headers of such a write take: servers count them where they limit a message. */
export function headerSize(headers: Readonly<Record<string, string>>, after: number): number {
  const all = { ...headers, [expectedHeader]: String(after) };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\r\n`);
  return Buffer.byteLength(`NATS/1.0\r\n${lines.join("")}\r\n`);
}

const expectedHeader = "Nats-Expected-Last-Subject-Sequence";

/** The connection takes no message of that size. */
export class TooLarge extends NatsError {}

/** Nobody said whether it was stored. */
export class NoAck extends NatsError {}

/** Nobody listens, so nothing was stored: no such stream, or one that has no leader at the moment. */
class NobodyThere extends NoAck {}

/** Publishes and waits for the stream's word; returns the sequence. */
export async function publish(
  js: JetStream,
  subject: string,
  data: Buffer | string,
  headers: Readonly<Record<string, string>>,
  what: string,
  timeout = js.timeout,
): Promise<number> {
  const { headers: makeHeaders } = require("nats") as typeof import("nats");
  const packed = makeHeaders();
  for (const [key, value] of Object.entries(headers)) packed.set(key, value);
  // Even empty ones would count towards the server's max_payload.
  const beside = Object.keys(headers).length === 0 ? {} : { headers: packed };
  let text: string;
  try {
    text = (await js.connection.request(subject, data, { ...beside, timeout })).string();
  } catch (error) {
    throw explained(error as Error & { code?: string }, js, subject, what);
  }
  const ack = parseJson(text) as JsonObject;
  if (ack["error"]) throw new JetStreamError(what, ack["error"] as unknown as ApiError);
  return Number(ack["seq"]);
}

/** Another message of its subject was last. */
const wrongLast: readonly number[] = [10071, 10164];

function explained(error: Error & { code?: string }, js: JetStream, subject: string, what: string): Error {
  const at = js.connection.getServer();
  if (error.code === "503") return new NobodyThere(`${what}: no stream stores ${subject} (at ${at})`, { cause: error });
  if (/permissions violation/i.test(error.message)) {
    const fix = `Fix: allow the user to publish to "${subject}"`;
    return new NatsError(`${what}: the user may not publish to ${subject}. ${fix}`, { cause: error });
  }
  if (error.code === "MAX_PAYLOAD_EXCEEDED") {
    return new TooLarge(
      `${what}: it is larger than the server's max_payload (${js.connection.info?.max_payload} bytes)`,
    );
  }
  return new NoAck(`${what}: no answer to what was published on ${subject} (${error.message}, at ${at})`, {
    cause: error,
  });
}

function storedMessage(message: JsonObject): StoredMessage {
  return {
    subject: textOf(message["subject"]),
    sequence: Number(message["seq"]),
    time: textOf(message["time"]),
    headers: headersOf(textOf(message["hdrs"])),
    data: Buffer.from(textOf(message["data"]), "base64"),
  };
}

function headersOf(encoded: string): ReadonlyMap<string, string> {
  const [, ...lines] = Buffer.from(encoded, "base64").toString("utf8").split("\r\n");
  return new Map(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at), line.slice(at + 1).trim()] as const;
      }),
  );
}
