import fc from "fast-check";
import type { Json, JsonObject } from "../../provider/model/exactJson";

const second = 1_000_000_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Values that a field may have; null stands for none. `{name}` is the stream's own name; O and P are streams with messages. */
const pool: Readonly<Record<string, readonly Json[]>> = {
  description: ["a", "b", ""],
  subjects: [["{name}.>"], ["{name}.*", "b{name}"], ["{name}.x", "{name}.*"], ["a..b"]],
  retention: ["limits", "interest", "workqueue"],
  max_consumers: [-1, 5, 10],
  max_msgs: [-1, 0, 5, 100],
  max_bytes: [-1, 0, 1000, 1_000_000],
  max_age: [0, hour, minute, 50_000_000, -1],
  max_msgs_per_subject: [-1, 0, 2, 100],
  max_msg_size: [-1, 0, 1000],
  discard: ["old", "new"],
  discard_new_per_subject: [true, false],
  storage: ["file", "memory"],
  num_replicas: [0, 1, 3, 7, -1],
  no_ack: [true, false],
  duplicate_window: [0, minute, 2 * minute, 2 * hour, 50_000_000, -1],
  placement: [{ tags: ["ssd"] }, { cluster: "east" }, {}],
  mirror: [{ name: "O" }, { name: "P" }, { name: "O", filter_subject: "O.a" }],
  sources: [
    [{ name: "O" }],
    [{ name: "P" }],
    [{ name: "O" }, { name: "P" }],
    [{ name: "O", filter_subject: "O.a" }],
    [{ name: "O", opt_start_seq: 5 }],
    [{ name: "O", subject_transforms: [{ src: "O.a", dest: "t.a" }] }],
    [{ name: "O" }, { name: "O" }],
    [],
  ],
  compression: ["none", "s2"],
  first_seq: [0, 100],
  subject_transform: [{ src: ">", dest: "t.{name}.>" }, { src: "{name}.*", dest: "t.{name}.{{wildcard(1)}}" }, {}],
  republish: [{ src: ">", dest: "r.>" }, { dest: "r.{name}.>", headers_only: true }, { dest: "{name}.x.>" }],
  allow_direct: [true, false],
  sealed: [true, false],
  deny_delete: [true, false],
  deny_purge: [true, false],
  allow_rollup_hdrs: [true, false],
  consumer_limits: [{ inactive_threshold: hour }, { max_ack_pending: 10 }, {}],
  allow_msg_ttl: [true, false],
  subject_delete_marker_ttl: [0, minute, 500_000_000],
  allow_msg_counter: [true, false],
  allow_atomic: [true, false],
  allow_msg_schedules: [true, false],
  persist_mode: ["default", "async"],
  allow_batched: [true, false],
  metadata: [{ team: "a" }, { team: "b", tier: "1" }, {}],
  max_colour: [5],
};

/** What stands together more often than chance has it. */
const companies: readonly JsonObject[] = [
  {},
  {},
  {},
  { retention: "workqueue", max_consumers: 5 },
  { retention: "interest", max_consumers: 10 },
  { mirror: { name: "O" }, subjects: null, sources: null },
  { mirror: null, sources: [{ name: "O" }] },
  { mirror: null, subjects: ["{name}.>"], sources: null },
  { discard: "new", discard_new_per_subject: true, max_msgs_per_subject: 5 },
  { allow_rollup_hdrs: true, deny_purge: null },
  { allow_rollup_hdrs: null, deny_purge: true, deny_delete: true },
  { max_age: minute, duplicate_window: null },
  { max_age: hour, duplicate_window: 2 * minute },
  { storage: "memory", num_replicas: 1 },
  { first_seq: 100 },
  { subject_transform: { src: ">", dest: "t.>" }, republish: { src: ">", dest: "r.>" } },
  { sealed: true },
  { persist_mode: "async", storage: null },
  { allow_msg_ttl: true, subject_delete_marker_ttl: minute },
  { allow_msg_schedules: true, allow_msg_ttl: true },
  { allow_msg_counter: true, subject_delete_marker_ttl: minute, storage: null },
  { sealed: true, max_age: minute, duplicate_window: null },
  { sealed: true, subject_delete_marker_ttl: minute },
];

/** A stream before and after several of its fields change at once. */
export interface StreamPair {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Changes that chance would come to too seldom, each once judged wrongly or left out. */
export const knownPairs: readonly StreamPair[] = [
  { before: { allow_msg_schedules: true }, after: { allow_msg_schedules: true, sealed: true } },
  { before: { allow_msg_schedules: true }, after: { allow_msg_schedules: true, sealed: true, discard: "new" } },
  { before: { allow_msg_counter: true }, after: { allow_msg_counter: true, sealed: true } },
  { before: { allow_msg_counter: true }, after: { allow_msg_counter: true, subject_delete_marker_ttl: minute } },
  {
    before: { sources: [{ name: "O" }], max_age: minute },
    after: { sources: [{ name: "O" }], max_age: minute, sealed: true },
  },
  {
    before: { sources: [], max_age: minute, sealed: true },
    after: { sources: [], max_age: minute, sealed: true, description: "a" },
  },
  { before: { max_age: minute }, after: { sealed: true, max_age: 50_000_000 } },
  { before: { sealed: true }, after: { sealed: true, max_age: -1 } },
  { before: { sealed: true }, after: { sealed: true, max_age: minute, duplicate_window: 2 * minute } },
  { before: { sealed: true }, after: { sealed: true, allow_rollup_hdrs: true, deny_purge: true } },
  {
    before: { sealed: true, max_msgs_per_subject: 5 },
    after: { sealed: true, max_msgs_per_subject: 5, discard_new_per_subject: true },
  },
  { before: { subject_delete_marker_ttl: minute }, after: { subject_delete_marker_ttl: minute, sealed: true } },
  {
    before: { subject_delete_marker_ttl: minute, sealed: true },
    after: { subject_delete_marker_ttl: minute, sealed: true, max_msgs: 5 },
  },
  { before: { max_msgs: 5 }, after: { num_replicas: 3, max_msgs: 100 } },
  { before: { num_replicas: 3 }, after: {} },
];

const entry = fc
  .constantFrom(...Object.keys(pool))
  .chain((field) => fc.constantFrom(...pool[field]!, null).map((value): JsonObject => ({ [field]: value })));
const change = fc.tuple(fc.constantFrom(...companies), fc.array(entry, { maxLength: 3 }));

export const streamPairs: fc.Arbitrary<StreamPair> = fc.tuple(change, change).map(([first, second]) => {
  const before = merged([first[0], ...first[1]]);
  return { before, after: merged([before, second[0], ...second[1]]) };
});

function merged(parts: readonly JsonObject[]): JsonObject {
  const all = Object.assign({}, ...parts) as JsonObject;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
