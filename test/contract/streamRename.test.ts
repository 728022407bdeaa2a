import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer, listConsumers } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import type { CallContext } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamMessages } from "../bed/streamMessages";
import { cutAfter } from "../bed/cutAfter";
import { jetStreamBed } from "../bed/jetStreamBed";
import { acknowledgeOrders, publishOrders } from "../bed/numberedOrders";
import { PublishLoad } from "../bed/publishLoad";
import { contextOf } from "./suite";

for (const version of ["2.15.2", "2.12.15"]) {
  describe(`A stream that gets another name by replaceBy: "mirror", nats-server ${version}`, function () {
    this.timeout(180_000);
    const bed = jetStreamBed(version);
    let connection: NatsConnection;
    let js: JetStream;
    before(() => void ({ connection, js } = bed()));
    afterEach(async () => {
      for (const name of await streamNames(js)) await deleteStream(js, name);
    });
    /** `replaces` is what the engine knows once it has compared. */
    const context = (replaces?: string): CallContext => ({
      ...contextOf(new Map([["servers", bed().server.url]]), "urn:pulumi:test::test::nats:Stream::orders").context,
      timeout: 20_000,
      ...(replaces === undefined ? {} : { replaces }),
    });
    const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      replaceBy: "mirror",
      ...change,
    });
    const publish = (count: number): Promise<void> => publishOrders(connection, count);
    const acknowledge = (consumer: string, count: number): Promise<void> =>
      acknowledgeOrders(connection, consumer, count);

    it("goes with messages, sequences and consumers; the old one is deleted without a word more", async () => {
      const made = await streamHandler.create(context(), inputs());
      await createConsumer(js, "ORDERS", { name: "late", durable_name: "late", ack_policy: "explicit" });
      await publish(300);
      await acknowledge("late", 120);
      await js.request("STREAM.MSG.DELETE.ORDERS", { seq: 200 }, "");
      const before = await streamMessages(js, "ORDERS");
      const news = inputs({ name: "SALES", storage: "memory" });
      assert.deepEqual((await streamHandler.check(context(), made.state, news)).problems, []);
      const diff = await streamHandler.diff(context(), made.id, made.state, news);
      assert.equal(diff.deleteBeforeReplace, false);
      assert.equal(diff.changes["name"], "update-replace");
      assert.match(
        diff.notes!.map(({ message }) => message).join("\n"),
        /stream "SALES" takes its place by way of a mirror: keeps 299 messages, 1 consumer resumes at its acknowledged floor; publishers wait/,
      );
      assert.deepEqual((await streamHandler.check(context("ORDERS"), undefined, news)).problems, []);
      const url = bed().server.url;
      const load = await PublishLoad.start({ servers: [url], stream: "SALES", subject: "orders.load", pause: 2 });
      const { id, state } = await streamHandler.create(context("ORDERS"), news);
      await publish(1);
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      assert.equal(id, "SALES");
      assert.deepEqual((await streamMessages(js, "SALES")).slice(0, before.length), before);
      const info = (await streamInfo(js, "SALES"))!;
      assert.deepEqual([info.config["storage"], info.config["subjects"]], ["memory", ["orders.>"]]);
      const late = (await consumerInfo(js, "SALES", "late"))!;
      assert.equal(Number(late.num_pending), info.state.messages - 120);
      assert.deepEqual(await listConsumers(js, "ORDERS"), []);
      await streamHandler.delete(context(), made.id, made.state);
      assert.deepEqual(await streamNames(js), ["SALES"]);
      assert.deepEqual((await streamHandler.diff(context(), id, state, news)).changes, {});
      assert.deepEqual((await streamHandler.read(context(), id, state))!.state, state);
    });

    it("goes on wherever it was cut short; the old one is not deleted before all is there", async () => {
      const work = { retention: "workqueue" } as const;
      for (const more of [{}, work, { retention: "interest" } as const]) {
        for (let calls = 1, isCut = true; isCut; calls++) {
          const made = await streamHandler.create(context(), inputs(more));
          await createConsumer(js, "ORDERS", { name: "late", durable_name: "late", ack_policy: "explicit" });
          await publish(50);
          await acknowledge("late", 20);
          const before = await streamMessages(js, "ORDERS");
          const news = inputs({ ...more, name: "SALES" });
          isCut = await cutAfter(calls, () => streamHandler.create(context("ORDERS"), news));
          const old = (await streamInfo(js, "ORDERS"))!;
          if (isCut && (await streamInfo(js, "SALES"))?.config["mirror"]) {
            await assert.rejects(streamHandler.delete(context(), made.id, made.state), /would be deleted with it/);
            assert.equal((await streamInfo(js, "ORDERS"))!.created, old.created);
          }
          assert.deepEqual((await streamHandler.check(context(), made.state, news)).problems, []);
          await streamHandler.diff(context(), made.id, made.state, news);
          await streamHandler.create(context("ORDERS"), news);
          await streamHandler.delete(context(), made.id, made.state);
          assert.deepEqual(await streamNames(js), ["SALES"]);
          assert.deepEqual(await streamMessages(js, "SALES"), before, `after ${calls} changes`);
          assert.equal(Number((await consumerInfo(js, "SALES", "late"))!.num_pending), 30);
          await deleteStream(js, "SALES");
        }
      }
    });

    it("stays as it is, and stores again, where the program goes back to the old name", async () => {
      const made = await streamHandler.create(context(), inputs());
      await publish(10);
      assert.ok(await cutAfter(2, () => streamHandler.create(context("ORDERS"), inputs({ name: "SALES" }))));
      const diff = await streamHandler.diff(context(), made.id, made.state, inputs());
      assert.deepEqual(diff.changes, { subjects: "update" });
      assert.match(diff.notes![0]!.message, /stream "ORDERS" stores nothing: its subjects were taken away/);
      await streamHandler.update(context(), made.id, made.state, inputs());
      await publish(1);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 11);
      assert.deepEqual(await streamNames(js), ["ORDERS"]);
    });

    it("is refused where it can't be: another stream has the name, or it copies from others", async () => {
      const made = await streamHandler.create(context(), inputs());
      await publish(3);
      await createStream(js, { name: "SALES", subjects: ["other"] });
      const errors = async (news: StreamInputs) =>
        (await streamHandler.check(context(), made.state, news)).problems.map(
          ({ path, reason, fix }) => `${path}: ${reason}. Fix: ${fix}`,
        );
      assert.deepEqual(await errors(inputs({ name: "SALES" })), [
        'name: stream "SALES" exists already: "ORDERS" can\'t become that. Fix: another name, or delete that stream',
      ]);
      assert.deepEqual(await errors(inputs({ name: "NEW", firstSeq: 7 })), [
        "replaceBy: a mirror of the old stream can't bring another firstSeq about. Fix: keep the old value, or leave replaceBy out and say what becomes of the messages: onDataLoss",
      ]);
      const { replaceBy: _way, ...without } = inputs({ name: "NEW" });
      assert.match(
        (await errors(without)).join(),
        /"ORDERS" to "NEW" replaces stream "ORDERS" and deletes .*3 messages/,
      );
    });
  });
}
