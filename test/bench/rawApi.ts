import { connect } from "nats";
import type { NatsConnection } from "nats";
import { inTurns } from "../../provider/apply/inTurns";
import type { Phases, Work } from "./work";
import { streamSubject } from "./work";

const concurrency = 50;

/** The same work by bare requests, 50 at a time, with nothing around them: what the servers can do at most. */
export async function rawApi(url: string, work: Work): Promise<Phases> {
  const connection = await connect({ servers: url });
  const ask = async (subject: string, payload: object | undefined): Promise<Record<string, unknown>> => {
    const text = payload === undefined ? "" : JSON.stringify(payload);
    const answer = await connection.request(`$JS.API.${subject}`, text, { timeout: 60_000 });
    const json = answer.json<Record<string, unknown>>();
    if (json["error"]) throw new Error(`${subject}: ${JSON.stringify(json["error"])}`);
    return json;
  };
  try {
    const streams = Array.from({ length: work.streams }, (_, index) => index);
    const consumers = streams.flatMap((stream) =>
      Array.from({ length: work.consumers }, (_, index) => ({ stream, index })),
    );
    const stream = (index: number, change = {}) => ({
      name: `S${index}`,
      subjects: [streamSubject(index)],
      num_replicas: work.replicas,
      storage: "file",
      max_age: 86_400_000_000_000,
      ...change,
    });
    const consumer = (of: number, index: number, change = {}) => {
      const name = `C${index}`;
      const config = { name, durable_name: name, ack_policy: "explicit", max_deliver: 5, ...change };
      return [`CONSUMER.CREATE.S${of}.${name}`, { stream_name: `S${of}`, config }] as const;
    };
    const changed = <Item>(items: readonly Item[]) => items.filter((_, index) => index % 10 === 0);
    const listAll = async (): Promise<void> => {
      await list(connection, ask, "STREAM.LIST", "streams");
      if (work.consumers === 0) return;
      await inTurns(streams, (index) => list(connection, ask, `CONSUMER.LIST.S${index}`, "consumers"), concurrency);
    };
    return {
      up: await timed(async () => {
        await inTurns(streams, (index) => ask(`STREAM.CREATE.S${index}`, stream(index)), concurrency);
        await inTurns(consumers, (each) => ask(...consumer(each.stream, each.index)), concurrency);
      }),
      refreshed: await timed(listAll),
      refresh: await timed(listAll),
      change: await timed(async () => {
        const update = { max_msgs: 1000 };
        await inTurns(changed(streams), (index) => ask(`STREAM.UPDATE.S${index}`, stream(index, update)), concurrency);
        const lower = { max_deliver: 7 };
        await inTurns(changed(consumers), (each) => ask(...consumer(each.stream, each.index, lower)), concurrency);
      }),
      destroy: await timed(async () => {
        const gone = consumers.map((each) => `CONSUMER.DELETE.S${each.stream}.C${each.index}`);
        await inTurns(gone, (subject) => ask(subject, undefined), concurrency);
        await inTurns(streams, (index) => ask(`STREAM.DELETE.S${index}`, undefined), concurrency);
      }),
    };
  } finally {
    await connection.close();
  }
}

async function list(
  _connection: NatsConnection,
  ask: (subject: string, payload: object) => Promise<Record<string, unknown>>,
  subject: string,
  what: string,
): Promise<void> {
  for (let offset = 0; ;) {
    const page = await ask(subject, { offset });
    const count = (page[what] as unknown[] | null)?.length ?? 0;
    offset += count;
    if (count === 0 || offset >= Number(page["total"])) return;
  }
}

async function timed(work: () => Promise<void>): Promise<{ readonly seconds: number }> {
  const started = process.hrtime.bigint();
  await work();
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}
