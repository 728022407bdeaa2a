import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { StreamInfo } from "../../provider/apply/jetstreamStreams";
import { sleep } from "../../provider/apply/wait";
import { sameJson, textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { streamFields } from "../../provider/model/streamFields";
import { settledStream } from "../../provider/model/streamSettled";
import type { AssetImpact } from "../../provider/plan/assetImpact";
import { explainStream } from "../../provider/plan/streamExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { driftVersions } from "./drift";
import { streamDrift } from "./streamDrift";
import { transitions, withName } from "./streamTransitions";
import type { Transition } from "./streamTransitions";
import { untold } from "./untold";

/** Messages that a stream holds before its change, over five subjects. */
const stored = 20;

for (const version of serverVersions) {
  describe(`Changes of a stream on nats-server ${version}`, () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let level: number;
    before(async () => {
      server = await NatsServer.start(
        `port: -1\nserver_tags: ["ssd", "fast"]\njetstream { store_dir: "{dir}/js" }`,
        version,
      );
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      level = (await js.accountInfo()).api!.level!;
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
    });

    transitions(version).forEach((transition, index) => {
      it(transition.what, () => predicted(transition, `S${index}`));
    });
    if (driftVersions.includes(version)) streamDrift(version, () => ({ js, url: server.url }));

    async function predicted(transition: Transition, name: string): Promise<void> {
      const { before: first, after: second, origin = [], consumers = [] } = withName(transition, name);
      for (const config of origin) await createStream(js, config);
      for (const config of consumers) await createConsumer(js, textOf(origin[0]!["name"]), config);
      const count = transition.originMessages ?? 0;
      for (let index = 0; index < count; index++) await connection.request(textOf(origin[0]!["name"]), "x", patient);
      let info = await made(js, first, transition.copied);
      if (transition.age) await sleep(transition.age);
      const { between } = withName(transition, name);
      if (transition.again) await fill(js, name);
      if (between) await updateStream(js, between);
      if (between || transition.again) info = (await streamInfo(js, name, { subjects: true }))!;
      const plan = explainStream(info.config, second, {
        serverVersion: version,
        apiLevel: level,
        state: info.state,
        clustered: false,
      });
      const answer = await answerTo(js, info, second, transition);
      assert.equal(plan.impact, answer.impact, `${answer.evidence}; predicted ${JSON.stringify(plan.changes)}`);
      if (answer.live) {
        const [expected, live] = [settledStream(second, version), settledStream(answer.live.config, version)];
        assert.ok(sameJson(expected, live), `predicted ${JSON.stringify(expected)}, it is ${JSON.stringify(live)}`);
        const lost = info.state.messages - answer.live.state.messages;
        // Those that were stored again go in their time too, where the test is slow.
        if (transition.again && !plan.loss.exact) {
          assert.ok(plan.loss.count! >= 1 && plan.loss.count! < info.state.messages, `about ${plan.loss.count}`);
          assert.ok(lost >= stored, `${lost} of ${info.state.messages}`);
        } else assert.equal(plan.loss.count ?? 0, lost, "messages that the change deletes");
        assert.equal(
          plan.changes.some((change) => change.losesMessages),
          lost > 0 || plan.loss.loses,
        );
      }
    }
  });
}

/** What the server does: the class of the change as the server's own answers show it. */
async function answerTo(
  js: JetStream,
  info: StreamInfo,
  wanted: JsonObject,
  transition: Transition,
): Promise<{ readonly impact: AssetImpact; readonly evidence: string; readonly live?: StreamInfo }> {
  const name = textOf(info.config["name"]);
  try {
    await updateStream(js, wanted);
  } catch (error) {
    const evidence = (error as Error).message;
    const copy = withName({ what: "", before: {}, after: transition.after }, `${name}N`).after;
    const { sealed: _sealed, ...open } = copy;
    const impact = await createStream(js, open).then(
      () => "replace" as const,
      () => "refused" as const,
    );
    return { impact, evidence };
  }
  await transition.provoke?.(js, name);
  // What is too old goes beside the answer, not before it.
  if (transition.age) await until(async () => (await streamInfo(js, name))!.state.messages < info.state.messages);
  const live = (await streamInfo(js, name))!;
  if (sameJson(settledStream(info.config, js.serverVersion), settledStream(live.config, js.serverVersion))) {
    return { impact: "none", evidence: "the configuration stays as it is", live };
  }
  if (transition.withoutEffect) {
    assert.ok(await transition.withoutEffect(js, name, info), "the server takes it without effect");
    return { impact: "replace", evidence: "taken without effect" };
  }
  const back = await updateStream(js, info.config).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { impact: back === undefined ? "update" : "one-way", evidence: back ?? "taken, and taken back", live };
}

async function made(js: JetStream, config: JsonObject, copied = 1): Promise<StreamInfo> {
  const name = textOf(config["name"]);
  const { sealed, no_ack: quiet, ...open } = config;
  await createStream(js, open);
  const { config: kept } = (await streamInfo(js, name))!;
  const subjects = (kept["subjects"] ?? []) as readonly string[];
  if (subjects.length > 0 && kept["allow_msg_counter"] !== true) {
    const prefix = subjects[0]!.replace(/\.[*>]$/, "");
    await fill(js, prefix);
  }
  if (sealed === true || quiet === true) await updateStream(js, config);
  if (kept["sources"]) await until(async () => (await streamInfo(js, name))!.state.messages >= copied);
  return (await streamInfo(js, name, { subjects: true }))!;
}

async function fill(js: JetStream, prefix: string): Promise<void> {
  const body = "x".repeat(100);
  const requests = Array.from({ length: stored }, (_, index) =>
    js.connection.request(`${prefix}.${index % 5}`, body, patient),
  );
  await Promise.all(requests);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && !(await done());) await sleep(10);
}

describe("The transitions of streams", () => {
  it("change every field but the replicas, which a lone server has one of: see streamCluster", () => {
    assert.deepEqual(untold(streamFields, serverVersions.flatMap(transitions)), ["num_replicas"]);
  });
});
