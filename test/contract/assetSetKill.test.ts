import assert from "node:assert/strict";
import { consumerInfo, listConsumers } from "../../provider/apply/jetstreamConsumers";
import type { ConsumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { sleep } from "../../provider/apply/wait";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import type { ConsumersInputs } from "../../provider/resources/consumersHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs } from "../../provider/resources/streamsHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { runAndKill } from "../bed/killedChild";
import { patient } from "../bed/patient";
import { TcpProxy } from "../bed/tcpProxy";
import { pull } from "../bed/pull";
import { contextOf } from "./suite";

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `S${from + index}`);

describe("What a process leaves that is killed (-9) in the midst of its changes", function () {
  this.timeout(300_000);
  const bed = jetStreamBed();
  const config = () => new Map([["servers", bed().server.url]]);
  const urnOf = (kind: string) => `urn:pulumi:test::killed::pulumi-nodejs:dynamic/nats:${kind}::apps`;
  const here = (kind: string) => contextOf(config(), urnOf(kind)).context;
  /** Through it each request takes its time, so that there is a midst. */
  let proxy: TcpProxy;
  before(async () => {
    proxy = await TcpProxy.start(bed().server.url);
    // Long enough that whoever watches sees it in the midst, however busy the machine is.
    proxy.delay = 300;
  });
  after(() => proxy.stop());
  afterEach(async () => {
    for (const name of await streamNames(bed().js)) await deleteStream(bed().js, name);
  });
  /** Kills it once `isReached` holds, and says whether that was before its end. */
  const killed = async (
    kind: string,
    inputs: object,
    state: object | undefined,
    isReached: () => Promise<boolean>,
  ): Promise<boolean> => {
    const work = { kind, id: "apps", inputs, state, urn: urnOf(kind), config: [["servers", proxy.url]] as const };
    const wasKilled = await runAndKill(work, async (isOver) => {
      while (!isOver() && !(await isReached())) await sleep(2);
    });
    // What was on its way is there, or gone.
    await sleep(3 * proxy.delay);
    return wasKilled;
  };
  const names = async (): Promise<string[]> => (await streamNames(bed().js)).sort();

  it("of a map of streams: the next run makes the rest, ends the rest, and keeps what is stored", async () => {
    const { js, connection } = bed();
    const streams = (all: readonly string[], more: object = {}) => Object.fromEntries(all.map((name) => [name, more]));
    const inputs: StreamsInputs = { streams: streams(range(0, 200)) };
    assert.ok(await killed("Streams", inputs, undefined, async () => (await names()).length > 60));
    const half = await names();
    assert.ok(half.length > 60 && half.length < 200, `${half.length} streams`);
    await connection.request("S0", "x", patient);
    const { state } = await streamsHandler.create(here("Streams"), inputs);
    assert.deepEqual([state, await names()], [inputs, range(0, 200).sort()]);
    assert.equal((await streamInfo(js, "S0"))!.state.messages, 1);

    const news: StreamsInputs = {
      streams: {
        ...streams(range(0, 50)),
        ...streams(range(50, 100), { storage: "memory" }),
        ...streams(range(200, 400)),
      },
    };
    const moments: [string, () => Promise<boolean>][] = [
      ["ends", async () => !(await names()).includes("S150")],
      ["replaces", async () => (await streamInfo(js, "S60"))?.config["storage"] === "memory"],
      ["makes", async () => (await names()).includes("S220")],
    ];
    const wanted = [...range(0, 100), ...range(200, 400)].sort();
    for (const [what, isReached] of moments) {
      assert.ok(await killed("Streams", news, state, isReached), what);
      assert.notDeepEqual(await names(), wanted, `${what}: it is in the midst`);
    }
    const after = await streamsHandler.update(here("Streams"), "apps", state, news);
    assert.deepEqual([after, await names()], [news, wanted]);
    assert.equal((await streamInfo(js, "S0"))!.state.messages, 1);
    assert.equal((await streamInfo(js, "S99"))!.config["storage"], "memory");
    assert.deepEqual((await streamsHandler.diff(here("Streams"), "apps", after, news)).changes, {});
    await streamsHandler.delete(here("Streams"), "apps", { ...after, onDataLoss: "allow" });
    assert.deepEqual(await names(), []);
  });

  it("of a map of consumers, replacements among them: the next run goes on, each where it stood", async () => {
    const { js, connection } = bed();
    await createStream(js, { name: "JOBS", subjects: ["jobs"], retention: "interest" });
    const consumers = (all: readonly string[], more: object = {}): ConsumersInputs => ({
      consumers: { JOBS: Object.fromEntries(all.map((name) => [name, more])) },
    });
    const there = async (): Promise<string[]> => (await listConsumers(js, "JOBS")).map(({ name }) => name).sort();
    const inputs = consumers(range(0, 120));
    assert.ok(await killed("Consumers", inputs, undefined, async () => (await there()).length > 30));
    assert.ok((await there()).length < 120);
    let { state } = await consumersHandler.create(here("Consumers"), inputs);
    assert.deepEqual([state, await there()], [inputs, range(0, 120).sort()]);

    for (let count = 0; count < 5; count++) await connection.request("jobs", "x", patient);
    for (const name of range(0, 120)) {
      for await (const message of pull(connection, ["JOBS", name], 2)) assert.ok(await message.ackAck());
    }
    const news = consumers(range(0, 120), { maxWaiting: 10 });
    const isHalf = async () => (await listConsumers(js, "JOBS")).filter(isReplaced).length > 10;
    assert.ok(await killed("Consumers", news, state, isHalf));
    const left = (await listConsumers(js, "JOBS")).filter(isReplaced).length;
    assert.ok(left < 120, `${left} are replaced`);
    state = await consumersHandler.update(here("Consumers"), "apps", state, news);
    assert.deepEqual([state.consumers, await there()], [news.consumers, range(0, 120).sort()]);
    assert.equal((await streamInfo(js, "JOBS"))!.state.messages, 3);
    for (const { name, num_pending } of await listConsumers(js, "JOBS")) assert.equal(Number(num_pending), 3, name);
    assert.deepEqual((await consumersHandler.diff(here("Consumers"), "apps", state, news)).changes, {});
  });

  it("of a consumer's replacement, at each of its steps: it goes on where it stood, and nothing is left beside it", async () => {
    const { js, connection } = bed();
    await createStream(js, { name: "JOBS", subjects: ["jobs"], retention: "interest" });
    const inputs = (maxWaiting: number): ConsumerInputs => ({ stream: "JOBS", name: "workers", maxWaiting });
    await consumerHandler.create(here("Consumer"), inputs(500));
    for (let count = 0; count < 10; count++) await connection.request("jobs", "x", patient);
    for await (const message of pull(connection, ["JOBS", "workers"], 4)) assert.ok(await message.ackAck());
    /** "old", "new" or "gone", and whether another one keeps its place. */
    const stage = async (maxWaiting: number): Promise<string> => {
      const [own, keeper] = await Promise.all(
        ["workers", "workers_replacement"].map((name) => consumerInfo(js, "JOBS", name)),
      );
      const is = !own ? "gone" : own.config["max_waiting"] === maxWaiting ? "new" : "old";
      return `${is}${keeper ? " kept" : ""}`;
    };
    for (const [index, step] of ["old kept", "gone kept", "new kept"].entries()) {
      const wanted = inputs(10 + index);
      const isReached = async () => (await stage(10 + index)) === step;
      assert.ok(await killed("Consumer", wanted, undefined, isReached), step);
      const { state } = await consumerHandler.create(here("Consumer"), wanted);
      assert.equal(await stage(10 + index), "new", step);
      assert.equal((await streamInfo(js, "JOBS"))!.state.messages, 6, step);
      assert.equal(Number((await consumerInfo(js, "JOBS", "workers"))!.num_pending), 6, step);
      assert.deepEqual((await consumerHandler.diff(here("Consumer"), "JOBS/workers", state, wanted)).changes, {});
    }
    const rest: number[] = [];
    for await (const message of pull(connection, ["JOBS", "workers"], 6)) rest.push(message.seq);
    assert.deepEqual(rest, [5, 6, 7, 8, 9, 10]);
  });
});

function isReplaced({ config }: ConsumerInfo): boolean {
  return config["max_waiting"] === 10;
}
