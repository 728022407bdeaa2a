import assert from "node:assert/strict";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream } from "../../provider/apply/jetstreamStreams";
import { problemText } from "../../provider/errors";
import { unknownValue } from "../../provider/host/handler";
import { handlerOf } from "../../provider/host/registry";
import type { StreamInputs } from "../../provider/model/stream";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { contextOf } from "./suite";

describe("Streams and buckets that a program relies on", () => {
  const bed = jetStreamBed();
  before(async () => void (await createStream(bed().js, { name: "THERE", subjects: ["there.>"] })));
  /** A process of its own: what another test has declared is not known there. */
  let provider = 0;
  beforeEach(() => void (provider += 1));

  const told = async (kind: string, name: string, inputs: object, olds?: object): Promise<string[]> => {
    const urn = `urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:${kind}::${name}`;
    const config = new Map([
      ["servers", bed().server.url],
      ["provider", `p${provider}`],
    ]);
    const { problems } = await handlerOf(kind)!.check(contextOf(config, urn).context, olds, inputs);
    return problems.map((each) => `${each.severity ?? "error"} ${each.path}: ${problemText(each)}`);
  };
  const missing = (path: string, words: string) =>
    `warning ${path}: there is no ${words}, and nothing that comes before and has the same provider makes it: `;
  const starts = (lines: readonly string[], ...wanted: readonly string[]): void => {
    assert.deepEqual(
      lines.map((line, index) => line.slice(0, (wanted[index] ?? "").length)),
      wanted,
      lines.join("\n"),
    );
  };
  const dependents: readonly (readonly [kind: string, inputs: object, path: string, words: string])[] = [
    ["Stream", { name: "COPY", mirror: { name: "MAIN" } }, "mirror.name", 'stream "MAIN"'],
    ["Stream", { name: "ALL", sources: [{ name: "THERE" }, { name: "MAIN" }] }, "sources[1].name", 'stream "MAIN"'],
    ["Streams", { streams: { COPY: { mirror: { name: "MAIN" } } } }, "streams.COPY.mirror.name", 'stream "MAIN"'],
    ["Consumer", { stream: "MAIN", name: "c" }, "stream", 'stream "MAIN"'],
    ["Consumers", { consumers: { MAIN: { c: {}, d: {} }, THERE: { e: {} } } }, "consumers.MAIN.c", 'stream "MAIN"'],
    ["KeyValue", { bucket: "copy", mirror: { name: "main" } }, "mirror.name", 'stream "KV_main"'],
    ["KeyValueEntry", { bucket: "main", key: "k", value: "v" }, "bucket", 'bucket "main"'],
    ["StoredObject", { bucket: "main", name: "o", value: "t" }, "bucket", 'object store "main"'],
  ];

  for (const [kind, inputs, path, words] of dependents) {
    it(`are missed by ${kind} ${JSON.stringify(inputs)} where nothing makes them`, async () => {
      const lines = await told(kind, "it", inputs);
      starts(lines, missing(path, words));
      assert.match(
        lines[0]!,
        /: (nothing is copied until|the server refuses it \(10059\) unless|nothing can be written unless) it is there.*\. Fix: .*which puts the two in order/,
      );
    });
  }

  it("are not missed where the program has them, by whatever resource, or may have them; nor in another account", async () => {
    const makers: readonly (readonly [string, object])[][] = [
      [
        ["Stream", { name: "MAIN", subjects: ["main.>"] }],
        ["KeyValue", { bucket: "main" }],
        ["ObjectStore", { bucket: "main" }],
      ],
      [["Streams", { streams: { MAIN: { subjects: ["main.>"] }, KV_main: {}, OBJ_main: {} } }]],
      [["Streams", { streams: { MAIN: unknownValue, KV_main: {}, OBJ_main: {} } }]],
      [["Stream", { name: unknownValue }]],
    ];
    for (const program of makers) {
      provider += 1;
      for (const [kind, inputs] of program) assert.deepEqual(await told(kind, `${kind}-maker`, inputs), []);
      for (const [kind, inputs] of dependents) assert.deepEqual(await told(kind, "it", inputs), [], kind);
    }
    provider += 1;
    const external = { api: "$JS.hub.API" };
    assert.deepEqual(await told("Stream", "far", { name: "FAR", mirror: { name: "MAIN", external } }), []);
    assert.deepEqual(await told("Consumer", "open", { stream: unknownValue, name: "c" }), []);
    assert.deepEqual(
      await told("Streams", "both", {
        streams: { COPY: { mirror: { name: "MAIN" } }, MAIN: { subjects: ["main.>"] } },
      }),
      [],
    );
  });

  it("can't share a subject, of single ones and of maps: told before anything changes", async () => {
    assert.deepEqual(await told("Stream", "one", { name: "ONE", subjects: ["x.*"] }), []);
    const shared = (path: string) =>
      `error ${path}: "x.1" overlaps with the subjects of stream "ONE" of nats.Stream "one" of this program: the server refuses it (10065). Fix: narrow the subjects of one of them`;
    const two = { name: "TWO", subjects: ["y", "x.1"] };
    assert.deepEqual(await told("Stream", "two", two), [shared("subjects[1]")]);
    starts(
      await told("Streams", "map", { streams: { M: { subjects: ["x.1"] } } }),
      'error streams.M.subjects[0]: "x.1" overlaps with the subjects of stream "ONE" of nats.Stream "one", "TWO" of nats.Stream "two"',
    );
    provider += 1;
    // One gives up what the other takes; the subjects of a bucket are its own.
    assert.deepEqual(await told("Stream", "two", two), []);
    assert.deepEqual(
      await told("Stream", "one", { name: "ONE", subjects: ["x.2"] }, { name: "ONE", subjects: ["x.*"], created: "" }),
      [],
    );
    assert.deepEqual(await told("KeyValue", "kv", { bucket: "kv" }), []);
    starts(
      await told("Stream", "odd", { name: "ODD", subjects: ["$KV.kv.a"] }),
      'error subjects[0]: "$KV.kv.a" overlaps with the subjects of stream "KV_kv" of nats.KeyValue "kv"',
    );
  });

  it("that are work queues have one consumer for each message", async () => {
    const map = (members: object) => told("Consumers", "workers", { consumers: { WORK: members } });
    const members = { a: { filterSubject: "w.*" }, b: { filterSubjects: ["w.x.y", "w.1"] } };
    assert.deepEqual(await told("Stream", "work", { name: "WORK", subjects: ["w.>"] }), []);
    assert.deepEqual(await map(members), [], "each consumer of another stream has all");
    assert.deepEqual(await told("Stream", "work", { name: "WORK", subjects: ["w.>"], retention: "workqueue" }), []);
    const queue = 'stream "WORK" has retention "workqueue", where each message has one consumer (10099, 10100)';
    const why = `of the same map: ${queue}`;
    starts(
      await map(members),
      `error consumers.WORK.a.filterSubject: "w.*" overlaps with the filters of consumer "b" ${why}`,
      `error consumers.WORK.b.filterSubjects[1]: "w.1" overlaps with the filters of consumer "a" ${why}`,
    );
    starts(
      await map({ a: {}, b: { filterSubject: "w.1" } }),
      `error consumers.WORK.a.filterSubject: without a filter it takes all subjects, which overlaps with the filters of consumer "b" ${why}`,
      `error consumers.WORK.b.filterSubject: "w.1" overlaps with the filters of consumer "a" ${why}`,
    );
    assert.deepEqual(await map({ a: { filterSubject: "w.1" }, b: { filterSubject: "w.2" } }), []);
    // As it is on the server, where the program says nothing of it.
    provider += 1;
    await createStream(bed().js, { name: "WORK", subjects: ["w.>"], retention: "workqueue" });
    assert.equal((await map(members)).length, 2);
    await deleteStream(bed().js, "WORK");
  });

  it("that are work queues have one consumer for each message, of single ones, of maps, and on the server", async () => {
    const { js } = bed();
    const queue = 'stream "WORK" has retention "workqueue", where each message has one consumer (10099, 10100)';
    const fix = "Fix: narrow the filters of one of them";
    const one = (name: string, rest: object, olds?: object) =>
      told("Consumer", name, { stream: "WORK", name, ...rest }, olds && { stream: "WORK", name, ...olds });
    const work: StreamInputs = { name: "WORK", subjects: ["w.>"], retention: "workqueue" };
    assert.deepEqual(await told("Stream", "work", work), []);
    assert.deepEqual(await one("a", { filterSubject: "w.a" }), []);
    assert.deepEqual(await one("b", { filterSubjects: ["w.b", "w.c.*"] }), []);
    assert.deepEqual(await one("c", { filterSubject: "w.*" }), [
      `error filterSubject: "w.*" overlaps with the filters of consumer "a" of nats.Consumer "a", "b" of nats.Consumer "b": ${queue}. ${fix}`,
    ]);
    // What it says last counts; a change is looked at where the filters change.
    assert.deepEqual(await one("c", { filterSubject: "w.c" }), []);
    assert.deepEqual(await one("a", { filterSubject: "w.a", description: "first" }, { filterSubject: "w.a" }), []);
    assert.deepEqual(await one("a", { filterSubject: "w.c.d" }, { filterSubject: "w.a" }), [
      `error filterSubject: "w.c.d" overlaps with the filters of consumer "b" of nats.Consumer "b": ${queue}. ${fix}`,
    ]);
    assert.deepEqual(await told("Consumers", "more", { consumers: { WORK: { d: { filterSubject: "w.b" } } } }), [
      `error consumers.WORK.d.filterSubject: "w.b" overlaps with the filters of consumer "b" of nats.Consumer "b": ${queue}. ${fix}`,
    ]);
    // The server says the same, whoever made the other one.
    provider += 1;
    await createStream(js, { name: "WORK", subjects: ["w.>"], retention: "workqueue" });
    await createConsumer(js, "WORK", {
      name: "old",
      durable_name: "old",
      ack_policy: "explicit",
      filter_subject: "w.a",
    });
    const order =
      "Fix: let this come after what changes them (dependsOn), or do it in two ups; or narrow the filters of one of them";
    const beside = `"w.>" overlaps with the filters of consumer "old" on the server until they change or go: it refuses this one where it comes first: ${queue}. ${order}`;
    assert.deepEqual(await one("new", { filterSubject: "w.>" }), [`warning filterSubject: ${beside}`]);
    const map = { consumers: { WORK: { new: { filterSubject: "w.>" } } } };
    assert.deepEqual(await told("Consumers", "map", map), [`warning consumers.WORK.new.filterSubject: ${beside}`]);
    await assert.rejects(
      createConsumer(js, "WORK", { name: "new", durable_name: "new", ack_policy: "explicit", filter_subject: "w.>" }),
      /10100/,
    );
    provider += 1;
    assert.deepEqual(await one("other", { filterSubject: "w.other" }), []);
    // The program has it too, with another filter by then: what comes first is not known here.
    provider += 1;
    assert.deepEqual(await one("old", { filterSubject: "w.b" }, { filterSubject: "w.a" }), []);
    assert.deepEqual(await one("new", { filterSubject: "w.a" }), [
      `warning filterSubject: "w.a" overlaps with the filters of consumer "old" on the server until they change or go: it refuses this one where it comes first: ${queue}. ${order}`,
    ]);
    await deleteStream(js, "WORK");
  });

  it("that are work queues take no exchange of filters, and say so for a map, whatever order it is sent in", async () => {
    const { js } = bed();
    const filters = (all: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(all).map(([name, filterSubject]) => [name, { filterSubject }]));
    const map = (all: Readonly<Record<string, string>>) => ({ consumers: { QUEUE: filters(all) } });
    await createStream(js, { name: "QUEUE", subjects: ["w.>"], retention: "workqueue" });
    const { context } = contextOf(new Map([["servers", bed().server.url]]), "urn:pulumi:t::t::x:Consumers::m");
    const { state } = await consumersHandler.create(context, map({ a: "w.a", b: "w.b", c: "w.c" }));
    const swapped = map({ a: "w.b", b: "w.a", c: "w.d" });
    const waits = (name: string, other: string) =>
      `error consumers.QUEUE.${name}.filterSubject: it wants what consumer "${other}" of the same map has until that changes, which waits for this one: `;
    starts(await told("Consumers", "m", swapped, state), waits("a", "b"), waits("b", "a"));
    await assert.rejects(consumersHandler.update(context, "m", state, swapped), /10100/);
    const live = (await consumersHandler.read(context, "m", state))!.state;
    const chain = map({ a: "w.b", b: "w.e", c: "w.f" });
    assert.deepEqual(await told("Consumers", "m", chain, live), []);
    await consumersHandler.update(context, "m", live, chain);
    await deleteStream(js, "QUEUE");
    // A stream that is a queue only once it has been made anew takes them too.
    provider += 1;
    await createStream(js, { name: "QUEUE", subjects: ["w.>"] });
    await told("Stream", "queue", { name: "QUEUE", subjects: ["w.>"], retention: "workqueue" });
    assert.deepEqual(await told("Consumers", "m", swapped, state), []);
    await deleteStream(js, "QUEUE");
  });

  it("are looked at as the program makes them, where they are not there yet", async () => {
    assert.deepEqual(await told("Stream", "next", { name: "NEXT", subjects: ["n.>"], retention: "workqueue" }), []);
    starts(
      await told("Consumer", "c", {
        stream: "NEXT",
        name: "c",
        filterSubject: "n.c",
        deliverPolicy: "new",
        ackPolicy: "none",
      }),
      'warning ackPolicy: stream "NEXT" has retention "workqueue": acknowledgements must be explicit (10084, 10098)',
      'warning deliverPolicy: stream "NEXT" has retention "workqueue": consumers get all messages (10101)',
    );
    starts(
      await told("Consumers", "d", { consumers: { NEXT: { d: { filterSubject: "n.d", deliverPolicy: "last" } } } }),
      'warning consumers.NEXT.d.deliverPolicy: stream "NEXT" has retention "workqueue": consumers get all messages (10101)',
    );
  });
});
