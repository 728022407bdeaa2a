import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import type { StreamInfo } from "../../provider/apply/jetstreamStreams";
import { sleep } from "../../provider/apply/wait";
import type { JsonObject } from "../../provider/model/exactJson";
import { atLeast } from "../../provider/model/serverRelease";
import { both } from "./transitionsOf";
import { patient } from "../bed/patient";

/** One field's way from one value to another; what stands beside it is what the field needs. */
export interface Transition {
  readonly what: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Streams that must be there first. */
  readonly origin?: readonly JsonObject[];
  /** Messages that the first origin holds before the copy is made. */
  readonly originMessages?: number;
  /** Of these the copy holds so many before the change. */
  readonly copied?: number;
  /** Consumers of the first origin. */
  readonly consumers?: readonly JsonObject[];
  /** Milliseconds that stored messages age before the change. */
  readonly age?: number;
  /** As many messages again are stored after that: how many are older is told from the first and the last. */
  readonly again?: true;
  /** What the stream becomes once it holds its messages, before the change. */
  readonly between?: JsonObject;
  /** Brings about what the server does only with the next message. */
  readonly provoke?: (js: JetStream, name: string) => Promise<void>;
  /** True where the server took the change, but nothing came of it. */
  readonly withoutEffect?: (js: JetStream, name: string, before: StreamInfo) => Promise<boolean>;
}

/** `{name}` stands for the stream's own name; without subjects or sources it stores `<name>.>`. */
export function withName(transition: Transition, name: string): Transition {
  const named = JSON.parse(JSON.stringify(transition).replaceAll("{name}", name)) as Transition;
  const whole = (config: JsonObject): JsonObject => ({
    name,
    ...(config["mirror"] || config["sources"] || config["subjects"] ? {} : { subjects: [`${name}.>`] }),
    ...config,
  });
  const between = named.between ? { between: whole(named.between) } : {};
  return { ...named, ...between, before: whole(named.before), after: whole(named.after) };
}

const hour = 3_600_000_000_000;
const minute = 60_000_000_000;

/** Every field with every kind of change that a server of that version can be asked for. */
export function transitions(version: string): Transition[] {
  const all = [
    ...both("description", undefined, "orders"),
    ...both("description", "orders", "bills"),
    ...both("retention", "limits", "interest"),
    ...both("retention", "limits", "workqueue"),
    ...both("retention", "interest", "workqueue"),
    ...both("max_consumers", undefined, 5),
    ...both("max_consumers", 5, 10),
    ...both("max_msgs", undefined, 5),
    ...both("max_msgs", 30, 25),
    ...both("max_msgs", undefined, 5, { discard: "new" }),
    ...both("max_bytes", undefined, 500),
    ...both("max_bytes", undefined, 1_000_000),
    ...both("max_bytes", undefined, 500, { discard: "new" }),
    ...both("max_age", undefined, hour),
    ...both("max_age", 2 * hour, hour),
    ...both("max_msgs_per_subject", undefined, 2).map((each, index) =>
      atLeast(version, "2.12") || index > 0 ? each : { ...each, provoke: oneMoreOfEach },
    ),
    ...both("max_msgs_per_subject", 30, 2),
    ...both("max_msgs_per_subject", 3, 2),
    ...both("max_msg_size", undefined, 10),
    ...both("discard", "old", "new"),
    ...both("discard", "old", "new", { max_msgs: 25 }),
    ...both("discard_new_per_subject", undefined, true, { discard: "new", max_msgs_per_subject: 100 }),
    ...both("storage", "file", "memory"),
    ...both("no_ack", undefined, true),
    ...both("duplicate_window", undefined, minute),
    ...both("duplicate_window", minute, 3 * minute),
    ...both("compression", "none", "s2"),
    ...both("first_seq", undefined, 100).map((each) => ({ ...each, withoutEffect: sameFirst })),
    {
      what: "sources: another start",
      before: { sources: [{ name: "O{name}", opt_start_seq: 11 }] },
      after: { sources: [{ name: "O{name}", opt_start_seq: 1 }] },
      origin: [{ name: "O{name}" }],
      originMessages: 20,
      copied: 10,
      withoutEffect: stays(10),
    },
    ...both("subject_transform", undefined, { src: ">", dest: "t.>" }),
    ...both("subject_transform", { src: ">", dest: "u.>" }, { src: ">", dest: "t.>" }),
    ...both("republish", undefined, { src: ">", dest: "r.>" }),
    ...both("republish", { src: ">", dest: "r.>" }, { src: ">", dest: "r.>", headers_only: true }),
    ...both("republish", undefined, { dest: "r.>" }),
    ...both("allow_direct", undefined, true),
    { what: "mirror_direct without a mirror", before: {}, after: { mirror_direct: true } },
    { what: "name", before: {}, after: { name: "{name}X" } },
    ...both("sealed", undefined, true),
    ...both("deny_delete", undefined, true),
    ...both("deny_purge", undefined, true),
    ...both("allow_rollup_hdrs", undefined, true),
    ...both("consumer_limits", undefined, { inactive_threshold: hour }),
    ...both("consumer_limits", { max_ack_pending: 100 }, { max_ack_pending: 50, inactive_threshold: minute }),
    ...both("allow_msg_ttl", undefined, true),
    ...both("subject_delete_marker_ttl", undefined, minute),
    ...both("subject_delete_marker_ttl", undefined, minute, { allow_msg_ttl: true, allow_rollup_hdrs: true }),
    ...both("subject_delete_marker_ttl", minute, hour),
    ...both("metadata", undefined, { team: "billing" }),
    ...both("metadata", { team: "orders" }, { team: "billing", tier: "1" }),
    ...both("subjects", ["a{name}.*"], ["a{name}.>", "b{name}"]),
    { what: "mirror: added", before: {}, after: { mirror: { name: "O{name}" } }, origin: [{ name: "O{name}" }] },
    { what: "mirror: removed", before: { mirror: { name: "O{name}" } }, after: {}, origin: [{ name: "O{name}" }] },
    {
      what: "mirror: other stream",
      before: { mirror: { name: "O{name}" } },
      after: { mirror: { name: "P{name}" } },
      origin: [{ name: "O{name}" }],
    },
    {
      what: "mirror: other filter",
      before: { mirror: { name: "O{name}" } },
      after: { mirror: { name: "O{name}", filter_subject: "a" } },
      origin: [{ name: "O{name}" }],
    },
    {
      what: "sources: added",
      before: { subjects: ["{name}.>"] },
      after: { subjects: ["{name}.>"], sources: [{ name: "O{name}" }] },
      origin: [{ name: "O{name}" }],
    },
    {
      what: "sources: removed",
      before: { subjects: ["{name}.>"], sources: [{ name: "O{name}" }] },
      after: { subjects: ["{name}.>"] },
      origin: [{ name: "O{name}" }],
    },
    {
      what: "sources: filter added",
      before: { sources: [{ name: "O{name}" }] },
      after: { sources: [{ name: "O{name}", filter_subject: "a" }] },
      origin: [{ name: "O{name}" }],
      originMessages: 20,
      copied: 20,
    },
    ...bySource("subject_transforms", undefined, [{ src: ">", dest: "t{name}.>" }]),
    ...bySource("subject_transforms", [{ src: ">", dest: "u{name}.>" }], [{ src: ">", dest: "t{name}.>" }]),
    ...bySource("external", { api: "$JS.x.API" }, { api: "$JS.y.API" }),
    ...bySource("external", { api: "$JS.x.API" }, { api: "$JS.x.API", deliver: "d{name}" }),
    ...both("mirror", { name: "O{name}" }, { name: "O{name}", opt_start_seq: 2 }).map(fromOrigin),
    ...both("mirror", { name: "O{name}" }, { name: "O{name}", opt_start_time: "2026-01-01T00:00:00Z" }).map(fromOrigin),
    ...both("mirror", { name: "O{name}" }, { name: "O{name}", external: { api: "$JS.x.API" } }).map(fromOrigin),
    {
      what: "max_age: under the duplicate window",
      before: {},
      after: { max_age: minute, duplicate_window: 2 * minute },
    },
    { what: "max_age: 50ms", before: {}, after: { max_age: 50_000_000 } },
    {
      what: "max_age: 1.5s, some older",
      before: {},
      after: { max_age: 1_500_000_000, duplicate_window: 1_500_000_000 },
      age: 1_800,
      again: true as const,
    },
    {
      what: "discard: new to old beyond max_msgs",
      before: {},
      between: { discard: "new", max_msgs: 5 },
      after: { discard: "old", max_msgs: 5 },
    },
    {
      what: "discard: new to old beyond max_bytes",
      before: {},
      between: { discard: "new", max_bytes: 1000 },
      after: { discard: "old", max_bytes: 1000 },
    },
    { what: "max_age: 200ms, all older", before: {}, after: { max_age: 200_000_000 }, age: 300 },
    {
      what: "deny_purge with roll-ups",
      before: { allow_rollup_hdrs: true },
      after: { allow_rollup_hdrs: true, deny_purge: true },
    },
    { what: "discard_new_per_subject alone", before: {}, after: { discard_new_per_subject: true } },
    ...both("placement", undefined, { tags: ["ssd"] }),
    ...both("placement", { tags: ["ssd"] }, { tags: ["ssd", "fast"] }),
    { what: "placement.preferred", before: {}, after: { placement: { preferred: "x" } } },
    { what: "subjects that overlap each other", before: {}, after: { subjects: ["q{name}.>", "q{name}.a"] } },
    { what: "subject_delete_marker_ttl: 500ms", before: {}, after: { subject_delete_marker_ttl: 500_000_000 } },
    {
      what: "republish in a circle",
      before: {},
      after: { subjects: ["c{name}.>"], republish: { src: ">", dest: "c{name}.x.>" } },
    },
  ];
  const level2 = [
    ...both("allow_msg_counter", undefined, true),
    ...both("allow_atomic", undefined, true),
    ...both("allow_msg_schedules", undefined, true),
    ...both("persist_mode", undefined, "async"),
    { what: "allow_msg_counter with TTL", before: {}, after: { allow_msg_counter: true, allow_msg_ttl: true } },
    {
      what: "persist_mode async in memory",
      before: { storage: "memory" },
      after: { storage: "memory", persist_mode: "async" },
    },
  ];
  const [byA, byB] = ["a", "b"].map((name) => ({ name, deliver_subject: `${name}{name}` }));
  const [whole, throughA, throughB] = [undefined, byA, byB].map((consumer) => ({
    name: "O{name}",
    ...(consumer === undefined ? {} : { consumer }),
  }));
  const twice = { ...whole, consumer: byA, subject_transforms: [{ src: ">", dest: "t{name}.>" }] };
  const subjects = ["{name}.>"];
  const level4 = [
    ...both("allow_batched", undefined, true),
    ...[
      ...both("sources", [whole!], [throughA!], { subjects }),
      ...both("sources", [throughA!], [throughB!], { subjects }),
      ...both("sources", [throughA!], [throughA!, throughB!], { subjects }),
      ...both("sources", [throughA!], [{ ...whole, consumer: { ...byA, deliver_subject: "c{name}" } }], { subjects }),
      { what: "sources: one consumer twice", before: { subjects }, after: { subjects, sources: [throughA!, twice] } },
      ...both("mirror", whole, throughA),
      ...both("mirror", throughA, throughB),
    ].map((each) => ({ ...fromOrigin(each), consumers: [byA!, byB!].map(forCopies) })),
  ];
  const unknown = [{ what: "a field that no server knows", before: {}, after: { max_colour: 5 } }];
  const tooNew = (list: Transition[]) => list.filter((each) => Object.keys(each.before).length === 0);
  return [
    ...all,
    ...(atLeast(version, "2.12") ? [...level2, ...unknown] : []),
    ...(atLeast(version, "2.14") ? level4 : atLeast(version, "2.12") ? tooNew(level4) : []),
  ];
}

/** Both ways between two values of a field of the source. */
function bySource(field: string, one: JsonObject[string], other: JsonObject[string]): Transition[] {
  const value = (each: JsonObject[string]) => ({
    subjects: ["{name}.>"],
    sources: [{ name: "O{name}", ...(each === undefined ? {} : { [field]: each }) }],
  });
  return both(field, one, other).map(({ what, before, after }) =>
    fromOrigin({ what: `sources: ${what}`, before: value(before[field]), after: value(after[field]) }),
  );
}

function fromOrigin(each: Transition): Transition {
  return { ...each, origin: [{ name: "O{name}" }] };
}

/** As a copy's consumer has to be; what is there already is not for it. */
function forCopies({ name, deliver_subject }: JsonObject): JsonObject {
  return {
    durable_name: name,
    name,
    deliver_subject,
    ack_policy: "flow_control",
    deliver_policy: "new",
    max_ack_pending: 100,
  };
}

async function sameFirst(js: JetStream, name: string, before: StreamInfo): Promise<boolean> {
  const first = (info: StreamInfo) => (info.state as unknown as { first_seq: number }).first_seq;
  return first((await streamInfo(js, name))!) === first(before);
}

/** Before 2.12, a limit where there was none reaches a subject with its next message. */
async function oneMoreOfEach(js: JetStream, name: string): Promise<void> {
  const { state } = (await streamInfo(js, name, { subjects: true }))!;
  for (const subject of Object.keys(state.subjects ?? {})) await js.connection.request(subject, "", patient);
}

/** The copy holds so many messages, and goes on doing so. */
function stays(messages: number): NonNullable<Transition["withoutEffect"]> {
  return async (js, name, before) => {
    await sleep(300);
    return before.state.messages === messages && (await streamInfo(js, name))!.state.messages === messages;
  };
}
