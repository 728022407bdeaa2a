import assert from "node:assert/strict";
import { closeConnections } from "../../provider/apply/connect";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { stageOf } from "../../provider/model/replacement";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { runAndKill } from "../bed/killedChild";
import { PublishLoad } from "../bed/publishLoad";
import { contextOf } from "./suite";

const urn = "urn:pulumi:test::test::nats:Stream::ORDERS";

describe('replaceBy: "mirror", its process killed (-9)', function () {
  this.timeout(600_000);
  const bed = jetStreamBed();
  after(closeConnections);

  it("at any step, under load: the next run goes on from there, and no acknowledged message is lost", async () => {
    const { js, connection, server } = bed();
    const config = new Map([["servers", server.url]]);
    const here = () => contextOf(config, urn).context;
    const inputs = (storage: "memory" | "file"): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      replaceBy: "mirror",
      storage,
    });
    const made = await streamHandler.create(here(), inputs("file"));
    const { id } = made;
    let { state } = made;
    await createConsumer(js, "ORDERS", { name: "late", durable_name: "late", ack_policy: "explicit" });
    for (let index = 0; index < 200; index++) await connection.jetstream().publish("orders.first", `${index}`);
    const consumer = await connection.jetstream().consumers.get("ORDERS", "late");
    for await (const message of await consumer.fetch({ max_messages: 40, expires: 5000 })) await message.ackAck();
    const load = await PublishLoad.start({
      servers: [server.url],
      stream: "ORDERS",
      subject: "orders.load",
      publishers: 4,
      pause: 5,
    });

    /** How far it is, by the marks on the servers. */
    const stage = async (): Promise<string> => {
      const both = await Promise.all(["ORDERS", "ORDERS_replacement"].map((name) => streamInfo(js, name)));
      return both.map((info) => (info ? (stageOf(info.config) ?? "old") : "gone")).join(" ");
    };
    const reached = async (step: number, pause: number, isOver: () => boolean): Promise<void> => {
      let at = -1;
      while (at < step && !isOver()) at = Math.max(at, steps.indexOf(await stage()));
      await new Promise((resolve) => setTimeout(resolve, pause));
    };
    const left: string[] = [];
    let killed = 0;
    const wanted = { killed: moments.length / 2, stages: 4 };
    const isEnough = (): boolean => killed >= wanted.killed && new Set(left).size >= wanted.stages;
    for (let round = 0; round < moments.length || (!isEnough() && round < 4 * moments.length); round++) {
      // A step may be over before anybody sees it: there are more rounds until enough of them were hit.
      const [step, pause] = moments[round % moments.length]!;
      const next = inputs(state.storage === "memory" ? "file" : "memory");
      const work = { kind: "Stream", id, inputs: next, state, urn, config: [...config] };
      killed += (await runAndKill(work, (isOver) => reached(step, pause, isOver))) ? 1 : 0;
      left.push(await stage());
      const live = (await streamHandler.read(here(), id, state))!;
      state = await streamHandler.update(here(), id, live.state, next);
      assert.deepEqual(await streamNames(js), ["ORDERS"], left.join(", "));
      const { config: now } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([now["storage"], now["subjects"]], [next.storage, ["orders.>"]]);
      assert.deepEqual((await streamHandler.diff(here(), id, state, next)).changes, {});
    }
    const { lost, duplicated } = await load.stop();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 }, left.join(", "));
    const info = (await streamInfo(js, "ORDERS"))!;
    assert.equal(Number((await consumerInfo(js, "ORDERS", "late"))!.num_pending), info.state.messages - 40);
    assert.ok(killed >= wanted.killed, `${killed} of ${left.length} were killed before their end`);
    assert.ok(new Set(left).size >= wanted.stages, `killed at ${left.join(", ")}`);
  });
});

/** Marks on the stream and on the one that stands in for it, one step after the other. */
const steps = [
  "old copies",
  "parked copies",
  "parked holds",
  "gone holds",
  "mirror holds",
  "mirror parked",
  "promoted parked",
  "promoted gone",
];

/** Killed once a step is seen, and some milliseconds after that. */
const moments = [...steps.map((_step, index) => [index, 0] as const), [1, 20] as const, [4, 10] as const];
