import assert from "node:assert/strict";
import { formatJson, parseJson } from "../../../provider/model/exactJson";
import { argPath, argWords, expandStream, flattenStream, streamProblems } from "../../../provider/model/stream";
import { streamFields } from "../../../provider/model/streamFields";
import { settledStream } from "../../../provider/model/streamSettled";

const full = {
  name: "S",
  description: "d",
  subjects: ["a.>", "b"],
  retention: "interest",
  maxConsumers: 3,
  maxMsgs: 10,
  maxBytes: "10GiB",
  maxAge: "36h",
  maxMsgsPerSubject: 2,
  maxMsgSize: "1MiB",
  discard: "new",
  discardNewPerSubject: true,
  storage: "memory",
  replicas: 3,
  noAck: true,
  duplicateWindow: "30s",
  placement: { cluster: "C", tags: ["ssd"] },
  compression: "s2",
  firstSeq: 7,
  subjectTransform: { src: "a.*", dest: "c.$1" },
  republish: { src: ">", dest: "r.>", headersOnly: true },
  allowDirect: true,
  denyDelete: true,
  consumerLimits: { inactiveThreshold: "1h", maxAckPending: 5 },
  allowMsgTtl: true,
  allowAtomic: true,
  allowBatched: true,
  metadata: { team: "x" },
};

describe("A stream's settings", () => {
  it("become the server's JSON in nanoseconds and bytes, and back again", () => {
    const config = expandStream(full);
    assert.equal(config["max_age"], 129_600_000_000_000);
    assert.equal(config["max_bytes"], 10 * 1024 ** 3);
    assert.equal(config["num_replicas"], 3);
    assert.deepEqual(flattenStream(config, "2.15.2"), full);
    assert.deepEqual(streamProblems(full), []);
  });

  it("are refused beyond what servers keep, or where they mean nothing, each with what to type", () => {
    const found = streamProblems({
      name: "S",
      maxMsgSize: "99GiB",
      maxMsgs: 9_007_199_254_740_992,
      maxMsgsPerSubject: "9223372036854775808",
      replicas: 7,
      mirror: { name: "" },
      sources: ["ORDERS"],
    }).map(({ path, reason, fix }) => [path, reason, fix]);
    assert.deepEqual(found, [
      ["maxMsgSize", '"99GiB": less than 2GiB is wanted, at most 2147483647 bytes', 'maxMsgSize: "2147483647"'],
      [
        "maxMsgs",
        "9007199254740992: a whole number beyond 9007199254740991 as a text is wanted",
        'maxMsgs: "9007199254740992"',
      ],
      [
        "maxMsgsPerSubject",
        '"9223372036854775808": at most 9223372036854775807 is wanted',
        'maxMsgsPerSubject: "9223372036854775807"',
      ],
      ["replicas", "7: a number from 1 to 5 is wanted", "replicas: 5"],
      ["mirror.name", "the name is missing", undefined],
      ["sources[0]", '"ORDERS": an object is wanted', '{ name: "ORDERS" }'],
    ]);
    const [wrong] = streamProblems({ name: "S", mirror: "ORDERS" });
    assert.equal(wrong!.fix, 'mirror: { name: "ORDERS" }');
    const [listed] = streamProblems({ name: "S", subjects: "orders.>" });
    assert.equal(listed!.fix, 'subjects: ["orders.>"]');
  });

  it("send nothing that is default", () => {
    const defaults = {
      name: "S",
      subjects: ["S"],
      maxMsgs: -1,
      maxAge: "0s",
      replicas: 1,
      storage: "file",
      allowDirect: false,
    };
    assert.deepEqual(expandStream(defaults), { name: "S", subjects: ["S"] });
  });

  it("keep integers beyond 2^53 exactly", () => {
    const text = `{"first_seq":18446744073709551615,"name":"12345678901234567890","max_age":9007199254740993}`;
    assert.equal(formatJson(parseJson(text)), text);
    assert.equal(expandStream({ name: "S", firstSeq: "18446744073709551615" })["first_seq"], 18446744073709551615n);
  });

  it("know every field by both names", () => {
    for (const [name, { json }] of Object.entries(streamFields)) assert.equal(argPath(json), name);
    assert.equal(argPath("sources[1].subject_transforms[0].dest"), "sources[1].subjectTransforms[0].dest");
    assert.equal(argWords("max_age beside max_msgs_per_subject"), "maxAge beside maxMsgsPerSubject");
  });

  it("leave what is quoted as its user wrote it", () => {
    assert.equal(
      argWords('max_age: "max_age" and "a\\"max_msgs" beside max_msgs'),
      'maxAge: "max_age" and "a\\"max_msgs" beside maxMsgs',
    );
    // A text that was cut has no second quote.
    assert.equal(argWords('from ["max_msgs… to ["max_msgs"]'), 'from ["max_msgs… to ["max_msgs"]');
    assert.equal(argWords('"max_msgs…: max_age'), '"max_msgs…: maxAge');
  });

  it("warn where a server makes something else of nothing", () => {
    const told = (inputs: object) =>
      streamProblems({ name: "S", ...inputs }).map(({ path, reason, severity }) => `${severity} ${path}: ${reason}`);
    assert.deepEqual(told({ maxMsgs: 0, maxBytes: "0GiB", subjects: [] }), [
      "warning maxMsgs: 0 is -1, unlimited, for the server",
      'warning maxBytes: "0GiB" is -1, unlimited, for the server',
      'warning subjects: with none, the stream stores its own name as a subject: "S"',
    ]);
    assert.deepEqual(told({ maxMsgs: -1, subjects: [], mirror: { name: "A" } }), []);
    assert.deepEqual(told({ maxAge: "50ms" }), ["undefined maxAge: 50ms is too short"]);
    assert.deepEqual(told({ maxAge: "50ms", duplicateWindow: "50ms" }), [
      "undefined maxAge: 50ms is too short",
      "undefined duplicateWindow: 50ms is too short",
    ]);
    assert.deepEqual(told({ name: "a\nb" }), [
      'undefined name: "a\\nb" can\'t name a stream: it contains "\\n" (no spaces, ".", "*", ">", "/", "\\")',
    ]);
  });

  it("are mended as they were meant", () => {
    const fixOf = (path: string, value: unknown) => streamProblems({ name: "S", [path]: value })[0]?.fix;
    for (const value of ["yes", 1, "true", " On "])
      assert.equal(fixOf("denyDelete", value), "denyDelete: true", String(value));
    for (const value of ["no", 0, "FALSE"])
      assert.equal(fixOf("denyDelete", value), "denyDelete: false", String(value));
    assert.equal(fixOf("denyDelete", "perhaps"), undefined);
    assert.equal(fixOf("compression", true), 'compression: "s2"');
    assert.equal(fixOf("compression", false), 'compression: "none"');
    assert.equal(fixOf("compression", "S2"), 'compression: "s2"');
    assert.equal(fixOf("retention", "interests"), 'retention: "interest"');
  });

  it("report all problems at once, each with path and fix", () => {
    const inputs = {
      name: "a b",
      maxAge: 30,
      maxBytes: 1024,
      maxMsgs: 1.5,
      retention: "forever",
      numReplicas: 3,
      placement: { tag: "ssd" },
      mirror: { name: "X", optStartTime: "yesterday" },
      metadata: { tier: 1 },
      onDataLoss: "maybe",
    };
    assert.deepEqual(
      streamProblems(inputs).map(({ path, fix }) => [path, fix]),
      [
        ["maxAge", 'maxAge: "30s", "30m" or "30h"'],
        ["maxBytes", 'maxBytes: "1KiB"'],
        ["maxMsgs", "maxMsgs: -1"],
        ["retention", undefined],
        ["numReplicas", "write replicas"],
        ["placement.tag", "write tags"],
        ["mirror.optStartTime", 'optStartTime: "2026-01-31T12:00:00Z"'],
        ["metadata.tier", undefined],
        ["onDataLoss", 'onDataLoss: "refuse"'],
        ["name", 'name: "a_b"'],
      ],
    );
  });

  it("tell a duration without a limit from none", () => {
    const fixes = (maxAge: unknown) => streamProblems({ name: "S", maxAge }).map(({ reason, fix }) => [reason, fix]);
    const meant = 'is negative; what is unlimited, or left to the server, is "0s"';
    assert.deepEqual(fixes(-1), [[`-1 ${meant}`, 'maxAge: "0s"']]);
    assert.deepEqual(fixes("-1"), [[`"-1" ${meant}`, 'maxAge: "0s"']]);
    assert.deepEqual(fixes("-1h"), [[`"-1h" ${meant}`, 'maxAge: "0s"']]);
    assert.deepEqual(fixes("0s"), []);
    assert.deepEqual(fixes(0), []);
  });

  it("say what the names of other tools are called here", () => {
    const fixes = (inputs: object): Record<string, string | undefined> =>
      Object.fromEntries(streamProblems({ name: "S", ...inputs }).map(({ path, fix }) => [path, fix]));
    const top = {
      ack: "write noAck (noAck: true is ack: false)",
      tag: 'write placement: { tags: ["…"] }',
      tags: 'write placement: { tags: ["…"] }',
      placement_tags: 'write placement: { tags: ["…"] }',
      cluster: "write placement: { cluster: … }",
      dupeWindow: "write duplicateWindow",
      allowBatch: "write allowAtomic",
      allowFast: "write allowBatched",
      allowCounter: "write allowMsgCounter",
      allowSchedules: "write allowMsgSchedules",
      republish_source: "write republish: { src: … }",
      transformDestination: "write subjectTransform: { dest: … }",
      limitConsumerInactive: "write consumerLimits: { inactiveThreshold: … }",
    };
    assert.deepEqual(fixes(Object.fromEntries(Object.keys(top).map((name) => [name, true]))), top);
    assert.deepEqual(
      fixes({
        sources: [
          { name: "A", externalApiPrefix: "x", start_seq: 5, subjectTransforms: [{ source: "a", dest: "b" }] },
          { name: "B", externalDeliverPrefix: "x", external: { api: "a", deliverPrefix: "x" } },
        ],
        subjectTransform: { src: "a", destination: "b" },
        republish: { source: "a", dest: "b" },
      }),
      {
        "sources[0].externalApiPrefix": "write external: { api: … }",
        "sources[0].start_seq": "write optStartSeq",
        "sources[0].subjectTransforms[0].source": "write src",
        "sources[1].externalDeliverPrefix": "write external: { deliver: … }",
        "sources[1].external.deliverPrefix": "write deliver",
        "subjectTransform.destination": "write dest",
        "republish.source": "write src",
      },
    );
  });

  it("tell two sources of one stream by what the server tells them by", () => {
    const told = (...sources: object[]): string[] =>
      streamProblems({ name: "S", sources }).map(({ path, reason }) => `${path}: ${reason}`);
    const by = (name: string, more: object = {}) => ({
      name: "A",
      consumer: { name, deliverSubject: `d.${name}` },
      ...more,
    });
    assert.deepEqual(told({ name: "A" }, by("a"), by("b"), { name: "A", filterSubject: "a" }), []);
    assert.deepEqual(told({ name: "A" }, { name: "A", filterSubject: ">" }), [
      "sources[1]: it is the same source as sources[0]",
    ]);
    assert.deepEqual(told(by("a"), by("a")), ["sources[1]: it is the same source as sources[0]"]);
    assert.deepEqual(told(by("a"), by("a", { subjectTransforms: [{ src: "a", dest: "b" }] })), [
      "sources[1].consumer.name: sources[0] goes by the same consumer, and one consumer serves one source",
    ]);
    assert.deepEqual(told(by("a"), by("a", { external: { api: "$JS.hub.API" } })), []);
  });

  it("tell what servers take, and have no more once they have started again", () => {
    const told = (inputs: object) =>
      streamProblems({ name: "S", ...inputs }).map(
        ({ path, reason, severity }) => `${severity ?? "error"} ${path}: ${reason}`,
      );
    const lost = "the server takes it, and has no such stream any more after its next start";
    assert.deepEqual(told({ sealed: true, allowMsgSchedules: true }), [
      `error sealed: it can't be combined with allowMsgSchedules: ${lost}`,
    ]);
    assert.deepEqual(told({ sealed: true, allowMsgSchedules: true, discard: "new" }).length, 2);
    assert.deepEqual(told({ allowMsgCounter: true, subjectDeleteMarkerTtl: "1m" }), [
      "error allowMsgCounter: it can't be combined with subjectDeleteMarkerTtl",
    ]);
    assert.deepEqual(told({ mirror: { name: "ORDERS" }, duplicateWindow: "1m" }), [
      "warning duplicateWindow: a mirror has no duplicate window: servers forget it with their next start",
    ]);
  });

  it("name what a server is too old for", () => {
    const server = { version: "2.12.15", level: 3 };
    const inputs = {
      name: "S",
      allowBatched: true,
      sources: [{ name: "X", consumer: { name: "c", deliverSubject: "d" } }],
    };
    assert.deepEqual(
      streamProblems(inputs, server).map(({ path, reason }) => `${path}: ${reason}`),
      [
        "sources[0].consumer: consumer needs nats-server 2.14 (API level 4); this server is 2.12.15 (API level 3)",
        "allowBatched: allowBatched needs nats-server 2.14 (API level 4); this server is 2.12.15 (API level 3)",
      ],
    );
  });

  it("settle as the server settles them", () => {
    const settled = settledStream(
      { name: "S", max_age: 60_000_000_000, subject_delete_marker_ttl: 1_000_000_000 },
      "2.15.2",
    );
    assert.deepEqual(settled["subjects"], ["S"]);
    assert.equal(settled["duplicate_window"], 60_000_000_000);
    assert.equal(settled["allow_msg_ttl"], true);
    assert.equal(settled["allow_rollup_hdrs"], true);
    assert.equal(settledStream({ name: "S", sources: [{ name: "X" }] }, "2.15.2")["duplicate_window"], 0);
    assert.equal(
      settledStream({ name: "S", sources: [{ name: "X" }] }, "2.12.15")["duplicate_window"],
      120_000_000_000,
    );
  });
});
