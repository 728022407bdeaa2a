import type { Msg, Subscription } from "nats";
import { NatsError } from "../errors";
import { formatJson, isObject, parseJson, textOf } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import type { StreamState } from "../plan/streamRulesLoss";
import type { JetStream } from "./jetstream";
import { JetStreamError } from "./jetstreamErrors";
import type { ApiError } from "./jetstreamErrors";
import type { StreamInfo } from "./jetstreamStreams";

/** What stands beside the bytes of a snapshot: `backup.json` of the nats CLI. */
export interface SnapshotFacts {
  readonly config: JsonObject;
  readonly state: StreamState;
  /** Bytes of the snapshot; the nats CLI does not write them down. */
  readonly size?: number;
}

/** A snapshot that was kept, with what it is. */
export interface Snapshot extends SnapshotFacts {
  readonly size: number;
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** Longest silence between two pieces, in milliseconds; the server gives up after about as long. */
const silence = 10_000;
const chunkSize = 128 * 1024;

/**
 * The server's own snapshot of a stream with its consumers. The server checks every message of it first, and sends no faster than
 * pieces are asked for. They throw where it is not whole, and have to be begun with.
 */
export async function openSnapshot(
  js: JetStream,
  name: string,
): Promise<SnapshotFacts & { readonly pieces: AsyncGenerator<Buffer, void> }> {
  const what = `snapshot of stream "${name}"`;
  const { createInbox } = await import("nats");
  const { options } = js.connection as { readonly options?: { readonly inboxPrefix?: string } };
  const inbox = createInbox(options?.inboxPrefix);
  const subscription = js.connection.subscribe(inbox);
  try {
    const request = { deliver_subject: inbox, chunk_size: chunkSize, no_consumers: false, jsck: true };
    const { config, state } = await js.request(`STREAM.SNAPSHOT.${name}`, request, what);
    return {
      config: config as JsonObject,
      state: state as unknown as StreamState,
      pieces: piecesOf(subscription, what),
    };
  } catch (error) {
    subscription.unsubscribe();
    throw error;
  }
}

async function* piecesOf(subscription: Subscription, what: string): AsyncGenerator<Buffer, void> {
  const pieces = subscription[Symbol.asyncIterator]();
  try {
    for (let piece = await next(pieces, what); piece.data.length > 0; piece = await next(pieces, what)) {
      yield Buffer.from(piece.data);
      piece.respond();
    }
  } finally {
    subscription.unsubscribe();
  }
}

/** The last piece is empty; where the server gave up, its status says why. */
async function next(pieces: AsyncIterator<Msg>, what: string): Promise<Msg> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = silence / 1000;
    timer = setTimeout(
      () => reject(new NatsError(`${what}: nothing comes for ${seconds} s, so it is not whole`)),
      silence,
    );
  });
  try {
    const found = await Promise.race([pieces.next(), late]);
    if (found.done) throw new NatsError(`${what}: the connection ended in the midst of it`);
    const { headers } = found.value;
    if (headers && headers.code >= 300) throw new NatsError(`${what}: ${headers.code} ${headers.description}`);
    return found.value;
  } finally {
    clearTimeout(timer);
  }
}

/** Makes the stream of a snapshot again, with its consumers. Throws where its bytes are damaged, and then there is no stream. */
export async function restoreStream(
  js: JetStream,
  { config, state }: SnapshotFacts,
  pieces: AsyncIterable<Buffer>,
  timeout: number,
): Promise<StreamInfo> {
  const name = textOf(config["name"]);
  const what = `restoring stream "${name}"`;
  const answer = await js.request(`STREAM.RESTORE.${name}`, { config, state: state as unknown as JsonObject }, what);
  const inbox = textOf(answer["deliver_subject"]);
  const send = async (bytes: Uint8Array, patience: number): Promise<JsonObject | undefined> => {
    const { data } = await js.connection.request(inbox, bytes, { timeout: patience });
    const said = data.length === 0 ? undefined : (parseJson(Buffer.from(data).toString()) as JsonObject);
    const refusal = said?.["error"] as ApiError | undefined;
    if (refusal) throw new JetStreamError(what, refusal);
    return said;
  };
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; start += chunkSize) {
      await send(piece.subarray(start, start + chunkSize), silence);
    }
  }
  const made = await send(new Uint8Array(), timeout);
  if (!made) throw new NatsError(`${what}: the server does not say that it is done`);
  return made as unknown as StreamInfo;
}

/** `backup.json` as the nats CLI writes it, which passes over our size in it. */
export function factsText({ config, state, size }: Snapshot): string {
  return `${formatJson({ config, state: state as unknown as JsonObject, size })}\n`;
}

/** undefined where it does not say what the stream was. */
export function factsIn(text: string): SnapshotFacts | undefined {
  const facts = parsed(text);
  const isWhole = isObject(facts) && isObject(facts["config"]) && isObject(facts["state"]);
  return isWhole ? (facts as unknown as SnapshotFacts) : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
