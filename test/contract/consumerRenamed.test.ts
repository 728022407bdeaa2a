import assert from "node:assert/strict";
import { createConsumer, consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { adapt } from "../../provider/host/adapt";
import type { Bag, DynamicProvider } from "../../provider/host/dynamicProvider";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { jetStreamBed } from "../bed/jetStreamBed";

const urnOf = (name: string): string => `urn:pulumi:test::bed::pulumi-nodejs:dynamic/nats:Consumer::${name}`;

describe("A consumer that bears no mark of its resource, or that of another name", function () {
  this.timeout(60_000);
  const bed = jetStreamBed();
  let provider: DynamicProvider;
  before(async () => {
    await createStream(bed().js, { name: "ORDERS", subjects: ["orders.>"] });
  });
  beforeEach(async () => {
    provider = adapt(consumerHandler);
    const rawConfig = { "nats:servers": bed().server.url };
    await provider.configure({ config: { rawConfig, get: () => undefined } as { get(): undefined } });
  });

  /** As the engine does it in one `up`. */
  async function replaced(id: string, olds: Bag, news: Bag): Promise<Bag> {
    await provider.check(olds, news);
    const diff = await provider.diff(id, olds, news);
    assert.deepEqual([diff.replaces, diff.deleteBeforeReplace], [["ackPolicy"], true]);
    const { inputs, failures } = await provider.check({}, news);
    assert.deepEqual(failures, []);
    await provider.delete(id, { ...olds, __urn: news["__urn"] });
    return (await provider.create({ ...inputs, __urn: news["__urn"] })).outs;
  }

  it("is replaced after an import", async () => {
    const { js } = bed();
    const config = { name: "imported", durable_name: "imported", ack_policy: "explicit" };
    // As the nats CLI makes them: a pause that is none.
    await createConsumer(js, "ORDERS", { ...config, pause_until: "0001-01-01T00:00:00Z" });
    const { props } = await provider.read("ORDERS/imported", { __provider: "text", __urn: urnOf("imported") });
    assert.equal(props["pauseUntil"], undefined);
    const news = { stream: "ORDERS", name: "imported", ackPolicy: "all", __urn: urnOf("imported") };
    await replaced("ORDERS/imported", props, news);
    assert.equal((await consumerInfo(js, "ORDERS", "imported"))!.config["ack_policy"], "all");
  });

  it("is replaced and deleted after its resource was renamed", async () => {
    const { js } = bed();
    const wanted = { stream: "ORDERS", name: "renamed" };
    const { outs } = await provider.create({ ...wanted, __urn: urnOf("before") });
    const after = await replaced("ORDERS/renamed", outs, { ...wanted, ackPolicy: "all", __urn: urnOf("after") });
    assert.equal((await consumerInfo(js, "ORDERS", "renamed"))!.config["ack_policy"], "all");
    await provider.delete("ORDERS/renamed", { ...after, __urn: urnOf("once more") });
    assert.equal(await consumerInfo(js, "ORDERS", "renamed"), undefined);
  });
});
