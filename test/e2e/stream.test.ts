import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import {
  createStream,
  deleteStream,
  purgeStream,
  streamInfo,
  updateStream,
} from "../../provider/apply/jetstreamStreams";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import type { StreamArgs } from "../../provider/resources/stream";
import { NatsServer } from "../bed/natsServer";
import { withStack } from "../bed/stack";
import { patient } from "../bed/patient";

describe("Streams in a stack", function () {
  this.timeout(180_000);
  let server: NatsServer;
  let connection: NatsConnection;
  let js: JetStream;
  before(async () => {
    server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
    connection = await connect({ servers: server.url });
    js = new JetStream(connection);
  });
  after(async () => {
    await connection.close();
    await server.stop();
  });

  const program =
    (args: StreamArgs, options: { import?: string; retainOnDelete?: boolean; protect?: boolean } = {}) =>
    async () => {
      const provider = new Provider("here", { servers: server.url });
      const stream = new Stream("ORDERS", args, { provider, ...options });
      return { name: stream.name, subjects: stream.subjects, created: stream.created };
    };
  const publish = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++)
      await connection.request(`orders.${index % 5}`, "x".repeat(100), patient);
  };
  const base: StreamArgs = { subjects: ["orders.>"], maxAge: "24h", metadata: { team: "billing" } };

  it("live through up, preview, loss, refusal, drift, external delete and destroy", async () => {
    await withStack(program(base), async (stack) => {
      const preview = await stack.preview();
      assert.deepEqual(preview.counts, { create: 1 });
      assert.deepEqual(preview.rows, []);
      const up = await stack.up();
      assert.equal(up.outputs["name"], "ORDERS");
      assert.deepEqual(up.outputs["subjects"], ["orders.>"]);
      assert.match(String(up.outputs["created"]), /^20\d\d-/);
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
      const refresh = await stack.refresh();
      assert.deepEqual(refresh.counts, { refresh: 1 });
      assert.deepEqual((await stack.preview()).counts, { same: 1 });

      await publish(20);
      stack.program = program({ ...base, maxMsgs: 5 });
      const refused = await stack.attempt("preview");
      assert.match(
        refused.rows.find(({ name }) => name === "ORDERS")?.message ?? "",
        /maxMsgs: from -1 to 5: .*deletes 15 of 20 messages.*onDataLoss: "allow"/s,
      );

      stack.program = program({ ...base, maxMsgs: 5, onDataLoss: "allow" });
      const lossy = await stack.preview();
      assert.deepEqual(Object.keys(lossy.step("ORDERS").detailedDiff).sort(), ["maxMsgs", "onDataLoss"]);
      assert.match(lossy.rows.find(({ name }) => name === "ORDERS")?.message ?? "", /deletes 15 of 20 messages/);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 20);
      await stack.up();
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 5);

      stack.program = program({ ...base, maxMsgs: 5, storage: "memory" });
      const replacement = await stack.attempt("preview");
      assert.match(
        replacement.text,
        /storage: from "file" to "memory" replaces stream "ORDERS" and deletes all 5 messages/,
      );
      stack.program = program({ ...base, maxMsgs: 5, storage: "memory", onDataLoss: "allow" });
      const replace = await stack.preview();
      const step = replace.steps.find(({ op, name }) => op === "replace" && name === "ORDERS");
      assert.equal(step?.detailedDiff["storage"], "add-replace", JSON.stringify(replace.steps));
      assert.match(replace.rows.find(({ name }) => name === "ORDERS")?.message ?? "", /storage replaces the stream/);
      await stack.up();
      assert.equal((await streamInfo(js, "ORDERS"))!.config["storage"], "memory");

      const { config } = (await streamInfo(js, "ORDERS"))!;
      await updateStream(js, { ...config, max_msgs: 9, description: "by hand" });
      const drift = await stack.refresh();
      assert.equal(drift.counts["update"] ?? drift.counts["refresh"], 1);
      const back = await stack.preview();
      assert.deepEqual(Object.keys(back.step("ORDERS").detailedDiff).sort(), ["description", "maxMsgs"]);
      await stack.up();
      assert.equal((await streamInfo(js, "ORDERS"))!.config["max_msgs"], 5);

      await deleteStream(js, "ORDERS");
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { create: 1 });
      stack.program = program(base);
      await stack.up();
      await publish(3);
      const kept = await stack.attempt("destroy");
      assert.match(
        kept.text,
        /stream "ORDERS" holds 3 messages, which would be deleted with it\. Fix: set onDataLoss: "allow"/,
      );
      await purgeStream(js, "ORDERS");
    });
    assert.equal(await streamInfo(js, "ORDERS"), undefined);
  });

  it("that are protected are not destroyed, and with retainOnDelete stay with their messages", async () => {
    await withStack(program(base, { protect: true }), async (stack) => {
      await stack.up();
      await publish(3);
      const refused = await stack.attempt("destroy");
      assert.match(
        refused.text,
        /resource "urn:pulumi:test::bed::[^"]+::ORDERS" cannot be deleted\s+because it is protected/,
      );

      stack.program = program(base, { retainOnDelete: true });
      assert.deepEqual((await stack.up()).counts, { same: 1 });
      stack.program = async () => ({});
      const up = await stack.up();
      assert.deepEqual(up.counts, { delete: 1 });
      assert.match(up.text, /ORDERS deleted .*\[retain\]/);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 3);
      await deleteStream(js, "ORDERS");
    });
  });

  it("take in a stream that exists by import, and refuse one that was not asked for", async () => {
    await createStream(js, {
      name: "ORDERS",
      subjects: ["orders.>"],
      max_age: 86_400_000_000_000,
      metadata: { team: "billing" },
    });
    await withStack(program(base), async (stack) => {
      const refused = await stack.attempt("up");
      assert.match(
        refused.text,
        /stream "ORDERS" exists already \(0 messages\) and no stack made it\. Fix: adopt: true/,
      );
      stack.program = program(base, { import: "ORDERS" });
      await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
      stack.program = program(base);
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
    });
    assert.equal(await streamInfo(js, "ORDERS"), undefined);
  });
});
