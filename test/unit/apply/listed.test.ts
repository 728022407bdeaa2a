import assert from "node:assert/strict";
import type { JetStream } from "../../../provider/apply/jetstream";
import { listConsumers } from "../../../provider/apply/jetstreamConsumers";
import { listStreams } from "../../../provider/apply/jetstreamStreams";
import type { JsonObject } from "../../../provider/model/exactJson";

/** Answers by subject and offset, as a cluster gives them while some have no leader. */
function answering(answers: Readonly<Record<string, JsonObject>>): JetStream {
  const request = async (subject: string, payload?: JsonObject): Promise<JsonObject> => {
    const key = payload?.["offset"] === undefined ? subject : `${subject} ${Number(payload["offset"])}`;
    const answer = answers[key];
    assert.ok(answer, `${key} is not to be asked`);
    return answer;
  };
  return { request, lacks: () => false } as unknown as JetStream;
}

describe("Listings of a cluster", () => {
  const consumer = (name: string): JsonObject => ({ name, config: { name }, created: "" });
  const stream = (name: string): JsonObject => ({ config: { name }, created: "", state: {} });

  it("have the consumers that are without a leader at the moment too, each once", async () => {
    const js = answering({
      "CONSUMER.LIST.S 0": { consumers: [consumer("b"), consumer("off")], missing: ["a", "off"], limit: 3, total: 4 },
      "CONSUMER.LIST.S 3": { consumers: [consumer("z")], limit: 3, total: 4 },
      "CONSUMER.INFO.S.a": consumer("a"),
    });
    assert.deepEqual((await listConsumers(js, "S")).map(({ name }) => name).sort(), ["a", "b", "off", "z"]);
  });

  it("have such streams too", async () => {
    const js = answering({
      "STREAM.LIST 0": { streams: [stream("B")], missing: ["A"], limit: 256, total: 2 },
      "STREAM.INFO.A": stream("A"),
    });
    assert.deepEqual((await listStreams(js)).map(({ config }) => config["name"]).sort(), ["A", "B"]);
  });

  it("end where the servers say nothing of pages", async () => {
    assert.deepEqual(await listStreams(answering({ "STREAM.LIST 0": { streams: [] } })), []);
  });
});
