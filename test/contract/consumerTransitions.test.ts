import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer, pauseConsumer, updateConsumer } from "../../provider/apply/jetstreamConsumers";
import type { ConsumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { consumerFields } from "../../provider/model/consumerFields";
import { settledConsumer } from "../../provider/model/consumerSettled";
import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { settledStream } from "../../provider/model/streamSettled";
import type { AssetImpact } from "../../provider/plan/assetImpact";
import { explainConsumer } from "../../provider/plan/consumerExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { consumerTransitions } from "./consumerTransitions";
import type { ConsumerTransition } from "./consumerTransitions";
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
      await server.stop();
    });

    consumerTransitions(version).forEach((transition, index) => {
      it(transition.what, () => predicted(transition, `C${index}`));
    });

    async function predicted(transition: ConsumerTransition, name: string): Promise<void> {
      const config = (of: JsonObject, as: string): JsonObject => {
        const text = JSON.stringify({ name: as, durable_name: as, ...of });
        return JSON.parse(text.replaceAll("{name}", as).replaceAll("{stream}", stream)) as JsonObject;
      };
      await createConsumer(js, stream, config(transition.before, name));
      const info = (await consumerInfo(js, stream, name))!;
      const wanted = config(transition.after, name);
      const plan = explainConsumer(info.config, wanted, {
        serverVersion: version,
        apiLevel: level,
        state: info,
        stream: streamConfig,
        clustered: false,
      });
      const answer = await answerTo(js, info, wanted, config(transition.after, `${name}N`), transition);
      assert.equal(plan.impact, answer.impact, `${answer.evidence}; predicted ${JSON.stringify(plan.changes)}`);
      if (answer.live) {
        const [expected, live] = [settledConsumer(wanted), settledConsumer(answer.live.config)];
        assert.ok(sameJson(expected, live), `predicted ${JSON.stringify(expected)}, it is ${JSON.stringify(live)}`);
      }
    }
  });
}

/** What the server does: the class of the change as the server's own answers show it. */
async function answerTo(
  js: JetStream,
  info: ConsumerInfo,
  wanted: JsonObject,
  copy: JsonObject,
  transition: ConsumerTransition,
): Promise<{ readonly impact: AssetImpact; readonly evidence: string; readonly live?: ConsumerInfo }> {
  try {
    await updateConsumer(js, stream, wanted);
    if (!sameJson(info.config["pause_until"], wanted["pause_until"])) {
      const { config } = (await consumerInfo(js, stream, info.name))!;
      assert.deepEqual(config["pause_until"], info.config["pause_until"], "an update leaves the pause as it is");
      await pauseConsumer(js, stream, info.name, wanted["pause_until"] as string | undefined);
    }
  } catch (error) {
    const evidence = (error as Error).message;
    const impact = await createConsumer(js, stream, copy).then(
      () => "replace" as const,
      () => "refused" as const,
    );
    return { impact, evidence };
  }
  if (transition.withoutEffect) return { impact: "replace", evidence: "taken without effect" };
  const live = (await consumerInfo(js, stream, info.name))!;
  if (sameJson(settledConsumer(info.config), settledConsumer(live.config))) {
    return { impact: "none", evidence: "the configuration stays as it is", live };
  }
  return { impact: "update", evidence: "taken", live };
}

describe("The transitions of consumers", () => {
  it("change every field", () => {
    assert.deepEqual(untold(consumerFields, serverVersions.flatMap(consumerTransitions)), []);
  });
});
