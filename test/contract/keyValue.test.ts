import type { JetStream } from "../../provider/apply/jetstream";
import { deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { lifecycle } from "./suite";

for (const version of serverVersions) {
  describe(`KeyValue on nats-server ${version}`, () => {
    const bed = jetStreamBed(version);
    let server: NatsServer;
    let js: JetStream;
    before(() => void ({ server, js } = bed()));

    const first: KeyValueInputs = {
      bucket: "config",
      description: "settings of all services",
      history: 5,
      ttl: "36h",
      maxValueSize: "64KiB",
      maxBytes: "10MiB",
      compression: true,
      republish: { src: "$KV.config.>", dest: "copies.>" },
      metadata: { team: "billing" },
    };
    const changed: KeyValueInputs = {
      bucket: "config",
      history: 10,
      ttl: "1m",
      limitMarkerTtl: "1h",
      maxValueSize: "64KiB",
      maxBytes: "20MiB",
      metadata: { team: "orders" },
    };
    lifecycle({
      handler: keyValueHandler,
      terraformId: "JETSTREAM_KV_config",
      config: () => new Map([["servers", server.url]]),
      first,
      changed: {
        inputs: changed,
        paths: [
          "compression",
          "description",
          "history",
          "limitMarkerTtl",
          "maxBytes",
          "metadata.team",
          "republish",
          "ttl",
        ],
      },
      replaced: { inputs: { ...changed, storage: "memory" }, path: "storage" },
      refused: [
        {
          inputs: { bucket: "a.b" },
          path: "bucket",
          reason: /"a\.b" can't name a bucket: it contains "\."/,
          fix: /bucket: "a_b"/,
        },
        { inputs: { bucket: "x", history: 65 }, path: "history", reason: /65: a number from 1 to 64/ },
        { inputs: { bucket: "x", ttl: 30 as unknown as string }, path: "ttl", reason: /30 has no unit/, fix: /"30s"/ },
        { inputs: { bucket: "x", ttl: "50ms" }, path: "ttl", reason: /50ms is too short/, fix: /"100ms"/ },
        { inputs: { bucket: "x", limitMarkerTtl: "10ms" }, path: "limitMarkerTtl", reason: /too short/, fix: /"1s"/ },
        { inputs: { bucket: "x", replicas: 3 }, path: "replicas", reason: /need a cluster/, fix: /replicas: 1/ },
        {
          inputs: { bucket: "x", compression: "s2" as unknown as boolean },
          path: "compression",
          reason: /true or false is wanted/,
          fix: /compression: true/,
        },
        {
          inputs: { bucket: "x", maxBucketSize: "1GiB" } as KeyValueInputs,
          path: "maxBucketSize",
          reason: /no property/,
          fix: /maxBytes/,
        },
        {
          inputs: { bucket: "x", mirror: { name: "a" }, sources: [{ name: "b" }] },
          path: "sources",
          reason: /a mirror can't have sources/,
        },
        { inputs: { bucket: "x", republish: { dest: "$KV.x.>" } }, path: "republish.dest", reason: /comes back into/ },
      ],
      drift: {
        make: async () => {
          const { config } = (await streamInfo(js, "KV_config"))!;
          await updateStream(js, { ...config, max_msgs_per_subject: 7 });
        },
        path: "history",
      },
      remove: () => deleteStream(js, "KV_config"),
      exists: async () => (await streamInfo(js, "KV_config")) !== undefined,
    });
  });
}
