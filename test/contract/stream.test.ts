import type { JetStream } from "../../provider/apply/jetstream";
import { deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import type { NatsServer } from "../bed/natsServer";
import { lifecycle } from "./suite";

describe("Stream", () => {
  const bed = jetStreamBed();
  let server: NatsServer;
  let js: JetStream;
  before(() => void ({ server, js } = bed()));

  const first: StreamInputs = {
    name: "ORDERS",
    subjects: ["orders.>"],
    maxAge: "24h",
    maxBytes: "10MiB",
    metadata: { team: "billing" },
  };
  const changed: StreamInputs = {
    ...first,
    description: "all orders",
    maxAge: "36h",
    maxMsgs: 1000,
    metadata: { team: "orders" },
    consumerLimits: { inactiveThreshold: "1h" },
  };
  lifecycle({
    handler: streamHandler,
    terraformId: "JETSTREAM_STREAM_ORDERS",
    config: () => new Map([["servers", server.url]]),
    first,
    changed: { inputs: changed, paths: ["description", "maxAge", "maxMsgs", "metadata.team", "consumerLimits"] },
    replaced: { inputs: { ...changed, storage: "memory" }, path: "storage" },
    refused: [
      {
        inputs: { name: "a.b" },
        path: "name",
        reason: /"a\.b" can't name a stream: it contains "\."/,
        fix: /name: "a_b"/,
      },
      {
        inputs: { ...first, placement: { tags: ["ssd"] } },
        path: "placement.tags",
        reason: /the server is alone, in no cluster: it keeps this without a look at it, and nothing comes of it/,
        fix: /leave it out, or make the server one of a cluster/,
      },
      {
        inputs: { ...first, placement: { cluster: "east" } },
        path: "placement.cluster",
        reason: /the server is alone/,
      },
      {
        inputs: { ...first, maxAge: 30 as unknown as string },
        path: "maxAge",
        reason: /30 has no unit/,
        fix: /maxAge: "30s"/,
      },
      { inputs: { ...first, maxBytes: "10 apples" }, path: "maxBytes", reason: /not a size/ },
      { inputs: { ...first, subjects: ["a..b"] }, path: "subjects[0]", reason: /"a\.\.b" has an empty token/ },
      { inputs: { ...first, subjects: ["a.*", "a.b"] }, path: "subjects[1]", reason: /"a\.b" overlaps with "a\.\*"/ },
      {
        inputs: { ...first, numReplicas: 3 } as StreamInputs,
        path: "numReplicas",
        reason: /no property/,
        fix: /replicas/,
      },
      { inputs: { ...first, replicas: 3 }, path: "replicas", reason: /need a cluster/, fix: /replicas: 1/ },
      { inputs: { ...first, mirror: { name: "X" } }, path: "subjects", reason: /a mirror can't have subjects/ },
      { inputs: { ...first, discardNewPerSubject: true }, path: "discardNewPerSubject", reason: /needs discard "new"/ },
      { inputs: { ...first, duplicateWindow: "48h" }, path: "duplicateWindow", reason: /longer than maxAge/ },
    ],
    drift: {
      make: async () => {
        const info = (await streamInfo(js, "ORDERS"))!;
        await updateStream(js, { ...info.config, max_msgs: 7 });
      },
      path: "maxMsgs",
    },
    remove: () => deleteStream(js, "ORDERS"),
    exists: async () => (await streamInfo(js, "ORDERS")) !== undefined,
  });
});
