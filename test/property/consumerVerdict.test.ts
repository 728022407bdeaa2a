import assert from "node:assert/strict";
import fc from "fast-check";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer, deleteConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { settledConsumer } from "../../provider/model/consumerSettled";
import { formatJson, parseJson, sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { atLeast } from "../../provider/model/serverRelease";
import { settledStream } from "../../provider/model/streamSettled";
import { explainConsumer } from "../../provider/plan/consumerExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { consumerAnswer } from "../contract/consumerAnswer";
import { consumerPairs, retentions } from "./consumerPairs";
import type { ConsumerPair } from "./consumerPairs";

const runs = Number(process.env["MODEL_RUNS"] ?? 150);
const seed = Number(process.env["MODEL_SEED"] ?? 15);

for (const version of serverVersions) {
  describe(`Whole configurations of consumers on nats-server ${version}`, function () {
    this.timeout(300_000);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let level: number;
    const streams: Record<string, JsonObject> = {};
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      level = (await js.accountInfo()).api!.level!;
      for (const retention of new Set(retentions)) {
        const { config } = await createStream(js, { name: retention, subjects: [`${retention}.>`], retention });
        streams[retention] = settledStream(config, version);
      }
    });
    after(async () => {
      await connection.close();
      await server.stop();
    });

    it(`judges ${runs} random changes of several fields as the server does`, async () => {
      const counts = new Map<string, number>();
      const wrong: object[] = [];
      const pairs = consumerPairs.filter((pair) => isSettled(pair, version));
      for (const [index, pair] of fc.sample(pairs, { numRuns: runs, seed }).entries()) {
        const found = await judged(pair, `C${index}`);
        counts.set(found.impact, (counts.get(found.impact) ?? 0) + 1);
        if (found.wrong) wrong.push(found.wrong);
      }
      for (const impact of ["none", "update", "replace", "refused"])
        assert.ok((counts.get(impact) ?? 0) >= runs / 50, `${impact}: ${counts.get(impact)} of ${runs}`);
      const few = wrong.slice(0, 12).map((each) => formatJson(each as JsonObject));
      assert.equal(few.join("\n"), "", `seed ${seed}: ${wrong.length} of ${runs} are judged otherwise`);
    });

    async function judged(pair: ConsumerPair, name: string): Promise<{ impact: string; wrong?: object }> {
      const { retention } = pair;
      const config = (of: JsonObject, as: string): JsonObject => {
        const text = JSON.stringify({ name: as, durable_name: as, ...of });
        return parseJson(text.replaceAll("{name}", as).replaceAll("{stream}", retention)) as JsonObject;
      };
      const options = { serverVersion: version, apiLevel: level, stream: streams[retention]!, clustered: false };
      const before = config(pair.before, name);
      const isMade = await createConsumer(js, retention, before).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      const first = explainConsumer(before, before, options).impact;
      const gone = () => Promise.all([name, `${name}N`].map((each) => deleteConsumer(js, retention, each)));
      if (isMade !== undefined) {
        const wrong = { retention, before, said: isMade, predicted: first };
        return { impact: "refused", ...(first === "refused" ? {} : { wrong }) };
      }
      try {
        const info = (await consumerInfo(js, retention, name))!;
        const after = config(pair.after, name);
        const plan = explainConsumer(info.config, after, { ...options, state: info });
        const answer = await consumerAnswer(js, info, after, config(pair.after, `${name}N`), false);
        const silent = withoutEffect(version).filter((field) => plan.changes.some(({ path }) => path === field));
        const impact = answer.live && silent.length > 0 ? "replace" : answer.impact;
        const live = answer.live && settledConsumer(answer.live.config, version);
        const isThere = !live || sameJson(settledConsumer(after, version), live);
        if (first !== "refused" && plan.impact === impact && isThere) return { impact };
        const predicted = {
          first,
          impact: plan.impact,
          changes: plan.changes.map(({ path, impact: cost }) => `${path}: ${cost}`),
        };
        return {
          impact,
          wrong: { retention, before, after, predicted, answer: impact, said: answer.evidence, isThere, live },
        };
      } finally {
        await gone();
      }
    }
  });
}

/** What a server takes, shows, and does not do. */
function withoutEffect(version: string): string[] {
  return [...(atLeast(version, "2.14.4") ? [] : ["mem_storage"]), ...(atLeast(version, "2.14") ? [] : ["direct"])];
}

/** Before 2.12 a server drops what it does not know, and may take a negative time for an update's or leave it. */
function isSettled(pair: ConsumerPair, version: string): boolean {
  const dropped =
    /"max_colour"|"(idle_heartbeat|inactive_threshold|max_batch|max_bytes|max_expires|priority_timeout)":-/;
  return atLeast(version, "2.12") || !dropped.test(JSON.stringify(pair));
}
