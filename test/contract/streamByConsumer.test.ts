import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import type { JetStream } from "../../provider/apply/jetstream";
import { waitFor } from "../../provider/apply/wait";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { expandStream } from "../../provider/model/stream";
import type { StreamInputs } from "../../provider/model/stream";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

for (const version of ["2.15.2", "2.14.9"]) {
  describe(`A stream that copies by consumers of one's own, nats-server ${version}`, () => {
    const bed = jetStreamBed(version);
    let connection: NatsConnection;
    let js: JetStream;
    const context = (urn: string) => contextOf(new Map([["servers", bed().server.url]]), urn).context;
    const by = (name: string) => ({ name: "ORIGIN", consumer: { name, deliverSubject: `copies.${name}` } });

    before(async () => {
      ({ connection, js } = bed());
      await createStream(js, { name: "ORIGIN", subjects: ["origin.*"] });
      for (let index = 0; index < 20; index++) await connection.request(`origin.${index % 2}`, "x", patient);
      const consumers: ConsumerInputs[] = [
        { stream: "ORIGIN", name: "all", deliverSubject: "copies.all" },
        { stream: "ORIGIN", name: "even", deliverSubject: "copies.even", filterSubject: "origin.0" },
        { stream: "ORIGIN", name: "odd", deliverSubject: "copies.odd", filterSubject: "origin.1" },
      ];
      for (const each of consumers) {
        const inputs: ConsumerInputs = { ...each, ackPolicy: "flow_control" };
        const checked = await consumerHandler.check(context(each.name), undefined, inputs);
        assert.deepEqual(checked.problems, []);
        const { id, state } = await consumerHandler.create(context(each.name), checked.inputs);
        assert.deepEqual((await consumerHandler.diff(context(each.name), id, state, inputs)).changes, {});
        assert.deepEqual((await consumerHandler.read(context(each.name), id, undefined))!.inputs, inputs);
      }
    });

    const copied = async (copy: StreamInputs, subjects: Record<string, number>): Promise<void> => {
      const checked = await streamHandler.check(context(copy.name), undefined, copy);
      assert.deepEqual(checked.problems, []);
      const { state } = await streamHandler.create(context(copy.name), checked.inputs);
      const arrived = async () => (await streamInfo(js, copy.name, { subjects: true }))!.state.subjects ?? {};
      await waitFor(`the messages in ${copy.name}`, { timeout: 60_000 }, async () => {
        const counts = await arrived();
        const sum = Object.values(counts).reduce((all, one) => all + one, 0);
        return sum >= 20 ? { value: sum } : { pending: JSON.stringify(counts) };
      });
      assert.deepEqual(await arrived(), subjects);
      const read = (await streamHandler.read(context(copy.name), copy.name, undefined))!;
      assert.deepEqual(read.inputs, copy);
      assert.deepEqual((await streamHandler.diff(context(copy.name), copy.name, read.state, copy)).changes, {});
      assert.deepEqual((await streamHandler.diff(context(copy.name), copy.name, state, copy)).changes, {});
    };

    it("takes a mirror's messages in, and what is acknowledged there is what has arrived", async () => {
      await copied({ name: "MIRROR", mirror: by("all") }, { "origin.0": 10, "origin.1": 10 });
      await waitFor("the consumer's floor", { timeout: 60_000 }, async () => {
        const { ack_floor: floor } = (await consumerInfo(js, "ORIGIN", "all"))!;
        return floor.stream_seq === 20 ? { value: floor } : { pending: JSON.stringify(floor) };
      });
    });

    it("takes two sources of one stream, each by its own consumer; the same consumer twice is refused, as the server does", async () => {
      await copied({ name: "BOTH", sources: [by("even"), by("odd")] }, { "origin.0": 10, "origin.1": 10 });
      const twice: StreamInputs = {
        name: "TWICE",
        sources: [by("even"), { ...by("even"), subjectTransforms: [{ src: "origin.*", dest: "o.{{wildcard(1)}}" }] }],
      };
      const { problems } = await streamHandler.check(context("twice"), undefined, twice);
      assert.deepEqual(
        problems.map(({ path, reason, fix }) => [path, reason, fix]),
        [
          [
            "sources[1].consumer.name",
            "sources[0] goes by the same consumer, and one consumer serves one source",
            "a consumer for each",
          ],
        ],
      );
      await assert.rejects(createStream(js, expandStream(twice)), /duplicate|same consumer/i);
    });
  });
}
