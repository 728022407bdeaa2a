import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { PartialFailure } from "../../provider/host/handler";
import type { CallContext } from "../../provider/host/handler";
import { handlerOf } from "../../provider/host/registry";
import { followerOf } from "../bed/followerOf";
import type { NatsServer } from "../bed/natsServer";
import { untilReplicated } from "../bed/untilReplicated";

export interface FrozenBed {
  readonly js: JetStream;
  readonly servers: readonly NatsServer[];
  readonly freeze: (...which: readonly NatsServer[]) => void;
  readonly thaw: () => void;
  readonly here: (timeout?: number, url?: string, patience?: string) => CallContext;
}

/** One object of three replicas, the change that is asked for, and how it shows on the server. */
interface Waiting {
  readonly kind: string;
  readonly id: string;
  readonly inputs: object;
  readonly news: object;
  /** Name in messages. */
  readonly called: RegExp;
  readonly isThere: (js: JetStream) => Promise<boolean>;
}

const streamHas =
  (name: string, field: string, value: unknown) =>
  async (js: JetStream): Promise<boolean> =>
    (await streamInfo(js, name))?.config[field] === value;
const consumerHas =
  (name: string, field: string, value: unknown) =>
  async (js: JetStream): Promise<boolean> =>
    (await consumerInfo(js, "JOBS", name))?.config[field] === value;

const consumer = { stream: "JOBS", name: "single", replicas: 3 };
const kinds: readonly Waiting[] = [
  {
    kind: "KeyValue",
    id: "config",
    inputs: { bucket: "config", replicas: 3 },
    news: { bucket: "config", replicas: 3, history: 7 },
    called: /stream "KV_config"/,
    isThere: streamHas("KV_config", "max_msgs_per_subject", 7),
  },
  {
    kind: "ObjectStore",
    id: "assets",
    inputs: { bucket: "assets", replicas: 3 },
    news: { bucket: "assets", replicas: 3, description: "more" },
    called: /stream "OBJ_assets"/,
    isThere: streamHas("OBJ_assets", "description", "more"),
  },
  {
    kind: "Consumer",
    id: "JOBS/single",
    inputs: consumer,
    news: { ...consumer, maxDeliver: 7, pauseUntil: "2100-01-01T00:00:00Z" },
    called: /consumer "single" of stream "JOBS"/,
    isThere: async (js) =>
      (await consumerHas("single", "max_deliver", 7)(js)) &&
      (await consumerHas("single", "pause_until", "2100-01-01T00:00:00Z")(js)),
  },
  {
    kind: "Consumers",
    id: "workers",
    inputs: { consumers: { JOBS: { member: { replicas: 3 } } } },
    news: { consumers: { JOBS: { member: { replicas: 3, maxDeliver: 7 } } } },
    called: /consumer "JOBS\/member"/,
    isThere: consumerHas("member", "max_deliver", 7),
  },
];

const handlerFor = (kind: string) => handlerOf(kind)!;

/** Makes one of each; their states. */
export async function makeOthers({ js, here }: FrozenBed): Promise<object[]> {
  await createStream(js, { name: "JOBS", subjects: ["jobs"], num_replicas: 3 });
  return Promise.all(kinds.map(async ({ kind, inputs }) => (await handlerFor(kind).create(here(), inputs)).state));
}

/** While nobody leads: updates and creates end in their time, and say what was asked in vain. */
export async function askOthersInVain(context: CallContext, states: readonly object[]): Promise<void> {
  const started = Date.now();
  const ends = await Promise.allSettled([
    ...kinds.map(({ kind, id, news }, index) => handlerFor(kind).update(context, id, states[index]!, news)),
    ...kinds.map(({ kind, inputs }) => handlerFor(kind).create(context, fresh(inputs))),
  ]);
  assert.ok(Date.now() - started < 45_000, `${Date.now() - started} ms`);
  for (const [index, end] of ends.entries()) {
    const { kind } = kinds[index % kinds.length]!;
    assert.equal(end.status, "rejected", kind);
    const { message } = end.reason as Error;
    assert.match(message, /(no answer to \$JS\.API\.\S+ from 127\.0\.0\.1:\d+|no leader).*Fix: |\(10008\)/s, kind);
  }
}

/** Once there is a leader again, the next run does what was asked. */
export async function updateOthers({ js, here }: FrozenBed, states: readonly object[]): Promise<void> {
  for (const name of ["JOBS", "KV_config", "OBJ_assets"]) await isLed(js, name);
  for (const name of ["single", "member"]) await untilReplicated(js, "JOBS", name);
  for (const [index, { kind, id, news }] of kinds.entries()) {
    await handlerFor(kind).update(here(), id, states[index]!, news);
  }
  await areThere(js);
}

/** One that led before it stood still may answer a moment longer, with what it had then. */
async function areThere(js: JetStream, which = kinds.map(({ kind }) => kind)): Promise<void> {
  for (const { kind, isThere } of kinds) {
    if (!which.includes(kind)) continue;
    await waitFor<true>(`the change of ${kind}`, { timeout: 30_000 }, async () =>
      (await isThere(js)) ? { value: true } : { pending: "it is as it was" },
    );
  }
}

/** Waits of what is no plain stream: each ends in its time, says what was seen last, and the next run goes on from there. */
export function waitsOfOthers(bed: () => FrozenBed): void {
  const jobs = () => createStream(bed().js, { name: "JOBS", subjects: ["jobs"], num_replicas: 3 });

  it("of buckets and consumers, a replica that is not there: end in time with the last state, and go on from what stands", async () => {
    const { js, servers, freeze, thaw, here } = bed();
    await jobs();
    await isLed(js, "JOBS");
    const away = await followerOf(js, servers, "JOBS");
    const hasty = here(3000, servers[(away + 1) % 3]!.url);
    freeze(servers[away]!);
    const seen = new RegExp(`last seen: .*(n${away}|no leader)`, "s");
    const failed = await Promise.all(
      kinds.map(async ({ kind, inputs }) =>
        handlerFor(kind)
          .create(hasty, inputs)
          .catch((error: unknown) => error),
      ),
    );
    for (const [index, error] of failed.entries()) {
      const { kind, called } = kinds[index]!;
      assert.ok(error instanceof PartialFailure, `${kind}: ${String(error)}`);
      assert.match(error.message, called);
      assert.match(error.message, seen);
      assert.match(
        error.message,
        /(not within 3 s|not current in time); .*\. Fix: run `pulumi up` again when the servers are up; customTimeouts gives it longer/s,
      );
    }
    // What is changed while it is away is taken, and nothing of it is lost by the run after that.
    const changed = await Promise.all(
      kinds.map(async ({ kind, id, news }, index) => {
        const { state } = failed[index] as PartialFailure<object>;
        return handlerFor(kind)
          .update(hasty, id, state, news)
          .catch((error: unknown) => error);
      }),
    );
    for (const [index, error] of changed.entries()) {
      assert.ok(error instanceof PartialFailure, `${kinds[index]!.kind}: ${String(error)}`);
      assert.match(error.message, seen);
    }
    thaw();
    for (const [index, { kind, id, news }] of kinds.entries()) {
      const { state } = changed[index] as PartialFailure<object>;
      const whole = await handlerFor(kind).update(here(), id, state, news);
      await areThere(js, [kind]);
      assert.deepEqual((await handlerFor(kind).diff(here(), id, whole, news)).changes, {}, kind);
      assert.deepEqual((await handlerFor(kind).read(here(), id, whole))!.inputs, news, kind);
    }
  });

  it("of a consumer whose only server is away: ends in time, says so, and goes on when that is back", async () => {
    const { js, servers, freeze, thaw, here } = bed();
    await jobs();
    const inputs = { stream: "JOBS", name: "single", replicas: 1 };
    // Servers choose where it lies: until it lies on one that does not answer for the stream and the group.
    const lone = await onServer(js, "n2");
    const handler = handlerFor("Consumer");
    const { state } = await handler.create(here(), { ...inputs, name: lone, adopt: true });
    freeze(servers[2]!);
    await isLed(js, "JOBS");
    const news = { ...inputs, name: lone, maxDeliver: 7 };
    const started = Date.now();
    const failed: unknown = await handler
      .update(here(2000, undefined, "5s"), `JOBS/${lone}`, state, news)
      .catch((error: unknown) => error);
    assert.ok(failed instanceof Error, "nobody leads it");
    assert.ok(Date.now() - started < 45_000, `${Date.now() - started} ms`);
    assert.match(
      failed.message,
      new RegExp(`consumer "${lone}" of stream "JOBS".*(no answer|offline|no leader|\\(\\d+\\))`, "s"),
    );
    thaw();
    const { state: kept } = failed instanceof PartialFailure ? (failed as PartialFailure<object>) : { state };
    await waitFor<true>("its leader", { timeout: 60_000, interval: 200 }, async () => {
      const info = await consumerInfo(js.within(1000), "JOBS", lone).catch(() => undefined);
      return info?.cluster?.leader ? { value: true } : { pending: "none" };
    });
    await handler.update(here(), `JOBS/${lone}`, kept, news);
    assert.equal((await consumerInfo(js, "JOBS", lone))!.config["max_deliver"], 7);
  });
}

/** The same object under another name. */
function fresh(inputs: object): object {
  const text = JSON.stringify(inputs).replace(/"(config|assets|single|member)"/g, '"$1_too"');
  return JSON.parse(text) as object;
}

async function isLed(js: JetStream, stream: string): Promise<void> {
  await waitFor<true>(`a leader of ${stream}`, { timeout: 90_000, interval: 200 }, async () => {
    const info = await streamInfo(js.within(1000), stream).catch(() => undefined);
    return info?.cluster?.leader ? { value: true } : { pending: "none" };
  });
}

/** A consumer of one replica on that server. */
async function onServer(js: JetStream, server: string): Promise<string> {
  for (let index = 0; index < 60; index++) {
    const name = `lone${index}`;
    const { cluster } = await createConsumer(js, "JOBS", {
      name,
      durable_name: name,
      ack_policy: "explicit",
      num_replicas: 1,
    });
    if (cluster?.leader === server) return name;
  }
  throw new Error(`no consumer came to lie on ${server}`);
}
