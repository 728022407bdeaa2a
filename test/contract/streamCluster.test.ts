import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { expandStream } from "../../provider/model/stream";
import type { StreamInputs } from "../../provider/model/stream";
import { streamFields } from "../../provider/model/streamFields";
import { settledStream } from "../../provider/model/streamSettled";
import { streamHandler } from "../../provider/resources/streamHandler";
import type { StreamState } from "../../provider/resources/streamState";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { untilHeard } from "../bed/untilHeard";
import { driftOf } from "./drift";
import type { DriftKind } from "./drift";
import { rawStream } from "./streamDrift";
import { contextOf } from "./suite";

for (const version of serverVersions) {
  describe(`A stream on three servers ${version}`, () => {
    const servers: NatsServer[] = [];
    let connection: NatsConnection;
    let js: JetStream;
    let config: ReadonlyMap<string, string>;
    before(async function () {
      this.timeout(180_000);
      servers.push(...(await startJetStreamCluster(version)));
      config = new Map([["servers", servers[0]!.url]]);
      connection = await connect({ servers: servers[0]!.url });
      js = new JetStream(connection, { timeout: 20_000 });
      await js.accountInfo();
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await Promise.all(servers.map((server) => server.stop()));
    });

    const { context } = contextOf(new Map(), undefined);
    const here = () => ({ ...context, config });
    const placed = async (name: string): Promise<{ leader: string; others: string[]; current: boolean }> => {
      const { cluster } = (await streamInfo(js, name))!;
      const others = cluster!.replicas ?? [];
      return {
        leader: cluster!.leader!,
        others: others.map((peer) => peer.name).sort(),
        current: others.every((peer) => peer.current && !peer.offline),
      };
    };
    const made = async (inputs: StreamInputs): Promise<StreamState> => {
      const { state } = await streamHandler.create(here(), inputs);
      await connection.jetstream().publish(`${inputs.name}.x`, new Uint8Array(1000), untilHeard);
      for (let index = 1; index < 500; index++) connection.publish(`${inputs.name}.x`, new Uint8Array(1000));
      await connection.flush();
      await waitFor<true>("stored", { timeout: 60_000 }, async () => {
        const { messages } = (await streamInfo(js, inputs.name))!.state;
        return messages === 500 ? { value: true } : { pending: `${messages}` };
      });
      return state;
    };

    it("scales up and down, and is back when all replicas are current", async function () {
      this.timeout(180_000);
      const base: StreamInputs = { name: "scaled", subjects: ["scaled.*"] };
      const state = await made(base);
      const diff = await streamHandler.diff(here(), "scaled", state, { ...base, replicas: 3 });
      assert.deepEqual(diff.changes, { replicas: "add" });
      assert.match(diff.notes![0]!.message, /scales in place; waits until 3 replicas are current/);
      const three = await streamHandler.update(here(), "scaled", state, { ...base, replicas: 3 });
      const there = await placed("scaled");
      assert.equal(there.others.length, 2);
      assert.equal(there.current, true);
      await streamHandler.update(here(), "scaled", three, base);
      assert.equal((await placed("scaled")).others.length, 0);
      assert.equal((await streamInfo(js, "scaled"))!.state.messages, 500);
    });

    it("sees replicas that somebody else has given or taken, names them alone, and scales back", async function () {
      this.timeout(180_000);
      const kind: DriftKind<StreamInputs, StreamState> = {
        handler: streamHandler,
        context: here,
        fields: streamFields,
        settled: (inputs) => settledStream(expandStream(inputs), version),
        settledLive: (live) => settledStream(live, version),
        raw: rawStream(js, "drifted"),
      };
      for (const [from, to] of [
        [1, 3],
        [3, 1],
      ] as const) {
        const inputs: StreamInputs = {
          name: "drifted",
          subjects: ["drifted"],
          ...(from === 1 ? {} : { replicas: from }),
        };
        assert.deepEqual(await driftOf(kind, inputs, { num_replicas: to }), { named: ["replicas"], how: "written" });
      }
    });

    it("moves by tags with all its messages, and moves and scales in one update of ours", async function () {
      this.timeout(180_000);
      const base: StreamInputs = { name: "moved", subjects: ["moved.*"], placement: { tags: ["old"] } };
      const state = await made(base);
      assert.deepEqual((await placed("moved")).leader, "n0");
      const news: StreamInputs = { ...base, placement: { tags: ["new"] } };
      const diff = await streamHandler.diff(here(), "moved", state, news);
      assert.match(diff.notes![0]!.message, /moves the stream; waits until its replica is current/);
      const there = await streamHandler.update(here(), "moved", state, news);
      assert.notEqual((await placed("moved")).leader, "n0");
      assert.equal((await streamInfo(js, "moved"))!.state.messages, 500);
      // The first step scales where the stream is, on the two servers with that tag; the second frees it.
      const both: StreamInputs = { name: "moved", subjects: ["moved.*"], replicas: 2, placement: { cluster: "C" } };
      await streamHandler.update(here(), "moved", there, both);
      assert.equal((await placed("moved")).others.length, 1);
      assert.equal((await streamInfo(js, "moved"))!.state.messages, 500);
    });

    it("previews what no server has: a tag, tags together, a cluster; and leaves nothing of the question", async () => {
      const warned = async (placement: object, olds?: StreamState): Promise<string[]> => {
        const news: StreamInputs = { name: "wanted", subjects: ["wanted.*"], placement };
        const { problems } = await streamHandler.check(here(), olds, news);
        assert.ok(problems.every(({ severity }) => severity === "warning"));
        return problems.map(({ path, reason }) => `${path}: ${reason}`);
      };
      const refused = "now: the servers refuse it (10005) unless one gets it before";
      assert.deepEqual(await warned({ tags: ["new", "gpu", "ssd"] }), [
        `placement.tags[1]: no server has the tag "gpu" ${refused}`,
        `placement.tags[2]: no server has the tag "ssd" ${refused}`,
      ]);
      assert.deepEqual(await warned({ cluster: "C", tags: ["n:1", "n:2"] }), [
        `placement.tags: no server of cluster "C" has all the tags "n:1", "n:2" ${refused}`,
      ]);
      const noCluster = `there is no cluster "D" with JetStream now: the servers refuse it (10005) unless it comes before`;
      assert.deepEqual(await warned({ cluster: "D" }), [`placement.cluster: ${noCluster}`]);
      assert.deepEqual(await warned({ cluster: "D", tags: ["gpu"] }), [`placement.cluster: ${noCluster}`]);
      for (const placement of [{ tags: ["new"] }, { cluster: "C" }, { cluster: "C", tags: ["old", "n:0"] }]) {
        assert.deepEqual(await warned(placement), []);
      }
      const standing = { name: "wanted", subjects: ["wanted.*"], placement: { tags: ["gpu"] } } as const;
      const former = { ...standing, created: "2026-01-01T00:00:00Z" } as StreamState;
      assert.deepEqual(await warned({ tags: ["gpu"] }, former), [], "nothing of it changes");
      assert.deepEqual(
        (await streamNames(js)).filter((name) => name.startsWith("pulumi-nats")),
        [],
      );
    });

    it("says what is missing where no server has the tags", async () => {
      const inputs: StreamInputs = { name: "nowhere", subjects: ["nowhere.*"], placement: { tags: ["gpu"] } };
      await assert.rejects(
        streamHandler.create(here(), inputs),
        /stream "nowhere": .*\(10005\)\. Fix: placement\.tags and placement\.cluster must name as many servers as there are replicas/s,
      );
    });
  });
}
