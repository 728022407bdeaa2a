import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream, deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { StreamInfo } from "../../provider/apply/jetstreamStreams";
import { formatJson, sameJson, textOf } from "../../provider/model/exactJson";
import type { Json, JsonObject } from "../../provider/model/exactJson";
import { streamFields } from "../../provider/model/streamFields";
import { sealedWhole, settledStream } from "../../provider/model/streamSettled";
import type { AssetImpact } from "../../provider/plan/assetImpact";
import { explainStream } from "../../provider/plan/streamExplain";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { knownPairs, streamPairs } from "./streamPairs";
import type { StreamPair } from "./streamPairs";

const runs = Number(process.env["MODEL_RUNS"] ?? 120);
const seed = Number(process.env["MODEL_SEED"] ?? 15);

interface Verdict {
  readonly impact: AssetImpact;
  readonly wrong?: JsonObject;
}

/** What stands at the end of a pair: a server that starts again must know it, or must not where the plan says so. */
interface Standing {
  readonly name: string;
  readonly config: JsonObject;
  readonly isLost: boolean;
}

for (const version of serverVersions) {
  describe(`Whole configurations of streams on nats-server ${version}`, function () {
    this.timeout(300_000);
    const store = mkdtempSync(path.join(tmpdir(), "pulumi-nats-streams-"));
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let level: number;
    async function start(): Promise<void> {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "${store}" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      level = (await js.accountInfo()).api!.level!;
    }
    async function stop(): Promise<void> {
      await connection.close();
      await server.stop();
    }
    before(async () => {
      await start();
      for (const name of ["O", "P"]) await createStream(js, { name, subjects: [`${name}.*`] });
    });
    after(async () => {
      await stop();
      rmSync(store, { recursive: true });
    });

    it(`judges ${runs} random changes of several fields as the server does, which keeps them over a start`, async () => {
      const counts = new Map<string, number>();
      const wrong: JsonObject[] = [];
      const standing: Standing[] = [];
      const pairs = [...knownPairs, ...fc.sample(streamPairs, { numRuns: runs, seed })];
      for (const [index, pair] of pairs.entries()) {
        const found = await judged(pair, `S${index}`, standing);
        counts.set(found.impact, (counts.get(found.impact) ?? 0) + 1);
        if (found.wrong) wrong.push(found.wrong);
      }
      for (const impact of ["none", "update", "one-way", "replace", "refused"])
        assert.ok((counts.get(impact) ?? 0) >= runs / 50, `${impact}: ${counts.get(impact)} of ${runs}`);
      await stop();
      await start();
      for (const each of standing) wrong.push(...(await otherwise(each)));
      const few = wrong.slice(0, 12).map((each) => formatJson(each));
      assert.equal(few.join("\n"), "", `seed ${seed}: ${wrong.length} of ${pairs.length} are judged otherwise`);
    });

    async function judged(pair: StreamPair, name: string, standing: Standing[]): Promise<Verdict> {
      const config = (of: JsonObject): JsonObject => {
        const isOther = of["mirror"] ?? of["sources"] ?? of["subjects"];
        const text = JSON.stringify({ name, ...(isOther ? {} : { subjects: ["{name}.>"] }), ...of });
        return JSON.parse(text.replaceAll("{name}", name)) as JsonObject;
      };
      const [before, after] = [config(pair.before), config(pair.after)];
      const options = { serverVersion: version, apiLevel: level, clustered: false };
      const first = explainStream({ name }, before, options).impact;
      const fault = await made(before).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      const info = fault === undefined ? (await streamInfo(js, name))! : undefined;
      if (!info || isDropped(before, info.config)) {
        const wrong = { before, said: fault ?? "taken, and some of it dropped", predicted: first };
        return { impact: "refused", ...(first === "refused" ? {} : { wrong }) };
      }
      if (first === "refused") {
        standing.push({ name, config: before, isLost: true });
        return { impact: "refused" };
      }
      const plan = explainStream(info.config, after, { ...options, state: info.state });
      // Nothing is sent where nothing changes: some servers refuse a sealed stream its own configuration.
      if (plan.impact === "none" && before["sealed"] === true) {
        standing.push({ name, config: before, isLost: false });
        return { impact: "none" };
      }
      const silent = plan.changes.filter(({ path: field, impact }) =>
        field === "sources" ? impact === "replace" : field === "first_seq",
      );
      const { impact, said, live, stands } = await answer(info, after, plan.impact, silent.length > 0);
      if (stands) standing.push({ name, config: stands, isLost: plan.impact === "refused" });
      const expected = settledStream(after, version);
      const isThere = !live || sameJson(expected, live);
      if (plan.impact === impact && isThere) return { impact };
      const changes = plan.changes.map(({ path: field, impact: cost }) => `${field}: ${cost}`);
      const other = live ? Object.keys(expected).filter((field) => !sameJson(expected[field], live[field])) : [];
      const differs = other.map((field) => [field, expected[field] ?? null, live?.[field] ?? null]);
      const wrong = { before, after, predicted: [plan.impact, ...changes], answer: impact, said, differs };
      return { impact, wrong };
    }

    /** A stream is sealed once it is there. */
    async function made({ sealed, ...open }: JsonObject): Promise<void> {
      await createStream(js, open);
      if (sealed === true) await updateStream(js, { ...open, sealed });
    }

    /** What a server takes although the plan says that it is refused counts as refused: it must be lost with the next start. */
    async function answer(
      info: StreamInfo,
      wanted: JsonObject,
      predicted: AssetImpact,
      silently: boolean,
    ): Promise<{
      readonly impact: AssetImpact;
      readonly said: string;
      readonly live?: JsonObject;
      readonly stands?: JsonObject;
    }> {
      const name = textOf(wanted["name"]);
      const refusal = (error: unknown) => (error as Error).message;
      // As the product sends it.
      const said = await updateStream(js, sealedWhole(wanted)).then(() => undefined, refusal);
      if (said !== undefined) {
        await deleteStream(js, name);
        const anew = await made(wanted).then(() => undefined, refusal);
        if (anew !== undefined || isDropped(wanted, (await streamInfo(js, name))!.config)) {
          return { impact: "refused", said: anew ?? said };
        }
        return { impact: predicted === "refused" ? "refused" : "replace", said, stands: wanted };
      }
      const { config } = (await streamInfo(js, name))!;
      const live = settledStream(config, version);
      if (isDropped(wanted, config)) return { impact: "refused", said: "taken, and some of it dropped" };
      if (predicted === "refused") return { impact: "refused", said: "taken", stands: wanted };
      if (sameJson(settledStream(info.config, version), live)) {
        return { impact: "none", said: "stays as it is", live, stands: wanted };
      }
      if (silently) return { impact: "replace", said: "taken without effect", live, stands: wanted };
      const back = await updateStream(js, info.config).then(() => undefined, refusal);
      return back === undefined
        ? { impact: "update", said: "taken, and taken back", live, stands: info.config }
        : { impact: "one-way", said: back, live, stands: wanted };
    }

    /** Servers before 2.12 take what they do not know, and drop it. */
    function isDropped(written: JsonObject, live: JsonObject): boolean {
      const [wanted, found] = [settledStream(written, version), settledStream(live, version)];
      return "max_colour" in written || fresh.some((field) => !sameJson(wanted[field], found[field]));
    }

    /** A stream that is not what it is taken for once the server has started again. */
    async function otherwise({ name, config, isLost }: Standing): Promise<JsonObject[]> {
      // What one server alone keeps in memory goes with it.
      if (config["storage"] === "memory") return [];
      const info = await streamInfo(js, name);
      if (isLost) return info ? [{ config, predicted: "lost", answer: "it is there after a start" }] : [];
      if (!info) return [{ config, predicted: "kept", answer: "it is lost with a start" }];
      const [expected, live] = [settledStream(config, version), settledStream(info.config, version)];
      const other = Object.keys(expected).filter((field) => !sameJson(expected[field], live[field]));
      const differs = other.map((field): Json => [field, expected[field] ?? null, live[field] ?? null]);
      if (differs.length > 0) return [{ config, predicted: "kept", differs }];
      if (config["sealed"] !== true) return [];
      const wanted = { ...config, description: "since the start" };
      const { impact } = explainStream(info.config, wanted, { serverVersion: version, state: info.state });
      const said = await updateStream(js, sealedWhole(wanted)).then(
        () => "update",
        (error: unknown) => (error as Error).message,
      );
      return (impact === "update") === (said === "update") ? [] : [{ wanted, predicted: impact, said }];
    }
  });
}

/** What servers before 2.12 do not know. */
const fresh = Object.values(streamFields)
  .filter((field) => "level" in field && field.level >= 2)
  .map(({ json }) => json);
