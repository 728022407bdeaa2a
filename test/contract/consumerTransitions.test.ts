import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { consumerFields } from "../../provider/model/consumerFields";
import { settledConsumer } from "../../provider/model/consumerSettled";
import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { settledStream } from "../../provider/model/streamSettled";
import { explainConsumer } from "../../provider/plan/consumerExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { consumerAnswer } from "./consumerAnswer";
import { consumerDrift } from "./consumerDrift";
import { consumerTransitions } from "./consumerTransitions";
import type { ConsumerTransition } from "./consumerTransitions";
import { driftVersions } from "./drift";
import { untold } from "./untold";

const stream = "ORDERS";

for (const version of serverVersions) {
  describe(`Changes of a consumer on nats-server ${version}`, () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let level: number;
    let streamConfig: JsonObject;
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      level = (await js.accountInfo()).api!.level!;
      const { config } = await createStream(js, { name: stream, subjects: [`${stream}.>`] });
      streamConfig = settledStream(config, version);
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
    });

    consumerTransitions(version).forEach((transition, index) => {
      it(transition.what, () => predicted(transition, `C${index}`));
    });
    if (driftVersions.includes(version)) consumerDrift(version, () => ({ js, url: server.url }));

    async function predicted(transition: ConsumerTransition, name: string): Promise<void> {
      const config = (of: JsonObject, as: string): JsonObject => {
        const text = JSON.stringify({ name: as, durable_name: as, ...of });
        return JSON.parse(text.replaceAll("{name}", as).replaceAll("{stream}", stream)) as JsonObject;
      };
      await createConsumer(js, stream, config(transition.before, name));
      const listening = transition.bound && connection.subscribe(`out.${name}`);
      if (listening) {
        await waitFor("a bound consumer", { timeout: 20_000, interval: 10 }, async () =>
          (await consumerInfo(js, stream, name))!.push_bound ? { value: true } : { pending: "nobody listens" },
        );
      }
      const info = (await consumerInfo(js, stream, name))!;
      const wanted = config(transition.after, name);
      const plan = explainConsumer(info.config, wanted, {
        serverVersion: version,
        apiLevel: level,
        state: info,
        stream: streamConfig,
        clustered: false,
      });
      const answer = await consumerAnswer(
        js,
        info,
        wanted,
        config(transition.after, `${name}N`),
        transition.withoutEffect === true,
      );
      if (listening) {
        assert.match(answer.evidence, /\(10013\)/);
        assert.match(plan.changes[0]!.why, /while somebody listens on "out\.C\d+" \(10013\)$|\(10013\);/);
        listening.unsubscribe();
      }
      assert.equal(plan.impact, answer.impact, `${answer.evidence}; predicted ${JSON.stringify(plan.changes)}`);
      if (answer.live) {
        const [expected, live] = [settledConsumer(wanted), settledConsumer(answer.live.config)];
        assert.ok(sameJson(expected, live), `predicted ${JSON.stringify(expected)}, it is ${JSON.stringify(live)}`);
      }
    }
  });
}

describe("The transitions of consumers", () => {
  it("change every field", () => {
    assert.deepEqual(untold(consumerFields, serverVersions.flatMap(consumerTransitions)), []);
  });
});
