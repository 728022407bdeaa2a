import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer, deleteConsumer, listConsumers } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import type { Diff } from "../../provider/host/handler";
import type { ConsumerInputs } from "../../provider/model/consumer";
import type { StreamInputs } from "../../provider/model/stream";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { consumerId } from "../../provider/resources/consumerState";
import type { ConsumerResourceState } from "../../provider/resources/consumerState";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

/** Where other tools plan wrongly or not at all; each on a real server with 20 messages in the stream. */
describe("What other tools get wrong about consumers", () => {
  const bed = jetStreamBed();
  let connection: NatsConnection;
  let js: JetStream;
  let config: ReadonlyMap<string, string>;
  before(() => {
    ({ connection, js } = bed());
    config = new Map([["servers", bed().server.url]]);
  });

  const stream = async (name: string, more: object = {}): Promise<void> => {
    await createStream(js, { name, subjects: [`${name}.*`], ...more });
  };
  const fill = async (name: string): Promise<void> => {
    for (let index = 1; index <= 20; index++) await connection.request(`${name}.x`, String(index), patient);
  };
  const contextFor = (inputs: ConsumerInputs) => contextOf(config, `urn:${inputs.stream}`).context;
  const made = async (inputs: ConsumerInputs): Promise<ConsumerResourceState> => {
    const checked = await consumerHandler.check(contextFor(inputs), undefined, inputs);
    assert.deepEqual(checked.problems, []);
    return (await consumerHandler.create(contextFor(inputs), checked.inputs)).state;
  };
  const diffOf = (state: ConsumerResourceState, news: ConsumerInputs): Promise<Diff> =>
    consumerHandler.diff(contextFor(news), consumerId(state), state, news);
  const updated = (state: ConsumerResourceState, news: ConsumerInputs): Promise<ConsumerResourceState> =>
    consumerHandler.update(contextFor(news), consumerId(state), state, news);
  const notesOf = ({ notes = [] }: Diff): string => notes.map(({ message }) => message).join("\n");
  /** As the engine goes about it. */
  const replaced = async (state: ConsumerResourceState, news: ConsumerInputs): Promise<ConsumerResourceState> => {
    const diff = await diffOf(state, news);
    assert.equal(diff.deleteBeforeReplace, true);
    await consumerHandler.delete(contextFor(news), consumerId(state), state);
    return (await consumerHandler.create(contextFor(news), news)).state;
  };
  /** Pulls up to `count` messages and acknowledges those that `isAcked` says; their bodies. */
  const pulled = async (of: ConsumerInputs, count: number, isAcked: (body: number) => boolean): Promise<number[]> => {
    const bodies: number[] = [];
    const consumer = await connection.jetstream().consumers.get(of.stream, of.name);
    const batch = await consumer.fetch({ max_messages: count, expires: 1000 });
    for await (const message of batch) {
      bodies.push(Number(message.string()));
      if (isAcked(bodies.at(-1)!)) assert.ok(await message.ackAck());
    }
    return bodies;
  };

  it("one that somebody deleted is said to be made anew, beside a change of it", async () => {
    await stream("left");
    const inputs: ConsumerInputs = { stream: "left", name: "c" };
    const state = await made(inputs);
    await deleteConsumer(js, "left", "c");
    const said = 'consumer "left/c" is not on the server: it is made anew and starts as its deliverPolicy says';
    assert.equal(notesOf(await diffOf(state, { ...inputs, ackWait: "1h" })), said);
  });

  it("rate limit, delivery group, priority, replicas change in place and keep what is acknowledged", async () => {
    await stream("inplace");
    await fill("inplace");
    const pull: ConsumerInputs = { stream: "inplace", name: "pull" };
    let state = await made(pull);
    await pulled(pull, 5, () => true);
    for (const more of [
      { replicas: 1 },
      { priorityPolicy: "pinned_client", priorityGroups: ["jobs"], priorityTimeout: "1m" } as const,
      { priorityPolicy: "overflow", priorityGroups: ["jobs", "more"] } as const,
      {},
    ]) {
      const news: ConsumerInputs = { ...pull, ...more };
      const { changes } = await diffOf(state, news);
      assert.ok(Object.keys(changes).length > 0);
      assert.ok(
        Object.values(changes).every((kind) => !kind.endsWith("-replace")),
        JSON.stringify(changes),
      );
      state = await updated(state, news);
      assert.equal((await consumerInfo(js, "inplace", "pull"))!.ack_floor.stream_seq, 5);
    }
    const push: ConsumerInputs = { stream: "inplace", name: "push", deliverSubject: "out.inplace" };
    const before = await made(push);
    const limited: ConsumerInputs = { ...push, rateLimitBps: 1_000_000, deliverGroup: "workers" };
    assert.deepEqual((await diffOf(before, limited)).changes, { rateLimitBps: "add", deliverGroup: "add" });
    await updated(before, limited);
    const { config: live } = (await consumerInfo(js, "inplace", "push"))!;
    assert.deepEqual([live["rate_limit_bps"], live["deliver_group"]], [1_000_000, "workers"]);
  });

  it("more waiting pulls need a new consumer: it goes on after what is acknowledged, and the preview says what comes again", async () => {
    await stream("resume");
    await fill("resume");
    const inputs: ConsumerInputs = { stream: "resume", name: "workers", ackWait: "1h" };
    const state = await made(inputs);
    assert.deepEqual((await pulled(inputs, 10, (body) => body <= 7)).length, 10);
    const news: ConsumerInputs = { ...inputs, maxWaiting: 10 };
    const diff = await diffOf(state, news);
    assert.deepEqual(diff.changes, { maxWaiting: "add-replace" });
    assert.match(notesOf(diff), /resumes at its acknowledged floor \(7\); redelivers 3 unacknowledged messages$/);
    const after = await replaced(state, news);
    assert.deepEqual(await pulled(news, 20, () => true), [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    assert.deepEqual((await diffOf(after, news)).changes, {});
    const read = await consumerHandler.read(contextFor(news), consumerId(news), after);
    assert.deepEqual(read!.inputs, news);
    // A later change in place leaves the resumed start alone; a later replacement resumes again.
    const described = await updated(after, { ...news, description: "x" });
    const again = await replaced(described, { ...news, description: "x", replayPolicy: "original" });
    assert.deepEqual(await pulled(again, 20, () => true), []);
  });

  it("what the same program's change of its stream deletes first is not counted, which is said", async () => {
    const said =
      /counted as it is now: stream "shrinks" changes first, which deletes messages, so that it may be fewer then/;
    const context = contextOf(config, "urn:shrinks").context;
    const whole: StreamInputs = { name: "shrinks", subjects: ["shrinks.*"], onDataLoss: "allow" };
    const { state: holder } = await streamHandler.create(context, whole);
    await fill("shrinks");
    const inputs: ConsumerInputs = { stream: "shrinks", name: "workers", ackWait: "1h" };
    const state = await made(inputs);
    assert.equal((await pulled(inputs, 10, (body) => body <= 7)).length, 10);
    const news: ConsumerInputs = { ...inputs, maxWaiting: 10 };
    assert.doesNotMatch(notesOf(await diffOf(state, news)), said);
    const less: StreamInputs = { ...whole, maxMsgs: 5 };
    await streamHandler.diff(context, "shrinks", holder, less);
    assert.match(notesOf(await diffOf(state, news)), said);
    await streamHandler.update(context, "shrinks", holder, less);
    assert.doesNotMatch(notesOf(await diffOf(state, news)), said);
  });

  it("a replacement that was cut short after its delete still goes on after what is acknowledged", async () => {
    await stream("cut");
    await fill("cut");
    const inputs: ConsumerInputs = { stream: "cut", name: "workers" };
    const state = await made(inputs);
    await pulled(inputs, 7, () => true);
    const news: ConsumerInputs = { ...inputs, maxWaiting: 10 };
    await diffOf(state, news);
    await consumerHandler.delete(contextFor(news), consumerId(state), state);
    // Another process knows nothing of the announcement: a comparison without a change forgets it.
    await diffOf(state, inputs);
    await consumerHandler.create(contextFor(news), news);
    assert.deepEqual((await pulled(news, 1, () => true))[0], 8);
  });

  it("a renamed consumer goes on too, and the old one is gone", async () => {
    await stream("rename");
    await fill("rename");
    const inputs: ConsumerInputs = { stream: "rename", name: "old" };
    const state = await made(inputs);
    await pulled(inputs, 7, () => true);
    const news: ConsumerInputs = { ...inputs, name: "new" };
    const diff = await diffOf(state, news);
    assert.deepEqual(diff.changes, { name: "update-replace" });
    assert.match(notesOf(diff), /^name replaces the consumer[^\n]*$/);
    await replaced(state, news);
    assert.deepEqual(
      (await listConsumers(js, "rename")).map(({ name }) => name),
      ["new"],
    );
    assert.deepEqual((await pulled(news, 1, () => true))[0], 8);
  });

  it('starts anew where the program says so: onReplace "restart", another deliverPolicy', async () => {
    await stream("anew");
    await fill("anew");
    const inputs: ConsumerInputs = { stream: "anew", name: "workers", onReplace: "restart" };
    const state = await made(inputs);
    await pulled(inputs, 7, () => true);
    const news: ConsumerInputs = { ...inputs, maxWaiting: 10 };
    assert.match(notesOf(await diffOf(state, news)), /redelivers what it has delivered, the acknowledged up to 7 too/);
    const after = await replaced(state, news);
    assert.deepEqual((await pulled(news, 1, () => true))[0], 1);
    const late: ConsumerInputs = { ...inputs, onReplace: "resume", maxWaiting: 10, deliverPolicy: "new" };
    await replaced(after, late);
    assert.deepEqual(await pulled(late, 1, () => true), []);
  });

  it("a replacement keeps the messages of an interest stream, whose last consumer it is", async () => {
    await stream("interest", { retention: "interest" });
    const inputs: ConsumerInputs = { stream: "interest", name: "workers" };
    const state = await made(inputs);
    await fill("interest");
    await pulled(inputs, 7, () => true);
    const news: ConsumerInputs = { ...inputs, maxWaiting: 10 };
    await replaced(state, news);
    assert.equal((await streamInfo(js, "interest"))!.state.messages, 13);
    assert.deepEqual(
      (await listConsumers(js, "interest")).map(({ name }) => name),
      ["workers"],
    );
    assert.deepEqual((await pulled(news, 20, () => true)).length, 13);
  });

  it("what an interest stream deletes by narrower filters or another stream is said before", async () => {
    await stream("narrow", { retention: "interest" });
    await stream("elsewhere");
    const inputs: ConsumerInputs = { stream: "narrow", name: "workers" };
    const state = await made(inputs);
    await fill("narrow");
    await connection.request("narrow.y", "21", patient);
    const moved = notesOf(await diffOf(state, { ...inputs, stream: "elsewhere" }));
    assert.match(moved, /, and deletes 21 messages of stream "narrow" that no other consumer waits for$/);
    const wider: ConsumerInputs = { ...inputs, filterSubjects: ["narrow.>", "other.>"] };
    assert.equal(notesOf(await diffOf(state, wider)), "");
    const news: ConsumerInputs = { ...inputs, filterSubject: "narrow.y" };
    const diff = await diffOf(state, news);
    assert.deepEqual(diff.changes, { filterSubject: "add" });
    assert.match(
      notesOf(diff),
      /^filterSubject: .*the stream deletes what no consumer waits for any more \(of 21 messages\)\ndeletes 20 messages of stream "narrow" that no other consumer waits for$/,
    );
    await updated(state, { ...news, onDataLoss: "allow" });
    const left = async () => (await streamInfo(js, "narrow"))!.state.messages;
    while ((await left()) > 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(await pulled(news, 1, () => true), [21]);
  });

  it("a pause is set, changed and cleared on a consumer that exists", async () => {
    await stream("pause");
    const inputs: ConsumerInputs = { stream: "pause", name: "workers" };
    let state = await made(inputs);
    const pausedUntil = async () => (await consumerInfo(js, "pause", "workers"))!.config["pause_until"];
    for (const until of ["2100-01-01T00:00:00Z", "2100-01-02T00:00:00.5Z"]) {
      const news: ConsumerInputs = { ...inputs, pauseUntil: until };
      assert.match(notesOf(await diffOf(state, news)), /pauseUntil: pauses the consumer until then/);
      state = await updated(state, news);
      assert.equal(await pausedUntil(), until);
      assert.deepEqual((await diffOf(state, news)).changes, {});
    }
    state = await updated(state, inputs);
    assert.equal(await pausedUntil(), undefined);
  });

  it("what is taken out of the program is taken from the server", async () => {
    await stream("full");
    const inputs: ConsumerInputs = { stream: "full", name: "workers" };
    const state = await made({
      ...inputs,
      description: "x",
      filterSubjects: ["full.a", "full.b"],
      backoff: ["1s", "1m"],
      maxDeliver: 5,
      headersOnly: true,
      maxBatch: 5,
      inactiveThreshold: "1h",
      sampleFreq: "50%",
      metadata: { team: "billing" },
    });
    const after = await updated(state, inputs);
    assert.deepEqual((await consumerHandler.read(contextFor(inputs), consumerId(inputs), after))!.inputs, inputs);
    for (const id of ["full/workers", "JETSTREAM_STREAM_full_CONSUMER_workers"]) {
      const imported = await consumerHandler.read(contextOf(config, undefined).context, id, undefined);
      assert.deepEqual(imported!.inputs, inputs);
    }
  });

  it("what the stream's limits choose is no drift, and a foreign consumer is not overwritten but adopted", async () => {
    await stream("limits", { consumer_limits: { max_ack_pending: 50, inactive_threshold: 3_600_000_000_000 } });
    const inputs: ConsumerInputs = { stream: "limits", name: "workers" };
    const state = await made(inputs);
    assert.deepEqual((await diffOf(state, inputs)).changes, {});
    await createConsumer(js, "limits", {
      name: "theirs",
      durable_name: "theirs",
      ack_policy: "explicit",
      max_deliver: 3,
    });
    const theirs: ConsumerInputs = { stream: "limits", name: "theirs", maxDeliver: 5 };
    await assert.rejects(
      consumerHandler.create(contextFor(theirs), theirs),
      /exists already and no stack made it.*adopt: true/,
    );
    assert.equal((await consumerInfo(js, "limits", "theirs"))!.config["max_deliver"], 3);
    await consumerHandler.create(contextFor(theirs), { ...theirs, adopt: true });
    assert.equal((await consumerInfo(js, "limits", "theirs"))!.config["max_deliver"], 5);
  });
});
