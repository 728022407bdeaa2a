import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, deleteConsumer, listConsumers } from "../../provider/apply/jetstreamConsumers";
import type { ConsumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import type { CallContext } from "../../provider/host/handler";
import { textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { keepPlace } from "../../provider/resources/consumerPlace";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import { consumerStates } from "../../provider/resources/consumerState";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { untilHeard } from "../bed/untilHeard";
import { pull } from "../bed/pull";
import { untilReplicated } from "../bed/untilReplicated";
import { contextOf } from "./suite";

const retentions = ["limits", "interest", "workqueue"] as const;

/** After the first twelve of twenty were delivered, and these of them acknowledged. */
const acked = [1, 2, 3, 4, 7, 9];
const held = [5, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

for (const version of serverVersions) {
  describe(`A consumer that is replaced on three nats-servers ${version}`, function () {
    this.timeout(180_000);
    let servers: NatsServer[] = [];
    let connection: NatsConnection;
    let js: JetStream;
    before(async () => {
      servers = await startJetStreamCluster(version);
      connection = await connect({ servers: servers[0]!.url });
      js = new JetStream(connection, { timeout: 20_000 });
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await Promise.all(servers.map((server) => server.stop()));
    });

    const contextFor = (stream: string): CallContext =>
      contextOf(new Map([["servers", servers[1]!.url]]), `urn:${stream}`).context;
    const stream = async (name: string, retention: string, num_replicas: number, more: object = {}): Promise<void> => {
      await createStream(js, { name, subjects: [`${name}.>`], retention, num_replicas, ...more });
    };
    /** Until every replica has them: a consumer whose own replica lags takes what that has yet to learn for new. */
    const fill = async (name: string, count: number): Promise<void> => {
      for (let index = 0; index < count; index++) await connection.jetstream().publish(`${name}.x`, "x", untilHeard);
      await untilReplicated(js, name);
    };
    const info = async (of: string, name: string): Promise<ConsumerInfo> => (await consumerInfo(js, of, name))!;
    const names = async (of: string): Promise<string[]> => (await listConsumers(js, of)).map(({ name }) => name).sort();
    /** Replicas take acknowledged messages out a little later. */
    const holds = (of: string, count: number): Promise<true> =>
      waitFor<true>(`${count} messages in ${of}`, { timeout: 60_000, interval: 20 }, async () => {
        const { messages } = (await streamInfo(js, of))!.state;
        return messages === count ? { value: true } : { pending: `${messages}` };
      });
    /** Sequences of the next messages; those that `isAcked` says are acknowledged. */
    const pulled = async (of: string, name: string, count: number, isAcked: (seq: number) => boolean) => {
      const seqs: number[] = [];
      for await (const message of pull(connection, [of, name], count)) {
        seqs.push(message.seq);
        if (isAcked(message.seq)) assert.ok(await message.ackAck());
      }
      await untilReplicated(js, of, name);
      return seqs;
    };
    const half = async (of: string, name: string): Promise<void> => {
      await fill(of, 20);
      assert.equal((await pulled(of, name, 12, (seq) => acked.includes(seq))).length, 12);
      const { retention } = (await streamInfo(js, of))!.config;
      await holds(of, retention === "limits" ? 20 : 14);
    };
    /** All of `expected` comes, and nothing else is left for it. */
    const delivers = async (of: string, name: string, expected: readonly number[]): Promise<void> => {
      // A leader that has just been elected has yet to count them.
      await waitFor<true>(
        `${expected.length} messages for ${of}/${name}`,
        { timeout: 60_000, interval: 20 },
        async () => {
          const { num_pending: pending } = await info(of, name);
          return Number(pending) === expected.length ? { value: true } : { pending: String(pending) };
        },
      );
      assert.deepEqual(await pulled(of, name, expected.length, () => true), expected);
    };
    const again = (retention: string): number[] =>
      retention === "limits" ? Array.from({ length: 16 }, (_, index) => index + 5) : held;
    const said = {
      limits:
        /resumes at its acknowledged floor \(4\); redelivers 6 unacknowledged messages, and at most 2 messages ac/,
      interest:
        /resumes at its acknowledged floor \(4\); redelivers 6 unacknowledged messages, and at most 2 messages a/,
      workqueue: /in the work queue, which holds only what is not acknowledged; redelivers 6 unacknowledged messages/,
    };
    /** As the engine goes about it; what the preview says. */
    const replaced = async (olds: ConsumerInputs, news: ConsumerInputs): Promise<string> => {
      const context = contextFor(olds.stream);
      const id = `${olds.stream}/${olds.name}`;
      const state = consumerStates.stateOf(olds, await info(olds.stream, olds.name), version);
      const { notes = [] } = await consumerHandler.diff(context, id, state, news);
      await consumerHandler.delete(context, id, state);
      await consumerHandler.create(context, news);
      return notes.map(({ message }) => message).join("\n");
    };
    const made = async (inputs: ConsumerInputs): Promise<ConsumerInputs> => {
      await consumerHandler.create(contextFor(inputs.stream), inputs);
      return inputs;
    };

    for (const retention of retentions) {
      for (const replicas of [1, 3]) {
        it(`keeps what is not acknowledged, and nothing else comes again: ${retention}, ${replicas} replicas`, async () => {
          const name = `${retention}${replicas}`;
          await stream(name, retention, replicas);
          const olds = await made({ stream: name, name: "old", ackWait: "1h" });
          await half(name, "old");
          const slower: ConsumerInputs = { ...olds, maxWaiting: 10 };
          assert.match(await replaced(olds, slower), said[retention]);
          await holds(name, retention === "limits" ? 20 : 14);
          assert.deepEqual(await names(name), ["old"]);
          // And under another name; the last eight were never delivered.
          const first = again(retention).slice(0, -8);
          assert.deepEqual(await pulled(name, "old", first.length, (seq) => seq < 8), first);
          await replaced(slower, { ...slower, name: "new" });
          assert.deepEqual(await names(name), ["new"]);
          await delivers(
            name,
            "new",
            again(retention).filter((seq) => seq >= 8),
          );
          await holds(name, retention === "limits" ? 20 : 0);
        });

        it(`the same as one of a map: ${retention}, ${replicas} replicas`, async () => {
          const name = `M${retention}${replicas}`;
          await stream(name, retention, replicas);
          const inputs = { consumers: { [name]: { old: { ackWait: "1h" } } } };
          const { state } = await consumersHandler.create(contextFor(name), inputs);
          await half(name, "old");
          const news = { consumers: { [name]: { old: { ackWait: "1h", maxWaiting: 10 } } } };
          const { notes = [] } = await consumersHandler.diff(contextFor(name), "it", state, news);
          assert.match(notes.map(({ message }) => message).join("\n"), said[retention]);
          await consumersHandler.update(contextFor(name), "it", state, news);
          await holds(name, retention === "limits" ? 20 : 14);
          assert.deepEqual(await names(name), ["old"]);
          await delivers(name, "old", again(retention));
        });
      }
    }

    for (const replicas of [1, 3]) {
      it(`starts where the old one started while nothing is acknowledged: ${replicas} replicas`, async () => {
        const name = `start${replicas}`;
        await stream(name, "limits", replicas);
        await fill(name, 5);
        await fill(name, 5);
        const sixth = await js.request(`STREAM.MSG.GET.${name}`, { seq: 6 }, "the sixth message");
        const since = textOf((sixth["message"] as JsonObject)["time"]);
        const consumers = {
          all: {},
          new: { deliverPolicy: "new" },
          last: { deliverPolicy: "last" },
          bySequence: { deliverPolicy: "by_start_sequence", optStartSeq: 8 },
          byTime: { deliverPolicy: "by_start_time", optStartTime: since },
        } as const;
        const slower = (maxWaiting: number) =>
          Object.fromEntries(Object.entries(consumers).map(([key, each]) => [key, { ...each, maxWaiting }]));
        let state = (await consumersHandler.create(contextFor(name), { consumers: { [name]: consumers } })).state;
        await fill(name, 5);
        const firsts = { all: 1, new: 11, last: 10, bySequence: 8, byTime: 6 };
        const replacedAll = async (maxWaiting: number): Promise<void> => {
          const news = { consumers: { [name]: slower(maxWaiting) } };
          state = await consumersHandler.update(contextFor(name), "it", state, news);
          for (const [key, first] of Object.entries(firsts)) {
            assert.equal((await info(name, key)).num_pending, 16 - first, `${key} after maxWaiting ${maxWaiting}`);
          }
        };
        await replacedAll(10);
        for (const [key, first] of Object.entries(firsts)) {
          assert.deepEqual(await pulled(name, key, 2, () => false), [first, first + 1], key);
        }
        await replacedAll(11);
      });
    }

    it("one that starts with new messages, and has none of its first acknowledged, starts there again", async () => {
      await stream("fresh", "limits", 3);
      await fill("fresh", 5);
      const olds = await made({ stream: "fresh", name: "old", deliverPolicy: "new", ackWait: "1h" });
      await fill("fresh", 5);
      assert.deepEqual(await pulled("fresh", "old", 3, () => false), [6, 7, 8]);
      const words = await replaced(olds, { ...olds, maxWaiting: 10 });
      assert.match(words, /replaces the consumer; resumes where it started; redelivers 3 unacknowledged messages$/);
      await delivers("fresh", "old", [6, 7, 8, 9, 10]);
    });

    it("leaves the old one where it stood when the server refuses the new one", async () => {
      for (const retention of retentions) {
        const name = `R${retention}`;
        await stream(name, retention, 3);
        const olds = await made({ stream: name, name: "old", ackWait: "1h" });
        await half(name, "old");
        const news: ConsumerInputs = { ...olds, maxWaiting: 10, backoff: ["1s", "2s"], maxDeliver: 1 };
        await assert.rejects(
          made(news),
          new RegExp(`\\(10116\\).*; the old consumer "${name}/old" is back where it stood`),
        );
        assert.deepEqual(await names(name), ["old"]);
        await holds(name, retention === "limits" ? 20 : 14);
        await delivers(name, "old", again(retention));
      }
    });

    it("goes on at its place after a run that ended between the old one and the new one", async () => {
      for (const retention of ["limits", "interest"]) {
        const name = `C${retention}`;
        await stream(name, retention, 3);
        const olds = await made({ stream: name, name: "old", ackWait: "1h" });
        await half(name, "old");
        const news: ConsumerInputs = { ...olds, maxWaiting: 10 };
        const config = consumerStates.wantedConfig(news, contextFor(name).urn);
        const start = { deliver_policy: "by_start_sequence", opt_start_seq: 5 };
        await keepPlace(js, await info(name, "old"), { name: "old", config, start }, retention);
        await deleteConsumer(js, name, "old");
        assert.deepEqual(await names(name), ["old_replacement"]);
        await made(news);
        assert.deepEqual(await names(name), ["old"]);
        await holds(name, retention === "limits" ? 20 : 14);
        await delivers(name, "old", again(retention));
      }
    });

    it("is left alone where nobody could keep the messages meanwhile", async () => {
      await stream("full", "interest", 1, { max_consumers: 1 });
      const olds = await made({ stream: "full", name: "old", ackWait: "1h" });
      await half("full", "old");
      await assert.rejects(
        replaced(olds, { ...olds, maxWaiting: 10 }),
        /"full\/old" can't be replaced: "old_replacement" is to keep its messages meanwhile, and .*\(10026\)\. Fix: allow/,
      );
      assert.deepEqual(await names("full"), ["old"]);
      await holds("full", 14);
    });
  });
}
