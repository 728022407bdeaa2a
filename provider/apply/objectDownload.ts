import { createHash, randomBytes } from "node:crypto";
import type { Msg, Subscription } from "nats";
import { NatsError } from "../errors";
import { chunkSubject, digestText } from "../model/objectMeta";
import type { ObjectMeta } from "../model/objectMeta";
import type { JetStream } from "./jetstream";
import { createConsumer, deleteConsumer } from "./jetstreamConsumers";
import { countChunks, objectStream, objectWords } from "./objects";
import type { ObjectName } from "./objects";
import { within } from "./within";

/** Longest silence between two chunks, in milliseconds. */
const silence = 10_000;
/** So often a line that went silent is taken up again without a chunk from it. */
const patience = 3;

/**
 * The content of an object, chunk by chunk, no faster than they are asked for; what is lost on the way is asked for again. Throws
 * where the object is not whole, at its end too, when all has been given out: only then its digest is known.
 */
export async function* objectPieces(
  js: JetStream,
  object: ObjectName,
  { nuid, chunks, digest }: ObjectMeta,
): AsyncGenerator<Buffer, void> {
  const there = chunks === 0 ? 0 : await countChunks(js, object, nuid);
  if (there !== chunks)
    throw new NatsError(`${objectWords(object)} is damaged: of ${chunks} chunks ${there} are there`);
  const sum = createHash("sha256");
  let [left, after, tries] = [chunks, 0, 0];
  while (left > 0) {
    const line = await ask(js, object, nuid, after);
    try {
      for (; left > 0; left--) {
        const chunk = await line.next();
        if (!chunk) break;
        sum.update(chunk.data);
        yield chunk.data;
        [after, tries] = [chunk.sequence, 0];
      }
    } finally {
      await line.close();
    }
    if (left > 0 && ++tries > patience) {
      throw new NatsError(`${objectWords(object)}: no chunk comes for ${silence / 1000} s, ${left} are missing`);
    }
  }
  const found = digestText(sum.digest());
  if (digest && found !== digest) {
    throw new NatsError(`${objectWords(object)} is damaged: its digest is ${found}, and its entry says ${digest}`);
  }
}

/** All of a small one; undefined where it is larger than `most` bytes or not whole. */
export async function objectBytes(
  js: JetStream,
  object: ObjectName,
  meta: ObjectMeta,
  most: number,
): Promise<Buffer | undefined> {
  if (meta.size > most) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of objectPieces(js, object, meta)) pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Line {
  /** undefined where one before it was lost, or nothing comes. */
  readonly next: () => Promise<{ readonly data: Buffer; readonly sequence: number } | undefined>;
  readonly close: () => Promise<void>;
}

/** The chunks behind sequence `after`. */
async function ask(js: JetStream, object: ObjectName, nuid: string, after: number): Promise<Line> {
  const { createInbox } = await import("nats");
  const { options } = js.connection as { readonly options?: { readonly inboxPrefix?: string } };
  const inbox = createInbox(options?.inboxPrefix);
  const subscription = js.connection.subscribe(inbox);
  const [stream, name] = [objectStream(object), `get-${randomBytes(8).toString("hex")}`];
  const close = async (): Promise<void> => {
    subscription.unsubscribe();
    // It ends by itself soon, as nobody listens to it.
    await deleteConsumer(js, stream, name).catch(() => undefined);
  };
  try {
    await createConsumer(js, stream, {
      name,
      deliver_subject: inbox,
      filter_subject: chunkSubject(object.bucket, nuid),
      ...(after === 0 ? { deliver_policy: "all" } : { deliver_policy: "by_start_sequence", opt_start_seq: after + 1 }),
      ack_policy: "none",
      flow_control: true,
      idle_heartbeat: 5_000_000_000,
      mem_storage: true,
      num_replicas: 1,
    });
    return { next: nextOf(subscription), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function nextOf(subscription: Subscription): Line["next"] {
  const messages = subscription[Symbol.asyncIterator]();
  let order = 0;
  return async () => {
    for (;;) {
      const found = await within(messages.next(), silence, () => new Silence()).catch(ofSilence);
      if (!found || found.done) return undefined;
      const message = found.value;
      if (message.headers && message.headers.code === 100) {
        // Flow control asks; a heartbeat of an idle line does not.
        message.respond();
        continue;
      }
      const { sequence, delivered } = placeOf(message);
      order += 1;
      return delivered === order ? { data: Buffer.from(message.data), sequence } : undefined;
    }
  };
}

class Silence extends Error {}

function ofSilence(error: Error): undefined {
  if (!(error instanceof Silence)) throw error;
}

/** `$JS.ACK.<stream>.<consumer>.<times>.<stream sequence>.<consumer sequence>.<time>.<pending>`; longer ones have more in front. */
function placeOf({ reply = "" }: Msg): { readonly sequence: number; readonly delivered: number } {
  const tokens = reply.split(".");
  const first = tokens.length < 11 ? 5 : 7;
  return { sequence: Number(tokens[first]), delivered: Number(tokens[first + 1]) };
}
