import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import {
  createStream,
  deleteStream,
  pendingText,
  streamInfo,
  streamNames,
} from "../../provider/apply/jetstreamStreams";
import { sleep, waitFor } from "../../provider/apply/wait";
import { PartialFailure } from "../../provider/host/handler";
import type { CallContext } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs, StreamsState } from "../../provider/resources/streamsHandler";
import { followerOf } from "../bed/followerOf";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { TcpProxy } from "../bed/tcpProxy";
import { contextOf } from "./suite";
import { askOthersInVain, makeOthers, updateOthers, waitsOfOthers } from "./waitsOfOthers";

for (const version of ["2.15.2", "2.11.17"]) {
  describe(`Waiting for streams on three servers ${version}`, function () {
    this.timeout(300_000);
    let servers: NatsServer[] = [];
    let connection: NatsConnection;
    let js: JetStream;
    const frozen = new Set<NatsServer>();
    const freeze = (...which: readonly NatsServer[]) => {
      for (const server of which) {
        server.process.kill("SIGSTOP");
        frozen.add(server);
      }
    };
    const thaw = () => {
      for (const server of frozen) server.process.kill("SIGCONT");
      frozen.clear();
    };
    const settled = async (): Promise<void> => {
      thaw();
      await waitFor<true>("a leader that knows all three", { timeout: 120_000, interval: 200 }, async () => {
        try {
          await createStream(js, { name: "WARM", num_replicas: 3 });
          const { cluster } = (await streamInfo(js, "WARM"))!;
          const pending = pendingText(cluster, 3);
          if (pending !== undefined) return { pending };
          await deleteStream(js, "WARM");
          return { value: true };
        } catch (error) {
          return { pending: (error as Error).message };
        }
      });
    };
    before(async () => {
      servers = await startJetStreamCluster(version);
      connection = await connect({ servers: servers[0]!.url, maxReconnectAttempts: -1 });
      js = new JetStream(connection, { timeout: 20_000 });
      await settled();
    });
    afterEach(async () => {
      await settled();
      for (const name of await streamNames(js)) await deleteStream(js, name);
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await Promise.all(servers.map((server) => server.stop()));
    });
    /** `patience`: for one request, by default long enough for two elections on a busy machine. */
    const here = (timeout?: number, url = servers[0]!.url, patience = "40s"): CallContext => {
      const config = new Map([
        ["servers", url],
        ["timeout", patience],
      ]);
      return { ...contextOf(config, `urn:pulumi:test::waits::pulumi-nodejs:dynamic/nats:Stream::it`).context, timeout };
    };
    const orders: StreamInputs = { name: "ORDERS", subjects: ["orders.>"], replicas: 3 };

    it("no leader: an update waits for one and goes on when there is one again", async () => {
      const { state } = await streamHandler.create(here(), orders);
      freeze(servers[1]!, servers[2]!);
      await waitFor<true>("no leader", { timeout: 60_000, interval: 200 }, async () => {
        const info = await new JetStream(connection, { timeout: 500 })
          .request("STREAM.INFO.ORDERS", undefined, "it")
          .catch(() => undefined);
        return info?.["cluster"] && (info["cluster"] as { leader?: string }).leader
          ? { pending: "a leader" }
          : { value: true };
      });
      const updating = streamHandler.update(here(), "ORDERS", state, { ...orders, maxMsgs: 7 });
      await sleep(1000);
      thaw();
      assert.equal((await updating).maxMsgs, 7);
      assert.equal((await streamInfo(js, "ORDERS"))!.config["max_msgs"], 7);
    });

    it("no leader for longer than that: says so, with what was asked and the fix, and keeps the old state", async () => {
      const { state } = await streamHandler.create(here(), orders);
      const all = { js, servers, freeze, thaw, here };
      const others = await makeOthers(all);
      freeze(servers[1]!, servers[2]!);
      const hasty = here(2000, undefined, "5s");
      const inVain = askOthersInVain(hasty, others);
      await assert.rejects(
        streamHandler.update(hasty, "ORDERS", state, { ...orders, maxMsgs: 7 }),
        /(stream "ORDERS"|JetStream): (no answer to \$JS\.API\.\S+ from 127\.0\.0\.1:\d+|.*\(10008\))/,
      );
      const many = await streamsHandler
        .create(hasty, { defaults: { replicas: 3 }, streams: { A: {}, B: {} } })
        .catch((error: unknown) => error as Error);
      assert.ok(many instanceof Error);
      assert.match(many.message, /no answer|10008/);
      await inVain;
      thaw();
      await updateOthers(all, others);
    });

    it("a replica that is not there: create ends in time with what is missing, keeps what stands, and the next run goes on", async () => {
      freeze(servers[2]!);
      const failed: unknown = await streamHandler.create(here(1500), orders).catch((error: unknown) => error);
      assert.ok(failed instanceof PartialFailure, String(failed));
      assert.match(
        failed.message,
        /stream "ORDERS": leader and 3 current replicas: not within 1\.5 s; last seen: .*(n2|no leader).*\. Fix: run `pulumi up` again when the servers are up; customTimeouts gives it longer/s,
      );
      const { created } = (await streamInfo(js, "ORDERS"))!;
      thaw();
      const state = await streamHandler.update(here(), "ORDERS", failed.state as never, orders);
      assert.equal(state.created, created);
      assert.deepEqual((await streamHandler.diff(here(), "ORDERS", state, orders)).changes, {});
    });

    it("a replica that is not there: what an update has changed meanwhile stays, and what it has not reached is done by the next run", async () => {
      const { state } = await streamHandler.create(here(), { ...orders, replicas: 1 });
      const away = await followerOf(js, servers, "ORDERS");
      freeze(servers[away]!);
      const news: StreamInputs = { ...orders, maxMsgs: 7, description: "seven" };
      const failed: unknown = await streamHandler
        .update(here(3000, servers[(away + 1) % 3]!.url), "ORDERS", state, news)
        .catch((error: unknown) => error);
      assert.ok(failed instanceof PartialFailure, String(failed));
      assert.match(failed.message, /not within [\d.]+ s; last seen: .*(n\d|no leader)/);
      thaw();
      const whole = await streamHandler.update(here(), "ORDERS", failed.state as never, news);
      const { config } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([config["max_msgs"], config["description"]], [7, "seven"]);
      assert.deepEqual((await streamHandler.read(here(), "ORDERS", whole))!.inputs, news);
    });

    it("a replica that is not there: of a map, the late ones are named, and the next run goes on", async () => {
      const inputs: StreamsInputs = { streams: { ONE: {}, THREE: { replicas: 3 } } };
      freeze(servers[2]!);
      const failed: unknown = await streamsHandler.create(here(3000), inputs).catch((error: unknown) => error);
      assert.ok(failed instanceof PartialFailure, String(failed));
      assert.match(failed.message, /^stream "THREE": not current in time; last seen: .*(n2|no leader)/m);
      assert.deepEqual((failed.state as StreamsState).streams["THREE"], { replicas: 3 });
      thaw();
      const state = await streamsHandler.update(here(), "apps", failed.state as StreamsState, inputs);
      assert.deepEqual(Object.keys(state.streams).sort(), ["ONE", "THREE"]);
    });

    it("a leader change in the middle: 40 streams on three servers are made, scaled and current all the same", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `S${index}`);
      const inputs: StreamsInputs = {
        defaults: { replicas: 3 },
        streams: Object.fromEntries(names.map((name) => [name, {}])),
      };
      let isOver = false;
      const stepping = (async () => {
        let steps = 0;
        while (!isOver) {
          const name = names[steps++ % names.length]!;
          await js.request(`STREAM.LEADER.STEPDOWN.${name}`, undefined, name).catch(() => undefined);
          await sleep(5);
        }
        return steps;
      })();
      const { state } = await streamsHandler.create(here(), inputs);
      const one = await streamsHandler.update(here(), "apps", state, { ...inputs, defaults: { replicas: 1 } });
      const three = await streamsHandler.update(here(), "apps", one, inputs);
      isOver = true;
      assert.ok((await stepping) > 10);
      assert.deepEqual(three, inputs);
      // The last step down may still be under way.
      for (const name of names) {
        await waitFor<true>(`stream ${name}`, { timeout: 60_000 }, async () => {
          const { config, cluster } = (await streamInfo(js, name))!;
          const pending = config["num_replicas"] === 3 ? pendingText(cluster, 3) : "not scaled";
          return pending === undefined ? { value: true } : { pending };
        });
      }
    });

    it("a lost connection: an answer that never came is asked for again, of creates and updates, and made once", async () => {
      const proxy = await TcpProxy.start(servers[0]!.url);
      try {
        const through = here(undefined, proxy.url);
        proxy.cutAfter = "STREAM.CREATE.ORDERS";
        const { state } = await streamHandler.create(through, orders);
        assert.equal(proxy.cuts, 1);
        const { created } = (await streamInfo(js, "ORDERS"))!;
        proxy.cutAfter = "STREAM.UPDATE.ORDERS";
        await streamHandler.update(through, "ORDERS", state, { ...orders, maxMsgs: 7 });
        assert.equal(proxy.cuts, 2);
        const info = (await streamInfo(js, "ORDERS"))!;
        assert.deepEqual([info.created, info.config["max_msgs"]], [created, 7]);
        proxy.cutAfter = "CONSUMER.CREATE.ORDERS";
        await consumerHandler.create(through, { stream: "ORDERS", name: "workers" });
        proxy.cutAfter = "STREAM.DELETE.ORDERS";
        await streamHandler.delete(through, "ORDERS", state);
        assert.equal(proxy.cuts, 4);
        assert.equal(await streamInfo(js, "ORDERS"), undefined);
      } finally {
        await proxy.stop();
      }
    });

    it("a slow connection: everything is as it would be, later", async () => {
      const proxy = await TcpProxy.start(servers[0]!.url);
      try {
        proxy.delay = 150;
        const through = here(undefined, proxy.url);
        const inputs: StreamsInputs = { defaults: { replicas: 3 }, streams: { A: {}, B: {}, C: {} } };
        const { state } = await streamsHandler.create(through, inputs);
        assert.deepEqual(state, inputs);
        assert.deepEqual(await streamsHandler.read(through, "apps", state), { inputs, state });
      } finally {
        await proxy.stop();
      }
    });

    if (version === serverVersions[0]) waitsOfOthers(() => ({ js, servers, freeze, thaw, here }));
  });
}
