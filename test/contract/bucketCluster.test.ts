import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { contextOf } from "./suite";

describe("A bucket on three servers", () => {
  const servers: NatsServer[] = [];
  let connection: NatsConnection;
  let js: JetStream;
  before(async function () {
    this.timeout(30_000);
    servers.push(...(await startJetStreamCluster(serverVersions[0])));
    connection = await connect({ servers: servers[0]!.url });
    js = new JetStream(connection, { timeout: 20_000 });
    await js.accountInfo();
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("gets its replicas by an update, with its values, and is back when all are current", async () => {
    const { context } = contextOf(new Map([["servers", servers[0]!.url]]), "urn:scaled");
    const inputs: KeyValueInputs = { bucket: "scaled" };
    const { state } = await keyValueHandler.create(context, inputs);
    for (let key = 0; key < 100; key++) await connection.request(`$KV.scaled.k${key}`, "x");
    const news: KeyValueInputs = { bucket: "scaled", replicas: 3 };
    assert.deepEqual((await keyValueHandler.check(context, state, news)).problems, []);
    const diff = await keyValueHandler.diff(context, "scaled", state, news);
    assert.deepEqual(diff.changes, { replicas: "add" });
    assert.match(diff.notes![0]!.message, /^replicas: scales in place; waits until 3 replicas are current$/);
    await keyValueHandler.update(context, "scaled", state, news);
    const { config, cluster, state: stored } = (await streamInfo(js, "KV_scaled"))!;
    assert.deepEqual([config["num_replicas"], stored.messages], [3, 100]);
    assert.deepEqual(
      cluster!.replicas!.map((peer) => peer.current),
      [true, true],
    );
  });
});
