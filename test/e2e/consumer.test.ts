import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { Consumer } from "../../provider/resources/consumer";
import type { ConsumerArgs } from "../../provider/resources/consumer";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import type { StreamArgs } from "../../provider/resources/stream";
import { jetStreamBed } from "../bed/jetStreamBed";
import { withStack } from "../bed/stack";
import { patient } from "../bed/patient";

type Settings = Omit<ConsumerArgs, "stream">;

describe("Consumers in a stack", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();

  const program =
    (args: Settings, options: { import?: string } = {}) =>
    async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const stream = new Stream("BILLS", { subjects: ["bills.>"], onDataLoss: "allow" }, { provider });
      const consumer = new Consumer("workers", { ...args, stream: stream.name }, { provider, ...options });
      return { name: consumer.name, stream: consumer.stream, created: consumer.created };
    };
  const seen = async (count: number): Promise<number[]> => {
    const consumer = await bed().connection.jetstream().consumers.get("BILLS", "workers");
    const bodies: number[] = [];
    for await (const message of await consumer.fetch({ max_messages: count, expires: 1000 })) {
      bodies.push(Number(message.string()));
      assert.ok(await message.ackAck());
    }
    return bodies;
  };

  it("live through up, a change in place, a replacement that resumes, and destroy", async () => {
    const base: Settings = { filterSubject: "bills.x", ackWait: "1m" };
    await withStack(program(base), async (stack) => {
      assert.deepEqual((await stack.preview()).counts, { create: 2 });
      const up = await stack.up();
      assert.deepEqual([up.outputs["name"], up.outputs["stream"]], ["workers", "BILLS"]);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });

      for (let index = 1; index <= 10; index++) await bed().connection.request("bills.x", String(index), patient);
      assert.deepEqual(await seen(6), [1, 2, 3, 4, 5, 6]);
      stack.program = program({ ...base, maxDeliver: 5, pauseUntil: "2100-01-01T00:00:00Z" });
      await stack.up();
      const { config } = (await consumerInfo(bed().js, "BILLS", "workers"))!;
      assert.deepEqual([config["max_deliver"], config["pause_until"]], [5, "2100-01-01T00:00:00Z"]);

      stack.program = program({ ...base, maxWaiting: 10 });
      const preview = await stack.preview();
      const step = preview.steps.find(({ op, name }) => op === "replace" && name === "workers");
      assert.equal(step?.detailedDiff["maxWaiting"], "add-replace", JSON.stringify(preview.steps));
      assert.match(
        preview.rows.find(({ name }) => name === "workers")?.message ?? "",
        /maxWaiting replaces the consumer: .*resumes at its acknowledged floor \(6\); redelivers nothing/,
      );
      assert.equal((await consumerInfo(bed().js, "BILLS", "workers"))!.config["max_waiting"], 512);
      await stack.up();
      assert.equal((await consumerInfo(bed().js, "BILLS", "workers"))!.config["max_waiting"], 10);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      assert.deepEqual(await seen(10), [7, 8, 9, 10]);
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
    assert.equal(await consumerInfo(bed().js, "BILLS", "workers"), undefined);
  });

  it("go with their stream where both go, as its onDataLoss says, and are kept where they go alone", async () => {
    const { js, connection } = bed();
    const folder = mkdtempSync(path.join(tmpdir(), "consumer-end-"));
    const jobs =
      (data: Partial<StreamArgs>, more: Partial<StreamArgs> = {}, isWith = true) =>
      async () => {
        const provider = new Provider("here", { servers: bed().server.url });
        const args: StreamArgs = { subjects: ["jobs.>"], retention: "interest", ...data, ...more };
        const stream = new Stream("JOBS", args, { provider });
        if (isWith) new Consumer("workers", { stream: stream.name }, { provider });
      };
    const stored = async () => (await streamInfo(js, "JOBS"))?.state.messages;
    const backup: Partial<StreamArgs> = { onDataLoss: "backup", backup: { dir: folder } };
    await withStack(jobs({}), async (stack) => {
      await stack.up();
      for (let index = 1; index <= 10; index++) await connection.request("jobs.x", String(index), patient);
      stack.program = jobs({}, {}, false);
      await assert.rejects(stack.up(), /consumer "JOBS\/workers" holds 10 messages of its stream/);
      await assert.rejects(stack.destroy(), /stream "JOBS" holds 10 messages/);
      assert.equal(await stored(), 10);
      assert.ok(await consumerInfo(js, "JOBS", "workers"));

      // The snapshot is taken while the consumer still holds the messages back.
      stack.program = jobs(backup);
      await stack.up();
      stack.program = jobs(backup, { storage: "memory" });
      await stack.up();
      const [snapshot] = readdirSync(folder);
      const { state } = JSON.parse(readFileSync(path.join(folder, snapshot!, "backup.json"), "utf8")) as {
        state: { messages: number; consumer_count: number };
      };
      assert.deepEqual([state.messages, state.consumer_count], [10, 1]);
      assert.deepEqual([await stored(), (await consumerInfo(js, "JOBS", "workers"))?.num_pending], [0, 0]);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });

      await connection.request("jobs.x", "11", patient);
      stack.program = jobs({ onDataLoss: "allow" }, { storage: "memory" });
      await stack.up();
      assert.equal(await stored(), 1);
    });
    assert.equal(await stored(), undefined);
    rmSync(folder, { recursive: true });
  });

  it("take in a consumer that exists by import, and read one by get", async () => {
    const { js } = bed();
    await createStream(js, { name: "BILLS", subjects: ["bills.>"] });
    await createConsumer(js, "BILLS", {
      name: "workers",
      durable_name: "workers",
      ack_policy: "explicit",
      max_batch: 5,
    });
    const reader = async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const found = Consumer.get("workers", "BILLS/workers", { provider });
      return { name: found.name, stream: found.stream };
    };
    await withStack(reader, async (stack) => {
      assert.deepEqual((await stack.up()).outputs, { name: "workers", stream: "BILLS" });
    });
    const importer = async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      new Consumer("workers", { stream: "BILLS", maxBatch: 5 }, { provider, import: "BILLS/workers" });
    };
    await withStack(importer, async (stack) => {
      await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 1 });
    });
    assert.equal(await consumerInfo(js, "BILLS", "workers"), undefined);
  });

  it("that wait for the same don't rely on each other: the preview refuses the second change as up would", async () => {
    const both = (filter?: string) => async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const options = { provider };
      const jobs = new Stream("JOBS", { subjects: ["jobs.*"], retention: "interest", onDataLoss: "allow" }, options);
      const args = { stream: jobs.name, ...(filter === undefined ? {} : { filterSubject: filter }) };
      const first = new Consumer("first", args, options);
      // One after the other, so that it is known who is told.
      new Consumer("second", args, { ...options, dependsOn: first });
      return {};
    };
    await withStack(both(), async (stack) => {
      await stack.up();
      for (const subject of ["a", "a", "b"]) await bed().connection.request(`jobs.${subject}`, "x", patient);
      stack.program = both("jobs.a");
      const refused =
        /filterSubject: from nothing to "jobs\.a": deletes 1 message of stream "JOBS" that no other consumer waits for once "first" is as the program says/;
      const preview = await stack.attempt("preview");
      assert.ok(preview.error !== undefined, preview.text);
      assert.match(preview.messages("second").join("\n"), refused);
      assert.match((await stack.attempt("up")).messages("second").join("\n"), /deletes 1 message of stream "JOBS"/);
      assert.equal((await streamInfo(bed().js, "JOBS"))!.state.messages, 3);
      stack.program = both();
      await stack.up({ refresh: true });
    });
  });
});
