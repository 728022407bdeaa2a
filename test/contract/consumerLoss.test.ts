import assert from "node:assert/strict";
import type { JsMsg } from "nats";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import type { Problem } from "../../provider/errors";
import { isError } from "../../provider/errors";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { consumerId } from "../../provider/resources/consumerState";
import type { ConsumerResourceState } from "../../provider/resources/consumerState";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import type { ConsumersInputs } from "../../provider/resources/consumersHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

for (const version of serverVersions) {
  describe(`What a stream deletes with its consumers' interest, nats-server ${version}`, function () {
    this.timeout(180_000);
    const bed = jetStreamBed(version);
    const here = (name = "one") =>
      contextOf(
        new Map([["servers", bed().server.url]]),
        `urn:pulumi:test::${version}::pulumi-nodejs:dynamic/nats:Consumers::${name}`,
      ).context;
    beforeEach(async () => {
      await createStream(bed().js, { name: "JOBS", subjects: ["jobs.*"], retention: "interest" });
    });
    afterEach(() => deleteStream(bed().js, "JOBS"));

    const left = async (): Promise<number> => (await streamInfo(bed().js, "JOBS"))!.state.messages;
    const untilLeft = (count: number): Promise<true> =>
      waitFor<true>(`${count} messages`, { timeout: 20_000, interval: 20 }, async () => {
        const found = await left();
        return found === count ? { value: true } : { pending: `${found}` };
      });
    const publish = async (...subjects: readonly string[]): Promise<void> => {
      for (const subject of subjects) await bed().connection.request(`jobs.${subject}`, "x", patient);
    };
    const ten = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? "a" : "b"));
    const workers: ConsumerInputs = { stream: "JOBS", name: "workers" };
    const made = async (inputs: ConsumerInputs): Promise<ConsumerResourceState> =>
      (await consumerHandler.create(here(inputs.name), inputs)).state;
    const other = (name: string, more: object = {}) =>
      createConsumer(bed().js, "JOBS", { name, durable_name: name, ack_policy: "explicit", ...more });
    const ended = (state: ConsumerResourceState): Promise<void> =>
      consumerHandler.delete(here(state.name), consumerId(state), state);
    /** Takes so many and acknowledges those at these places. */
    const pulled = async (name: string, count: number, acked: readonly number[]): Promise<void> => {
      const consumer = await bed().connection.jetstream().consumers.get("JOBS", name);
      const all: JsMsg[] = [];
      for await (const message of await consumer.fetch({ max_messages: count, expires: 2000 })) all.push(message);
      assert.equal(all.length, count);
      for (const place of acked) assert.ok(await all[place]!.ackAck());
    };
    const errors = async (olds: ConsumerResourceState, news: ConsumerInputs): Promise<Problem[]> =>
      (await consumerHandler.check(here(news.name), olds, news)).problems.filter(isError);
    const said = (problems: readonly Problem[]) => problems.map(({ path, reason }) => `${path}: ${reason}`).join("\n");

    it("refuses the end of the last consumer, with the number and the ways out, and lets it go where that is said", async () => {
      const state = await made(workers);
      await publish(...ten);
      await assert.rejects(ended(state), (error: Error) => {
        assert.equal(
          error.message,
          'consumer "JOBS/workers" holds 10 messages of its stream that no other consumer waits for, which would be deleted with it. ' +
            'Fix: set onDataLoss: "allow" on the consumer and run `pulumi up` before it is removed; or, for everything at once, ' +
            "`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`; or keep the consumer with the option retainOnDelete: true; or, where " +
            "its stream goes with it, leave it to that one's onDataLoss with deletedWith: orders",
        );
        return true;
      });
      assert.equal(await left(), 10);
      assert.ok(await consumerInfo(bed().js, "JOBS", "workers"));
      const news: ConsumerInputs = { ...workers, onDataLoss: "allow" };
      assert.deepEqual((await consumerHandler.diff(here("workers"), "JOBS/workers", state, news)).changes, {
        onDataLoss: "add",
      });
      await ended(await consumerHandler.update(here("workers"), "JOBS/workers", state, news));
      await untilLeft(0);
    });

    it("counts what the others don't wait for, acknowledged or not, and is right about it", async () => {
      const state = await made(workers);
      await other("all");
      await other("more");
      await publish(...ten);
      await pulled("all", 6, [0, 1, 2, 3]);
      await pulled("more", 3, [0, 1]);
      const reason = /"JOBS\/workers" holds 2 messages of its stream that no other consumer waits for,/;
      await assert.rejects(ended(state), reason);
      await ended({ ...state, onDataLoss: "allow" });
      await untilLeft(8);
    });

    it("counts by subject what others wait for", async () => {
      const state = await made(workers);
      await other("as", { filter_subject: "jobs.a" });
      await other("bs", { filter_subject: "jobs.b" });
      await publish(...ten);
      await pulled("as", 2, [0]);
      await pulled("bs", 2, [0, 1]);
      await assert.rejects(ended(state), /holds 3 messages of its stream that no other consumer waits for,/);
      await other("lone", { filter_subject: "jobs.b", deliver_policy: "new" });
      await assert.rejects(ended(state), /holds 3 messages of its stream that no other consumer waits for,/);
      await ended({ ...state, onDataLoss: "allow" });
      await untilLeft(7);
    });

    it("says up to where the servers don't tell, and never less than what goes", async () => {
      const state = await made(workers);
      await other("all");
      await other("more");
      await publish(...ten);
      // Out of turn, and not the same: who waits for what is known to the servers alone.
      await pulled("all", 10, [1, 3, 5, 7]);
      await pulled("more", 10, [0, 1, 2, 3]);
      await assert.rejects(ended(state), /holds up to 4 messages of its stream that no other consumer waits for,/);
      await ended({ ...state, onDataLoss: "allow" });
      await untilLeft(8);
    });

    it("lets a consumer go that nobody's messages depend on, and those of other retentions", async () => {
      const state = await made(workers);
      await other("all");
      await publish(...ten);
      await ended(state);
      assert.equal(await left(), 10);
      for (const retention of ["limits", "workqueue"]) {
        await createStream(bed().js, { name: "OTHER", subjects: ["other"], retention });
        const own = await made({ stream: "OTHER", name: "workers" });
        await bed().connection.request("other", "x", patient);
        await ended(own);
        assert.equal((await streamInfo(bed().js, "OTHER"))!.state.messages, 1, retention);
        await deleteStream(bed().js, "OTHER");
      }
    });

    it("of two that end at once and wait for the same, keeps one", async () => {
      const both = [await made(workers), await made({ ...workers, name: "second" })];
      await publish(...ten);
      const ends = await Promise.allSettled(both.map(ended));
      assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      assert.equal(await left(), 10);
    });

    it("refuses other filters in the preview and again before they are sent, counted", async () => {
      const state = await made(workers);
      await publish(...ten, "c");
      const news: ConsumerInputs = { ...workers, filterSubjects: ["jobs.a", "jobs.c"] };
      const [problem, ...more] = await errors(state, news);
      assert.deepEqual([more, problem?.path], [[], "filterSubjects"]);
      assert.match(
        problem!.reason,
        /^from nothing to \[.*\]: deletes 5 messages of stream "JOBS" that no other consumer waits for \(consumer "JOBS\/workers"\)$/,
      );
      assert.equal(problem!.fix, 'keep the old value, or say so in the program: onDataLoss: "allow"');
      await assert.rejects(
        consumerHandler.update(here("workers"), "JOBS/workers", state, news),
        /deletes 5 messages of stream "JOBS"/,
      );
      assert.equal(await left(), 11);
      const allowed: ConsumerInputs = { ...news, onDataLoss: "allow" };
      assert.deepEqual(await errors(state, allowed), []);
      const { notes = [] } = await consumerHandler.diff(here("workers"), "JOBS/workers", state, allowed);
      assert.ok(
        notes.some(({ message }) => message === 'deletes 5 messages of stream "JOBS" that no other consumer waits for'),
      );
      await consumerHandler.update(here("workers"), "JOBS/workers", state, allowed);
      await untilLeft(6);
    });

    it("refuses a move to another stream, and a new start that passes messages over", async () => {
      const state = await made(workers);
      await publish(...ten);
      await createStream(bed().js, { name: "OTHER", subjects: ["other"] });
      const moved: ConsumerInputs = { ...workers, stream: "OTHER" };
      assert.equal(
        said(await errors(state, moved)),
        'stream: from "JOBS" to "OTHER" ends consumer "JOBS/workers" and deletes 10 messages of stream "JOBS" that no other consumer waits for',
      );
      assert.match(
        said(await errors(state, { ...workers, deliverPolicy: "new" })),
        /^deliverPolicy: from "all" to "new": deletes 10 messages of stream "JOBS"/,
      );
      assert.match(
        said(await errors(state, { ...workers, deliverPolicy: "by_start_sequence", optStartSeq: 5 })),
        /deliverPolicy: .*: deletes up to 10 messages of stream "JOBS"/,
      );
      assert.deepEqual(await errors(state, { ...workers, maxWaiting: 10 }), []);
      const allowed: ConsumerInputs = { ...moved, onDataLoss: "allow" };
      assert.deepEqual(await errors(state, allowed), []);
      const { notes = [] } = await consumerHandler.diff(here("workers"), "JOBS/workers", state, allowed);
      assert.match(notes[0]!.message, /, and deletes 10 messages of stream "JOBS" that no other consumer waits for$/);
      await ended(state);
      await untilLeft(0);
      await deleteStream(bed().js, "OTHER");
    });

    it("in a map, counts those together that end together, in the preview, before the change and before the end of all", async () => {
      const inputs: ConsumersInputs = {
        consumers: { JOBS: { workers: {}, second: {}, idle: { filterSubject: "jobs.z" } } },
      };
      const { state } = await consumersHandler.create(here("map"), inputs);
      await publish(...ten);
      const rest: ConsumersInputs = { consumers: { JOBS: { idle: { filterSubject: "jobs.z" } } } };
      const reason = (name: string, more: string) =>
        `consumer "JOBS/${name}" holds 10 messages of its stream that none but it and "${more}" wait for, which would be deleted with it`;
      const { problems } = await consumersHandler.check(here("map"), state, rest);
      assert.deepEqual(problems, [
        {
          path: "consumers.JOBS.workers",
          reason: reason("workers", "second"),
          fix: 'keep it in the program, or set onDataLoss: "allow" on nats.Consumers "map"',
        },
        {
          path: "consumers.JOBS.second",
          reason: reason("second", "workers"),
          fix: 'keep it in the program, or set onDataLoss: "allow" on nats.Consumers "map"',
        },
      ]);
      await assert.rejects(consumersHandler.update(here("map"), "map", state, rest), /holds 10 messages of its stream/);
      await assert.rejects(
        consumersHandler.delete(here("map"), "map", state),
        /^NatsError: 2 consumers \("JOBS\/workers", "JOBS\/second"\) hold messages, .*nothing was deleted\. Fix: set onDataLoss: "allow" on them.*deletedWith: streams/,
      );
      assert.equal(await left(), 10);
      const one: ConsumersInputs = { consumers: { JOBS: { second: {}, idle: { filterSubject: "jobs.z" } } } };
      assert.deepEqual((await consumersHandler.check(here("map"), state, one)).problems, []);
      const without = await consumersHandler.update(here("map"), "map", state, one);
      assert.equal(await left(), 10);
      const narrower: ConsumersInputs = {
        consumers: { JOBS: { second: { filterSubject: "jobs.a" }, idle: { filterSubject: "jobs.z" } } },
      };
      assert.match(
        said((await consumersHandler.check(here("map"), without, narrower)).problems),
        /^consumers\.JOBS\.second\.filterSubject: .*deletes 5 messages of stream "JOBS" that no other consumer waits for/,
      );
      await assert.rejects(
        consumersHandler.update(here("map"), "map", without, narrower),
        /consumer "JOBS\/second": filterSubject: .*deletes 5 messages/,
      );
      assert.equal(await left(), 10);
      const allowed: ConsumersInputs = { ...rest, onDataLoss: "allow" };
      const { notes = [] } = await consumersHandler.diff(here("map"), "map", without, allowed);
      assert.match(notes[0]!.message, /is deleted, with 10 messages of its stream that no other consumer waits for$/);
      await consumersHandler.update(here("map"), "map", without, allowed);
      await untilLeft(0);
    });

    const once = (name: string) =>
      `deletes 5 messages of stream "JOBS" that no other consumer waits for once "${name}" is as the program says`;

    it("in a map, counts a change as those before it leave the stream: two don't rely on each other", async () => {
      const map = (workers: object, second: object, more: object = {}): ConsumersInputs => ({
        consumers: { JOBS: { workers, second, ...more } },
      });
      const { state } = await consumersHandler.create(here("map"), map({}, {}));
      await publish(...ten);
      const onlyA = { filterSubject: "jobs.a" };
      assert.deepEqual((await consumersHandler.check(here("map"), state, map(onlyA, {}))).problems, []);
      const both = map(onlyA, onlyA);
      const { problems } = await consumersHandler.check(here("map"), state, both);
      assert.equal(
        said(problems),
        `consumers.JOBS.second.filterSubject: from nothing to "jobs.a": ${once("workers")} (consumer "JOBS/second")`,
      );
      // Without the preview it is the server's state that refuses it.
      const failed: unknown = await consumersHandler
        .update(here("map"), "map", state, both)
        .catch((error: unknown) => error);
      assert.match(String(failed), /consumer "JOBS\/(workers|second)": filterSubject: .*deletes 5 messages/);
      assert.equal(await left(), 10);
      const live = (await consumersHandler.read(here("map"), "map", state))!.state;
      await consumersHandler.update(here("map"), "map", live, map({}, {}));
      await consumersHandler.delete(here("map"), "map", { ...state, onDataLoss: "allow" });
    });

    it("in a map, counts a change as the members leave it that end, and says so where it is allowed", async () => {
      const inputs: ConsumersInputs = { consumers: { JOBS: { workers: {}, second: {}, third: {} } } };
      const { state } = await consumersHandler.create(here("map"), inputs);
      await publish(...ten);
      const news: ConsumersInputs = { consumers: { JOBS: { second: { filterSubject: "jobs.b" } } } };
      assert.equal(
        said((await consumersHandler.check(here("map"), state, news)).problems),
        `consumers.JOBS.second.filterSubject: from nothing to "jobs.b": ${once("workers").replace('"workers" is', '"workers" and "third" are')} (consumer "JOBS/second")`,
      );
      const allowed: ConsumersInputs = { ...news, onDataLoss: "allow" };
      assert.deepEqual((await consumersHandler.check(here("map"), state, allowed)).problems, []);
      const { notes = [] } = await consumersHandler.diff(here("map"), "map", state, allowed);
      const words = notes.map(({ message }) => message).join("\n");
      assert.match(
        words,
        /consumer "JOBS\/second": deletes 5 messages of stream "JOBS" that no other consumer waits for/,
      );
      await consumersHandler.update(here("map"), "map", state, allowed);
      await untilLeft(5);
    });

    it("of two that are checked one after the other, tells the second, which the change would refuse too", async () => {
      const [first, second] = [await made(workers), await made({ ...workers, name: "second" })];
      await publish(...ten);
      const narrow = (name: string): ConsumerInputs => ({ ...workers, name, filterSubject: "jobs.a" });
      assert.deepEqual(await errors(first, narrow("workers")), []);
      assert.equal(
        said(await errors(second, narrow("second"))),
        `filterSubject: from nothing to "jobs.a": ${once("workers")} (consumer "JOBS/second")`,
      );
      // Where the first stays as it is after all, the second may go.
      assert.deepEqual(await errors(first, { ...workers, description: "still all" }), []);
      assert.deepEqual(await errors(second, narrow("second")), []);
      // As a preview with both goes on: the one that is refused is nothing that another has to reckon with.
      assert.equal(said(await errors(first, narrow("workers"))).includes(once("second")), true);
      assert.deepEqual(await errors(second, narrow("second")), []);
      await consumerHandler.update(here("second"), "JOBS/second", second, narrow("second"));
      await assert.rejects(
        consumerHandler.update(here("workers"), "JOBS/workers", first, narrow("workers")),
        /deletes 5 messages of stream "JOBS"/,
      );
      assert.equal(await left(), 10);
      await createStream(bed().js, { name: "OTHER", subjects: ["other"] });
      assert.match(
        said(await errors(first, { ...workers, stream: "OTHER" })),
        /^stream: from "JOBS" to "OTHER" ends consumer "JOBS\/workers" and deletes 5 messages of stream "JOBS"/,
      );
      await deleteStream(bed().js, "OTHER");
    });
  });
}
