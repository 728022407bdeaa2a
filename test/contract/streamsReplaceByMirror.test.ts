import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { PartialFailure } from "../../provider/host/handler";
import type { CallContext } from "../../provider/host/handler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs, StreamsState } from "../../provider/resources/streamsHandler";
import { cutAfter } from "../bed/cutAfter";
import { jetStreamBed } from "../bed/jetStreamBed";
import { PublishLoad } from "../bed/publishLoad";
import { contextOf } from "./suite";

describe('Members of a map and replaceBy: "mirror"', function () {
  this.timeout(240_000);
  const bed = jetStreamBed();
  let connection: NatsConnection;
  let js: JetStream;
  before(() => void ({ connection, js } = bed()));
  afterEach(async () => {
    for (const name of await streamNames(js)) await deleteStream(js, name);
  });
  const context = (): CallContext => {
    const config = new Map([["servers", bed().server.url]]);
    return { ...contextOf(config, "urn:pulumi:test::test::nats:Streams::apps").context, timeout: 20_000 };
  };
  const names = async (): Promise<string[]> => (await streamNames(js)).sort();
  const counts = async (...which: string[]): Promise<number[]> =>
    Promise.all(which.map(async (name) => (await streamInfo(js, name))!.state.messages));
  const publish = async (subject: string, count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await connection.jetstream().publish(subject, `${index}`);
  };
  const made = async (inputs: StreamsInputs): Promise<StreamsState> =>
    (await streamsHandler.create(context(), inputs)).state;
  const three = { A: { subjects: ["a.>"] }, B: { subjects: ["b.>"] }, C: {} };

  it("each that must be replaced keeps what it holds under load; what changes in place does", async () => {
    const inputs: StreamsInputs = { replaceBy: "mirror", streams: three };
    const state = await made(inputs);
    await createConsumer(js, "A", { name: "worker", durable_name: "worker", ack_policy: "explicit" });
    await publish("a.x", 50);
    await publish("C", 7);
    const worker = await connection.jetstream().consumers.get("A", "worker");
    for await (const message of await worker.fetch({ max_messages: 20, expires: 5000 })) await message.ackAck();
    const news: StreamsInputs = {
      ...inputs,
      streams: { A: { ...three.A, storage: "memory" }, B: { ...three.B, maxMsgs: 9 }, C: { storage: "memory" } },
    };
    assert.deepEqual((await streamsHandler.check(context(), state, news)).problems, []);
    const diff = await streamsHandler.diff(context(), "apps", state, news);
    assert.deepEqual(diff.changes, {
      "streams.A.storage": "add",
      "streams.B.maxMsgs": "add",
      "streams.C.storage": "add",
    });
    const told = diff.notes!.map(({ message }) => message).join("\n");
    assert.match(
      told,
      /stream "A": replaced by way of a mirror: keeps 50 messages, 1 consumer resumes at its acknowledged floor; publishers wait/,
    );
    assert.match(told, /stream "C": replaced by way of a mirror: keeps 7 messages; publishers wait/);
    const load = await PublishLoad.start({ servers: [bed().server.url], stream: "A", subject: "a.load", pause: 2 });
    const next = await streamsHandler.update(context(), "apps", state, news);
    const { lost, duplicated } = await load.stop();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    assert.equal(Number((await consumerInfo(js, "A", "worker"))!.ack_floor.stream_seq), 20);
    const { config } = (await streamInfo(js, "C"))!;
    assert.deepEqual([config["storage"], config["subjects"]], ["memory", ["C"]]);
    assert.deepEqual([await names(), await counts("C")], [["A", "B", "C"], [7]]);
    assert.deepEqual((await streamsHandler.diff(context(), "apps", next, news)).changes, {});
    assert.deepEqual(await streamsHandler.read(context(), "apps", next), { inputs: news, state: next });
  });

  it("says of single members what can't be kept; what fails leaves the others done", async () => {
    const state = await made({ streams: three });
    await publish("a.x", 3);
    await publish("b.x", 3);
    await createStream(js, { name: "A_replacement", subjects: ["other"] });
    const news: StreamsInputs = {
      defaults: { storage: "memory" },
      streams: { ...three, A: { ...three.A, replaceBy: "mirror" }, B: { ...three.B, replaceBy: "mirror" } },
    };
    const { problems } = await streamsHandler.check(context(), state, news);
    assert.deepEqual(
      problems.map(({ path, reason }) => `${path}: ${reason}`),
      [`streams.A.replaceBy: stream "A" can't be replaced by way of "A_replacement": a stream of that name exists`],
    );
    const failed: unknown = await streamsHandler
      .update(context(), "apps", state, news)
      .catch((error: unknown) => error);
    assert.ok(failed instanceof PartialFailure, String(failed));
    assert.match(failed.message, /^stream "A": .*can't be replaced by way of "A_replacement"/m);
    assert.deepEqual(await counts("A", "B"), [3, 3]);
    const storages = await Promise.all(
      ["A", "B", "C"].map(async (name) => (await streamInfo(js, name))!.config["storage"]),
    );
    assert.deepEqual(storages, ["file", "memory", "memory"]);
    const { problems: bad } = await streamsHandler.check(context(), undefined, {
      streams: { A: { replaceBy: "copy" as never } },
    });
    assert.deepEqual(
      bad.map(({ path, fix }) => [path, fix]),
      [["streams.A.replaceBy", 'replaceBy: "mirror"']],
    );
  });

  it("goes on wherever it was cut short, after a refresh or without; nothing of it is deleted unsaid", async () => {
    const two = { A: three.A, B: three.B };
    const inputs = (storage: "file" | "memory"): StreamsInputs => ({
      replaceBy: "mirror",
      streams: { A: { ...two.A, storage }, B: two.B },
    });
    let now = inputs("file");
    let state = await made(now);
    await publish("a.x", 20);
    await publish("b.x", 2);
    let calls = 1;
    for (; ; calls++) {
      const news = inputs(calls % 2 === 1 ? "memory" : "file");
      if (!(await cutAfter(calls, () => streamsHandler.update(context(), "apps", state, news)))) break;
      // Only the mark of the last step is left then.
      if (!(await names()).includes("A_replacement")) break;
      const told = await waitFor<string>("a look that is fresh", { timeout: 20_000 }, async () => {
        const { changes, notes } = await streamsHandler.diff(context(), "apps", state, now);
        return notes?.length ? { value: notes[0]!.message } : { pending: JSON.stringify(changes) };
      });
      assert.match(told, /^stream "A": was being replaced by way of a mirror when that was cut short/);
      const without = await streamsHandler.check(context(), state, { ...now, streams: { B: two.B } });
      assert.match(without.problems.map(({ reason }) => reason).join(), /holds 20 messages.* would be deleted with it/);
      await assert.rejects(streamsHandler.delete(context(), "apps", state), /hold messages, which would be deleted/);
      const live = calls % 3 === 0 ? state : (await streamsHandler.read(context(), "apps", state))!.state;
      state = await streamsHandler.update(context(), "apps", live, news);
      assert.deepEqual(
        [await names(), await counts("A", "B")],
        [
          ["A", "B"],
          [20, 2],
        ],
        `after ${calls} changes`,
      );
      now = news;
    }
    assert.ok(calls > 7, `${calls}`);
  });

  it("is deleted as a whole, half replaced, where the program lets it go", async () => {
    const inputs: StreamsInputs = { replaceBy: "mirror", onDataLoss: "allow", streams: { A: three.A } };
    const state = await made(inputs);
    await publish("a.x", 20);
    const news: StreamsInputs = { ...inputs, streams: { A: { ...three.A, storage: "memory" } } };
    assert.ok(await cutAfter(4, () => streamsHandler.update(context(), "apps", state, news)));
    assert.deepEqual(await names(), ["A_replacement"]);
    await streamsHandler.delete(context(), "apps", state);
    assert.deepEqual(await names(), []);
  });

  it("fifty at once come through", async () => {
    const all = Array.from({ length: 50 }, (_, index) => `S${index}`);
    const inputs = (storage: "file" | "memory"): StreamsInputs => ({
      replaceBy: "mirror",
      defaults: { storage },
      streams: Object.fromEntries(all.map((name) => [name, {}])),
    });
    const state = await made(inputs("file"));
    await Promise.all(all.map((name) => publish(name, 100)));
    await streamsHandler.update(context(), "apps", state, inputs("memory"));
    assert.deepEqual(await names(), [...all].sort());
    assert.deepEqual(new Set(await counts(...all)), new Set([100]));
  });
});
