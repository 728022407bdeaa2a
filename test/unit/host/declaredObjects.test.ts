import assert from "node:assert/strict";
import { locatedText } from "../../../provider/errors";
import { declaredTwice } from "../../../provider/host/declaredObjects";
import { unknownValue } from "../../../provider/host/handler";
import { handlerOf } from "../../../provider/host/registry";

/** As a program writes it: the kind, the name in the program, the inputs. */
type Resource = readonly [kind: string, name: string, inputs: object];

let programs = 0;

/** What the checks of one program's resources say of each other, in the program's order. */
function said(...resources: readonly Resource[]): string[] {
  const config = new Map([["servers", `nats://program-${programs++}`]]);
  return resources.flatMap(([kind, name, inputs]) => {
    const urn = `urn:pulumi:test::test::my:own:Component$pulumi-nodejs:dynamic/nats:${kind}::${name}`;
    const objects = handlerOf(kind)!.objects!(inputs);
    return declaredTwice(config, urn, objects).map((problem) => `${name}: ${locatedText(problem)}`);
  });
}

const fix = "Fix: leave it out of one of the two, or give it another name";

describe("Resources of one program that are the same object", () => {
  it("are a problem of the second, with what it is and whose it is already", () => {
    const stream: Resource = ["Stream", "orders", { name: "ORDERS" }];
    assert.deepEqual(said(stream, ["Stream", "more", { name: "ORDERS" }]), [
      `more: name: stream "ORDERS" is that of nats.Stream "orders" of this program already. ${fix}`,
    ]);
    assert.deepEqual(said(stream, ["Streams", "all", { streams: { ORDERS: {}, BILLS: {} } }]), [
      `all: streams.ORDERS: stream "ORDERS" is that of nats.Stream "orders" of this program already. ${fix}`,
    ]);
    assert.deepEqual(said(["Streams", "all", { streams: { ORDERS: {} } }], stream), [
      `orders: name: stream "ORDERS" is that of nats.Streams "all" of this program already. ${fix}`,
    ]);
    const consumer: Resource = ["Consumer", "one", { stream: "ORDERS", name: "workers" }];
    assert.deepEqual(
      said(
        consumer,
        ["Consumer", "two", { stream: "ORDERS", name: "workers" }],
        ["Consumer", "elsewhere", { stream: "BILLS", name: "workers" }],
        ["Consumers", "many", { consumers: { ORDERS: { workers: {}, "my.own": {} } } }],
      ),
      [
        `two: name: consumer "ORDERS/workers" is that of nats.Consumer "one" of this program already. ${fix}`,
        `many: consumers.ORDERS.workers: consumer "ORDERS/workers" is that of nats.Consumer "one" of this program already. ${fix}`,
      ],
    );
  });

  it("are found by what they are on the servers, whatever kind says so", () => {
    assert.deepEqual(
      said(
        ["KeyValue", "config", { bucket: "config" }],
        ["Stream", "raw", { name: "KV_config" }],
        ["ObjectStore", "config", { bucket: "config" }],
        ["Streams", "all", { streams: { OBJ_config: {} } }],
      ),
      [
        `raw: name: stream "KV_config" is that of nats.KeyValue "config" of this program already. ${fix}`,
        `all: streams.OBJ_config: stream "OBJ_config" is that of nats.ObjectStore "config" of this program already. ${fix}`,
      ],
    );
    assert.deepEqual(said(["Stream", "raw", { name: "KV_config" }], ["KeyValue", "config", { bucket: "config" }]), [
      `config: bucket: bucket "config" (stream "KV_config") is that of nats.Stream "raw" of this program already. ${fix}`,
    ]);
    assert.deepEqual(
      said(
        ["KeyValueEntry", "a", { bucket: "config", key: "k" }],
        ["KeyValueEntry", "b", { bucket: "config", key: "k" }],
        ["StoredObject", "c", { bucket: "config", name: "k" }],
        ["StoredObject", "d", { bucket: "config", name: "k" }],
      ),
      [
        `b: key: key "k" of bucket "config" is that of nats.KeyValueEntry "a" of this program already. ${fix}`,
        `d: name: object "k" of store "config" is that of nats.StoredObject "c" of this program already. ${fix}`,
      ],
    );
  });

  it("are none where one is looked at again, has become another, or is not known yet", () => {
    const one = (name: string): Resource => ["Stream", "orders", { name }];
    assert.deepEqual(said(one("ORDERS"), one("ORDERS"), one("BILLS"), ["Stream", "more", { name: "ORDERS" }]), []);
    assert.deepEqual(said(one(unknownValue), ["Stream", "more", { name: unknownValue }]), []);
    const unknown = { bucket: unknownValue, key: "k" };
    assert.deepEqual(said(["KeyValueEntry", "a", unknown], ["KeyValueEntry", "b", unknown]), []);
    assert.deepEqual(said(one("ORDERS")), [], "of another account");
  });

  it("are counted where they are many", () => {
    const streams = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`S${index}`, {}]));
    const found = said(["Streams", "one", { streams }], ["Streams", "two", { streams }]);
    assert.deepEqual(
      [
        found.length,
        found.at(-1)?.startsWith("two: 20 more problems, told once these are mended: at streams.S10, streams.S11, "),
      ],
      [11, true],
    );
  });
});
