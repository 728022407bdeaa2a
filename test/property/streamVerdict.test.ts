import assert from "node:assert/strict";
import fc from "fast-check";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream, deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { StreamInfo } from "../../provider/apply/jetstreamStreams";
import { formatJson, sameJson, textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { atLeast } from "../../provider/model/serverRelease";
import { sealedWhole, settledStream } from "../../provider/model/streamSettled";
import type { AssetImpact } from "../../provider/plan/assetImpact";
import { explainStream } from "../../provider/plan/streamExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { streamPairs } from "./streamPairs";
import type { StreamPair } from "./streamPairs";

const runs = Number(process.env["MODEL_RUNS"] ?? 120);
const seed = Number(process.env["MODEL_SEED"] ?? 15);

for (const version of serverVersions) {
  describe(`Whole configurations of streams on nats-server ${version}`, function () {
    this.timeout(300_000);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let level: number;
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      level = (await js.accountInfo()).api!.level!;
      for (const name of ["O", "P"]) await createStream(js, { name, subjects: [`${name}.*`] });
    });
    after(async () => {
      await connection.close();
      await server.stop();
    });

    it(`judges ${runs} random changes of several fields as the server does`, async () => {
      const counts = new Map<string, number>();
      const wrong: JsonObject[] = [];
      const pairs = streamPairs.filter((pair) => isSettled(pair, version));
      for (const [index, pair] of fc.sample(pairs, { numRuns: runs, seed }).entries()) {
        const found = await judged(pair, `S${index}`);
        counts.set(found.impact, (counts.get(found.impact) ?? 0) + 1);
        if (found.wrong) wrong.push(found.wrong);
      }
      for (const impact of ["none", "update", "one-way", "replace", "refused"])
        assert.ok((counts.get(impact) ?? 0) >= runs / 50, `${impact}: ${counts.get(impact)} of ${runs}`);
      const few = wrong.slice(0, 12).map((each) => formatJson(each));
      assert.equal(few.join("\n"), "", `seed ${seed}: ${wrong.length} of ${runs} are judged otherwise`);
    });

    async function judged(pair: StreamPair, name: string): Promise<{ impact: string; wrong?: JsonObject }> {
      const config = (of: JsonObject): JsonObject => {
        const isOther = of["mirror"] ?? of["sources"] ?? of["subjects"];
        const text = JSON.stringify({ name, ...(isOther ? {} : { subjects: ["{name}.>"] }), ...of });
        return JSON.parse(text.replaceAll("{name}", name)) as JsonObject;
      };
      const [before, after] = [config(pair.before), config(pair.after)];
      const options = { serverVersion: version, apiLevel: level, clustered: false };
      const first = explainStream(before, before, options).impact;
      try {
        const fault = await made(before).then(
          () => undefined,
          (error: unknown) => (error as Error).message,
        );
        if (fault !== undefined) {
          const wrong = { before, said: fault, predicted: first };
          return { impact: "refused", ...(first === "refused" ? {} : { wrong }) };
        }
        const info = (await streamInfo(js, name))!;
        const plan = explainStream(info.config, after, { ...options, state: info.state });
        // Nothing is sent where nothing changes: some servers refuse a sealed stream its own configuration.
        if (plan.impact === "none" && before["sealed"] === true) return { impact: "none" };
        const silent = plan.changes.filter(({ path, impact }) =>
          path === "sources" ? impact === "replace" : path === "first_seq",
        );
        const { impact, said, live } = await answer(info, after, silent.length > 0);
        const expected = settledStream(after, version);
        const isThere = !live || sameJson(expected, live);
        if (first !== "refused" && plan.impact === impact && isThere) return { impact };
        const changes = plan.changes.map(({ path, impact: cost }) => `${path}: ${cost}`);
        const other = live ? Object.keys(expected).filter((field) => !sameJson(expected[field], live[field])) : [];
        const differs = other.map((field) => [field, expected[field] ?? null, live?.[field] ?? null]);
        return {
          impact,
          wrong: { before, after, predicted: [first, plan.impact, ...changes], answer: impact, said, differs },
        };
      } finally {
        await deleteStream(js, name).catch(() => undefined);
      }
    }

    /** A stream is sealed once it is there. */
    async function made({ sealed, ...open }: JsonObject): Promise<void> {
      await createStream(js, open);
      if (sealed === true) await updateStream(js, { ...open, sealed });
    }

    async function answer(
      info: StreamInfo,
      wanted: JsonObject,
      silently: boolean,
    ): Promise<{ readonly impact: AssetImpact; readonly said: string; readonly live?: JsonObject }> {
      const refusal = (error: unknown) => (error as Error).message;
      // As the product sends it.
      const said = await updateStream(js, sealedWhole(wanted)).then(() => undefined, refusal);
      if (said !== undefined) {
        await deleteStream(js, textOf(wanted["name"]));
        const anew = await made(wanted).then(() => undefined, refusal);
        return { impact: anew === undefined ? "replace" : "refused", said: anew ?? said };
      }
      const live = settledStream((await streamInfo(js, textOf(wanted["name"])))!.config, version);
      if (sameJson(settledStream(info.config, version), live)) return { impact: "none", said: "stays as it is", live };
      if (silently) return { impact: "replace", said: "taken without effect", live };
      const back = await updateStream(js, info.config).then(() => undefined, refusal);
      return { impact: back === undefined ? "update" : "one-way", said: back ?? "taken, and taken back", live };
    }
  });
}

/**
 * Before 2.12 a server drops what it does not know; before 2.14 one alone takes three replicas, and loses all when it restarts;
 * counters may come with the TTLs that markers bring about, but not with those that are written; a negative age, which no program
 * can say, is not looked at in what is sealed.
 */
function isSettled(pair: StreamPair, version: string): boolean {
  const text = JSON.stringify(pair);
  const fresh = /"max_colour"|"allow_msg_(counter|schedules)"|"allow_atomic"|"persist_mode"|"allow_batched"/;
  const isForced = /"allow_msg_counter":true/.test(text) && text.includes('"subject_delete_marker_ttl"');
  const isDropped = !atLeast(version, "2.12") && fresh.test(text);
  const isLost = !atLeast(version, "2.14") && text.includes('"num_replicas":3');
  const isNegative = text.includes('"sealed":true') && text.includes('"max_age":-1');
  return !isNegative && !isForced && !isDropped && !isLost;
}
