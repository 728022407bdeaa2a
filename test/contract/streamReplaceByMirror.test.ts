import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer, deleteConsumer, listConsumers } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { problemText } from "../../provider/errors";
import type { CallContext } from "../../provider/host/handler";
import { atLeast } from "../../provider/model/serverRelease";
import type { StreamInputs } from "../../provider/model/stream";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { cutAfter } from "../bed/cutAfter";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { acknowledgeOrders, publishOrders } from "../bed/numberedOrders";
import { PublishLoad } from "../bed/publishLoad";
import { tellingContext } from "../bed/tellingContext";
import { streamMessages } from "../bed/streamMessages";

for (const version of serverVersions) {
  describe(`replaceBy: "mirror", nats-server ${version}`, function () {
    this.timeout(240_000);
    const bed = jetStreamBed(version);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let said: string[];
    before(() => void ({ server, connection, js } = bed()));
    beforeEach(() => (said = []));
    afterEach(async () => {
      for (const name of await streamNames(js)) await deleteStream(js, name);
    });

    const context = (): CallContext => tellingContext(server.url, "Stream::ORDERS", said);
    const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      replaceBy: "mirror",
      ...change,
    });
    const publish = (count: number): Promise<void> => publishOrders(connection, count);
    const acknowledge = (consumer: string, count: number): Promise<void> =>
      acknowledgeOrders(connection, consumer, count);
    const contents = (): Promise<object[]> => streamMessages(js, "ORDERS");

    it("to a work queue is refused while consumers want the same messages, or acknowledge none", async () => {
      const made = await streamHandler.create(context(), inputs());
      await publish(3);
      const consumer = (name: string, more: object) =>
        createConsumer(js, "ORDERS", { name, durable_name: name, ack_policy: "explicit", ...more });
      await consumer("a", { filter_subject: "orders.1" });
      await consumer("b", { filter_subject: "orders.*" });
      await consumer("quiet", { ack_policy: "none", filter_subject: "other" });
      const news = inputs({ retention: "workqueue", onDataLoss: "allow" });
      const told = async () => (await streamHandler.check(context(), made.state, news)).problems.map(problemText);
      const what = 'consumers of stream "ORDERS" go on in it, where it is a work queue then';
      assert.deepEqual(await told(), [
        `${what}, and acknowledgements must be explicit there: "quiet" has ackPolicy "none" (10084, 10098). Fix: ackPolicy: "explicit": change them first, in an \`up\` of its own, or take them out`,
        `${what}, and each message has one consumer there: "a" and "b" want the same (10099, 10100). Fix: narrow the filters: change them first, in an \`up\` of its own, or take them out`,
      ]);
      for (const name of ["b", "quiet"]) await deleteConsumer(js, "ORDERS", name);
      if (!version.startsWith("2.11")) assert.deepEqual(await told(), []);
    });

    if (version.startsWith("2.11")) {
      it("is refused in the check, since no mirror can be promoted there", async () => {
        const made = await streamHandler.create(context(), inputs());
        await publish(5);
        const { problems } = await streamHandler.check(context(), made.state, inputs({ storage: "memory" }));
        assert.deepEqual(
          problems.map(({ path }) => path),
          ["replaceBy"],
        );
        assert.match(problems[0]!.reason, /nats-server 2\.11\.17 can't promote a mirror .* 2\.12 and later can/);
        assert.match(problems[0]!.fix!, /upgrade the servers first/);
      });
      return;
    }

    it("keeps messages, sequences and where consumers stand; an update for Pulumi, clean afterwards", async () => {
      const made = await streamHandler.create(context(), inputs());
      const invoices = { stream: "ORDERS", name: "invoices" };
      const of = { ...context(), urn: "urn:pulumi:test::test::nats:Consumer::invoices" };
      const consumer = await consumerHandler.create(of, invoices);
      await createConsumer(js, "ORDERS", { name: "late", durable_name: "late", ack_policy: "explicit" });
      await publish(500);
      await acknowledge("invoices", 120);
      for (const seq of [50, 51, 499, 500]) await js.request("STREAM.MSG.DELETE.ORDERS", { seq }, "");
      const before = await contents();
      const news = inputs({ storage: "memory", description: "in memory" });

      assert.deepEqual((await streamHandler.check(context(), made.state, news)).problems, []);
      const diff = await streamHandler.diff(context(), made.id, made.state, news);
      assert.deepEqual(diff.changes, { storage: "add", description: "add" });
      assert.ok(!diff.deleteBeforeReplace);
      const told = diff.notes!.map(({ message }) => message).join("\n");
      assert.match(
        told,
        /replaced by way of a mirror: keeps 496 messages, 2 consumers resume at their acknowledged floors; publishers wait/,
      );

      const state = await streamHandler.update(context(), made.id, made.state, news);
      assert.deepEqual(await contents(), before);
      const info = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([info.config["storage"], info.config["subjects"]], ["memory", ["orders.>"]]);
      assert.deepEqual(await streamNames(js), ["ORDERS"]);
      assert.deepEqual((await streamHandler.diff(context(), made.id, state, news)).changes, {});
      const live = (await streamHandler.read(context(), made.id, state))!;
      assert.deepEqual(live.state, state);

      const resumed = (await consumerInfo(js, "ORDERS", "invoices"))!;
      assert.equal(resumed.num_pending, 498 - 120);
      assert.equal((await consumerInfo(js, "ORDERS", "late"))!.num_pending, 496);
      const read = (await consumerHandler.read(of, consumer.id, consumer.state))!;
      assert.deepEqual(read.state, consumer.state);
      const changed = await consumerHandler.update(of, consumer.id, read.state, { ...invoices, maxAckPending: 7 });
      assert.equal((await consumerInfo(js, "ORDERS", "invoices"))!.config["max_ack_pending"], 7);
      assert.equal((await consumerInfo(js, "ORDERS", "invoices"))!.num_pending, 498 - 120);
      await consumerHandler.delete(of, consumer.id, changed);
      assert.deepEqual(
        (await listConsumers(js, "ORDERS")).map(({ name }) => name),
        ["late"],
      );
      assert.equal((await connection.jetstream().publish("orders.next", "next")).seq > 498, true);
    });

    it("loses no acknowledged message of publishers that try again", async () => {
      const made = await streamHandler.create(context(), inputs());
      const load = await PublishLoad.start({
        servers: [server.url],
        stream: "ORDERS",
        subject: "orders.load",
        pause: 1,
      });
      await publish(200);
      const state = await streamHandler.update(context(), made.id, made.state, inputs({ storage: "memory" }));
      await streamHandler.update(context(), made.id, state, inputs());
      await publish(50);
      const { lost, duplicated, acknowledged, longestGap } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      assert.ok(acknowledged > 200, `${acknowledged}`);
      assert.ok(longestGap < 10_000, `${longestGap} ms`);
    });

    it("goes on wherever it was cut short", async () => {
      let made = await streamHandler.create(context(), inputs());
      await createConsumer(js, "ORDERS", { name: "late", durable_name: "late", ack_policy: "explicit" });
      await publish(100);
      await acknowledge("late", 40);
      const before = await contents();
      let storage: "memory" | "file" = "memory";
      for (let calls = 1; ; calls++) {
        const news = inputs({ storage });
        const cut = await cutAfter(calls, () => streamHandler.update(context(), made.id, made.state, news));
        if (!cut) break;
        const held = await Promise.all(["ORDERS", "ORDERS_replacement"].map((name) => streamInfo(js, name)));
        assert.ok(
          held.some((info) => info?.state.messages === 100),
          `after ${calls} changes: ${JSON.stringify(held)}`,
        );
        // What a refresh sees, and what the next up does.
        const live = (await streamHandler.read(context(), made.id, made.state))!;
        assert.ok(live);
        const state = await streamHandler.update(context(), made.id, live.state, news);
        assert.deepEqual(await streamNames(js), ["ORDERS"]);
        assert.deepEqual(await contents(), before);
        assert.equal((await consumerInfo(js, "ORDERS", "late"))!.num_pending, 60, `after ${calls} changes`);
        made = { ...made, state };
        storage = storage === "memory" ? "file" : "memory";
      }
    });

    it("leaves out the consumers that servers make for mirrors: one more would keep what is acknowledged", async () => {
      const made = await streamHandler.create(context(), inputs({ retention: "workqueue" }));
      await createConsumer(js, "ORDERS", { name: "worker", durable_name: "worker", ack_policy: "explicit" });
      const names = async (): Promise<readonly string[]> =>
        (await js.request("CONSUMER.NAMES.ORDERS", undefined, "ORDERS"))["consumers"] as readonly string[];
      if (atLeast(version, "2.15")) {
        await createStream(js, { name: "COPY", mirror: { name: "ORDERS" } });
        await waitFor<true>("the server's own consumer", { timeout: 20_000, interval: 20 }, async () => {
          const found = await names();
          return found.some((name) => name.startsWith("JS_MIRROR_")) ? { value: true } : { pending: found.join() };
        });
        const listed = await listConsumers(js, "ORDERS");
        assert.deepEqual(
          listed.map(({ name }) => name),
          ["worker"],
        );
        await deleteStream(js, "COPY");
      }
      await publish(10);
      await acknowledge("worker", 2);
      await streamHandler.update(context(), made.id, made.state, inputs({ retention: "interest" }));
      assert.deepEqual(await names(), ["worker"]);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 8);
      await acknowledge("worker", 8);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 0);
    });

    it("makes a work queue of a stream, and says what goes by that", async () => {
      const made = await streamHandler.create(context(), inputs());
      await createConsumer(js, "ORDERS", { name: "worker", durable_name: "worker", ack_policy: "explicit" });
      await publish(20);
      await acknowledge("worker", 8);
      const news = inputs({ retention: "workqueue" });
      const { problems } = await streamHandler.check(context(), made.state, news);
      assert.deepEqual(
        problems.map(({ path, reason }) => [path, /"worker" up to 8/.test(reason)]),
        [["retention", true]],
      );
      const allowed = inputs({ retention: "workqueue", onDataLoss: "allow" });
      const state = await streamHandler.update(context(), made.id, made.state, allowed);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 12);
      await acknowledge("worker", 2);
      const interest = inputs({ retention: "interest", onDataLoss: "allow" });
      const third = await streamHandler.update(context(), made.id, state, interest);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 10);
      assert.equal((await consumerInfo(js, "ORDERS", "worker"))!.num_pending, 10);
      await acknowledge("worker", 3);
      await streamHandler.update(context(), made.id, third, { ...interest, storage: "memory" });
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 7);
      assert.equal((await consumerInfo(js, "ORDERS", "worker"))!.num_pending, 7);
    });

    it("touches nothing where the way is taken, and says what it can't do", async () => {
      const made = await streamHandler.create(context(), inputs());
      await publish(5);
      await createStream(js, { name: "ORDERS_replacement", subjects: ["other"] });
      await assert.rejects(
        streamHandler.update(context(), made.id, made.state, inputs({ storage: "memory" })),
        /can't be replaced by way of "ORDERS_replacement": a stream of that name exists\. Fix: rename or delete/,
      );
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 5);
      assert.deepEqual((await streamInfo(js, "ORDERS_replacement"))!.config["subjects"], ["other"]);
      const { problems } = await streamHandler.check(context(), made.state, inputs({ firstSeq: 100 }));
      assert.match(problems.map(({ reason }) => reason).join("\n"), /can't bring another first_?[sS]eq about/);
      const { replaceBy: _way, ...without } = inputs({ storage: "memory" });
      const [refused] = (await streamHandler.check(context(), made.state, without)).problems;
      assert.match(refused!.fix!, /onDataLoss: "allow", .*; or replaceBy: "mirror", which keeps the messages$/);
      const bad = await streamHandler.check(context(), undefined, inputs({ replaceBy: "copy" as never }));
      assert.deepEqual(
        bad.problems.map(({ path, fix }) => [path, fix]),
        [["replaceBy", 'replaceBy: "mirror"']],
      );
    });
  });
}
