import assert from "node:assert/strict";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import {
  createStream,
  deleteStream,
  streamInfo,
  streamNames,
  updateStream,
} from "../../provider/apply/jetstreamStreams";
import { Consumers } from "../../provider/resources/consumers";
import type { ConsumersArgs } from "../../provider/resources/consumers";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { Streams } from "../../provider/resources/streams";
import type { StreamsArgs } from "../../provider/resources/streams";
import { jetStreamBed } from "../bed/jetStreamBed";
import { withStack } from "../bed/stack";
import { patient } from "../bed/patient";

describe("Maps of streams and consumers in a stack", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();
  const program =
    (streams: StreamsArgs, consumers?: ConsumersArgs, options: { import?: string } = {}) =>
    async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const apps = new Streams("apps", streams, { provider, ...options });
      if (consumers) new Consumers("workers", consumers, { provider, dependsOn: apps });
      return { names: apps.names };
    };
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`S${index}`, { subjects: [`s.${index}`] }]),
  );

  it("live through up, previews by path, failures by member, drift, external deletes and destroy", async () => {
    const { js, connection } = bed();
    const workers = (ackWait: string): ConsumersArgs => ({
      defaults: { ackWait },
      consumers: { S0: { a: {}, b: { filterSubject: "s.0" } }, S1: { a: {} } },
    });
    await withStack(program({ streams: many }, workers("1m")), async (stack) => {
      const first = await stack.preview();
      assert.deepEqual([first.counts, first.rows], [{ create: 2 }, []]);
      const up = await stack.up();
      assert.deepEqual((up.outputs["names"] as string[]).sort(), Object.keys(many).sort());
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      assert.ok(stack.state().length < 40 * 150 + 8000, `${stack.state().length} bytes of state`);

      await connection.request("s.7", "x", patient);
      const { S39: _gone, ...rest } = many;
      const streams = {
        ...rest,
        S7: { subjects: ["s.7"], storage: "memory" },
        S8: { subjects: ["s.8"], maxMsgs: 9 },
        NEW: {},
      } as const;
      const changed: StreamsArgs = { streams };
      stack.program = program(changed, workers("2m"));
      const refused = await stack.attempt("preview");
      assert.match(
        refused.messages("apps").join("\n"),
        /streams\.S7\.storage: from "file" to "memory" replaces stream "S7" and deletes its only message/,
      );
      stack.program = program({ ...changed, onDataLoss: "allow" }, workers("2m"));
      const preview = await stack.preview();
      assert.deepEqual(preview.step("apps").detailedDiff, {
        onDataLoss: "add",
        "streams.NEW": "add",
        "streams.S39": "delete",
        "streams.S7.storage": "add",
        "streams.S8.maxMsgs": "add",
      });
      assert.deepEqual(preview.step("workers").detailedDiff, { "defaults.ackWait": "update" });
      assert.match(
        preview.messages("apps").join("\n"),
        /stream "S7": storage replaces the stream: .*\n?.*stream "S39": is deleted/s,
      );

      // Somebody takes the new name before: one member fails, the others stand, and the next run goes on.
      await createStream(js, { name: "NEW", subjects: ["NEW"] });
      const failed = await stack.attempt("up");
      assert.match(failed.text, /stream "NEW": exists already \(0 messages\) and no stack made it\. Fix: adopt: true/);
      assert.deepEqual(
        [(await streamInfo(js, "S7"))!.config["storage"], (await streamInfo(js, "S8"))!.config["max_msgs"]],
        ["memory", 9],
      );
      assert.equal(await streamInfo(js, "S39"), undefined);
      await deleteStream(js, "NEW");
      const next = await stack.up();
      assert.deepEqual(next.counts, { update: 2 });
      assert.equal((await consumerInfo(js, "S0", "a"))!.config["ack_wait"], 120e9);

      // A stream that is made anew ends its consumers, of which nothing else has changed.
      const anew: StreamsArgs = { streams: { ...streams, S0: { subjects: ["s.0"], storage: "memory" } } };
      stack.program = program({ ...anew, onDataLoss: "allow" }, workers("2m"));
      const ending = await stack.preview();
      const both = { "consumers.S0.a": "update", "consumers.S0.b": "update" };
      assert.deepEqual(ending.step("workers").detailedDiff, both);
      const words = /2 consumers \("S0\/a", "S0\/b"\): made anew with stream "S0"/;
      assert.match(ending.messages("workers").join("\n"), words);
      assert.deepEqual((await stack.up()).counts, { update: 2 });
      assert.equal((await consumerInfo(js, "S0", "b"))!.config["ack_wait"], 120e9);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });

      const { config } = (await streamInfo(js, "S8"))!;
      await updateStream(js, { ...config, max_msgs: 5 });
      await deleteStream(js, "S9");
      const drift = await stack.refresh();
      // On the row of the stack where this read is the provider's first request, which has no URN.
      const told = drift.rows.map(({ message }) => message).join("\n");
      assert.match(told, /stream "S9": deleted outside of this stack/);
      const back = await stack.preview();
      assert.deepEqual(back.step("apps").detailedDiff, { "streams.S8.maxMsgs": "update", "streams.S9": "add" });
      await stack.up();
      assert.equal((await streamInfo(js, "S8"))!.config["max_msgs"], 9);
    });
    assert.deepEqual(await streamNames(bed().js), []);
  });

  it("take in a whole account by a pattern", async () => {
    const { js } = bed();
    for (const [name, settings] of Object.entries(many)) await createStream(js, { name, ...settings });
    await createStream(js, { name: "KV_settings", subjects: ["$KV.settings.>"] });
    const streams: StreamsArgs = { streams: many, onDataLoss: "allow" };
    await withStack(program(streams, undefined, { import: "*" }), async (stack) => {
      await stack.up();
      stack.program = program(streams);
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
    });
    assert.deepEqual(await streamNames(js), ["KV_settings"]);
  });

  it("that name what another resource of the program is are told so in the preview", async () => {
    const twice = async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const single = new Stream("single", { name: "TWICE", adopt: true }, { provider });
      // One after the other, so that it is known who is told.
      new Streams("apps", { streams: { TWICE: {} }, adopt: true }, { provider, dependsOn: single });
      return {};
    };
    await withStack(twice, async (stack) => {
      const { error, text } = await stack.attempt("preview");
      assert.ok(error !== undefined, text);
      assert.match(
        text,
        /streams\.TWICE: stream "TWICE" is that of nats\.Stream "single" of this program already\. Fix: leave it out of one of the two/,
      );
      assert.equal((await stack.attempt("up")).error === undefined, false);
      stack.program = async () => {
        const provider = new Provider("here", { servers: bed().server.url });
        new Streams("apps", { streams: { TWICE: {} }, adopt: true }, { provider });
        return {};
      };
      await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
    });
  });
});
