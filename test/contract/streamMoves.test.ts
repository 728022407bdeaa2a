import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { mustBeWhole } from "../../provider/apply/movedStream";
import {
  createStream,
  deleteStream,
  pendingText,
  streamInfo,
  updateStream,
} from "../../provider/apply/jetstreamStreams";
import { sleep, waitFor } from "../../provider/apply/wait";
import { PartialFailure } from "../../provider/host/handler";
import { sameJson } from "../../provider/model/exactJson";
import type { Json } from "../../provider/model/exactJson";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import type { StreamState } from "../../provider/resources/streamState";
import { explainStream } from "../../provider/plan/streamExplain";
import { metaLeader, startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { untilHeard } from "../bed/untilHeard";
import { untilReplicated } from "../bed/untilReplicated";
import { contextOf } from "./suite";

/** What happens to the stream's leader while the servers move it. */
const fires: Readonly<Record<string, (servers: NatsServer[], index: number) => Promise<void>>> = {
  "is killed (-9) and started again": async (servers, index) => {
    await servers[index]!.kill();
    await sleep(1500);
    servers[index] = await servers[index]!.again();
  },
  "hangs for some seconds": async (servers, index) => {
    const { process } = servers[index]!;
    process.kill("SIGSTOP");
    await sleep(4000);
    process.kill("SIGCONT");
  },
};

/** Of the newest release only: others lose messages in such a move, also when it seems over. The last test is about them. */
describe("A stream that moves under load on three servers", function () {
  this.timeout(400_000);
  let servers: NatsServer[] = [];
  let urls: string[] = [];
  let connection: NatsConnection;
  let js: JetStream;
  before(async () => {
    servers = await startJetStreamCluster(serverVersions[0]);
    urls = servers.map(({ url }) => url);
    connection = await connect({ servers: urls, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
    js = new JetStream(connection, { timeout: 30_000 });
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await Promise.all(servers.map((server) => server.stop()));
  });
  const here = (at: readonly string[] = urls) => {
    const config = new Map([
      ["servers", at.join(",")],
      ["timeout", "20s"],
    ]);
    return { ...contextOf(config, "urn:moved").context, timeout: 60_000 };
  };
  const leaderOf = async (name: string): Promise<number> =>
    Number((await streamInfo(js, name))!.cluster!.leader!.slice(1));
  /** What is still missing, once the servers have taken the change; undefined where they are through already. */
  const underWay = async (name: string, { replicas = 1, placement }: StreamInputs): Promise<string | undefined> =>
    waitFor<string | undefined>("the change", { timeout: 30_000, interval: 5 }, async () => {
      const { config, cluster } = (await streamInfo(js, name))!;
      const isTaken = config["num_replicas"] === replicas && sameJson(config["placement"], placement as Json);
      return isTaken ? { value: pendingText(cluster, replicas) } : { pending: JSON.stringify(config) };
    });

  for (const [what, fire] of Object.entries(fires)) {
    it(`its leader ${what}: it ends as wanted, by the same up or the next; nothing acknowledged is lost`, async () => {
      const name = what.startsWith("hangs") ? "HANGING" : "KILLED";
      const base: StreamInputs = { name, subjects: [`${name}.>`] };
      let { state } = await streamHandler.create(here(), base);
      await connection.jetstream({ timeout: 20_000 }).publish(`${name}.x`, new Uint8Array(1000), untilHeard);
      for (let index = 1; index < 20_000; index++) connection.publish(`${name}.x`, new Uint8Array(1000));
      await connection.flush();
      const load = await PublishLoad.start({ servers: urls, stream: name, subject: `${name}.load`, publishers: 4 });
      const told: string[] = [];
      /** As `up` does it, again where it failed. */
      const until = async (news: StreamInputs): Promise<StreamState> => {
        for (let tries = 1; ; tries++) {
          try {
            return await streamHandler.update(here(), name, state, news);
          } catch (error) {
            if (!(error instanceof Error) || tries === 5) throw error;
            told.push(error.message);
            if (error instanceof PartialFailure) state = error.state as StreamState;
          }
        }
      };
      const scaled: StreamInputs[] = [{ ...base, replicas: 3 }, base];
      const moved: StreamInputs[] = ["new", "old"].map((tag) => ({ ...base, placement: { tags: [tag] } }));
      const seen: string[] = [];
      for (const news of name === "KILLED" ? [...scaled, ...moved] : scaled) {
        const leader = await leaderOf(name);
        const moving = until(news);
        const missing = await underWay(name, news);
        if (missing !== undefined) seen.push(missing);
        await fire(servers, leader);
        state = await moving;
        const { cluster, config } = (await streamInfo(js, name))!;
        assert.equal(cluster!.replicas?.length ?? 0, (news.replicas ?? 1) - 1);
        assert.deepEqual(config["placement"], news.placement);
        assert.deepEqual((await streamHandler.diff(here(), name, state, news)).changes, {});
      }
      assert.ok(seen.length > 0, "all was over before it began");
      await untilReplicated(js, name);
      const { lost, duplicated, acknowledged } = await load.stop();
      assert.ok(acknowledged > 30, `${acknowledged}`);
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 }, told.join("\n"));
      const known = /not within|no answer|nobody answers|\(10008\)|was lost/;
      assert.deepEqual(
        told.filter((each) => !known.test(each)),
        [],
      );
    });
  }

  it("waits while the servers still move it, says that where it takes too long, and goes on when they are through", async () => {
    const leading = servers.indexOf(await metaLeader(servers));
    const [away, other] = [0, 1, 2].filter((each) => each !== leading) as [number, number];
    const on = (index: number): StreamInputs => ({ name: "BUSY", placement: { tags: [`n:${index}`] } });
    const near = await connect({ servers: urls[leading]! });
    const there = new JetStream(near, { timeout: 30_000 });
    const awake = here([urls[leading]!]);
    const { state } = await streamHandler.create(awake, on(leading));
    servers[away]!.process.kill("SIGSTOP");
    try {
      await updateStream(there, { name: "BUSY", placement: { tags: [`n:${away}`] } });
      await assert.rejects(
        streamHandler.update({ ...awake, timeout: 2000 }, "BUSY", state, on(other)),
        /stream "BUSY": update: not within [\d.]+ s; last seen: stream move already in progress/,
      );
      const moving = streamHandler.update(awake, "BUSY", state, on(other));
      await sleep(500);
      servers[away]!.process.kill("SIGCONT");
      await moving;
    } finally {
      servers[away]!.process.kill("SIGCONT");
      await near.close();
    }
    assert.equal(await leaderOf("BUSY"), other);
  });

  it("says so where the servers have lost messages on the way, and warns of releases that do", async () => {
    const config = { name: "SHORT", subjects: ["short"] };
    const publish = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) await connection.jetstream().publish("short", "x", untilHeard);
    };
    await createStream(js, config);
    await publish(5);
    const before = (await streamInfo(js, "SHORT"))!;
    await publish(1);
    await mustBeWhole(js, before);
    // What such a server leaves: the stream, empty, as if nothing had been.
    await deleteStream(js, "SHORT");
    await createStream(js, config);
    await publish(3);
    const lost = 'stream "SHORT" has lost messages while its servers changed: it had 5 up to sequence 5, and';
    await assert.rejects(mustBeWhole(js, before), new RegExp(`${lost} ends at 3 now .*Fix: restore a backup of it`));
    await publish(4);
    await assert.rejects(mustBeWhole(js, before), new RegExp(`${lost} has another one there now`));
    const [old, moved] = ["old", "new"].map((tag) => ({ ...config, placement: { tags: [tag] } }));
    const words = (serverVersion: string): string =>
      explainStream(old!, moved!, { serverVersion })
        .changes.map(({ why }) => why)
        .join();
    assert.match(words("2.14.9"), /nats-server 2\.14\.9 may lose its messages where its server ends meanwhile/);
    assert.doesNotMatch(words("2.15.2"), /lose/);
  });
});
