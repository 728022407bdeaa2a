import fc from "fast-check";
import type { Json, JsonObject } from "../../provider/model/exactJson";

const second = 1_000_000_000;
const minute = 60 * second;
const huge = 2 ** 62;

/** Values that a field may have; null stands for none. `{name}` is the consumer's, `{stream}` its stream's. */
const pool: Readonly<Record<string, readonly Json[]>> = {
  description: ["a", "b", "", "x".repeat(5000)],
  deliver_policy: ["all", "new", "last", "by_start_sequence", "by_start_time", "last_per_subject"],
  opt_start_seq: [1, 5, 0, huge],
  opt_start_time: ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5Z"],
  ack_policy: ["none", "all", "explicit", "explicit", "flow_control"],
  ack_wait: [second, minute, 0, -1],
  max_deliver: [-1, 0, 1, 3, 5, huge],
  backoff: [[0, second], [second, -1], [second], [second, minute], [second, minute, 2 * minute], []],
  filter_subject: ["{stream}.a", "{stream}.>", "elsewhere", "a..b", ""],
  filter_subjects: [
    ["{stream}.a", "{stream}.b"],
    ["{stream}.>", "{stream}.b"],
    ["{stream}.c"],
    ["*.a", "{stream}.*"],
    [],
  ],
  replay_policy: ["instant", "original"],
  rate_limit_bps: [0, 1000, huge],
  sample_freq: ["50%", "50", "often", "150%", "-5", "0%", " 5%"],
  max_waiting: [0, 10, 512, -1],
  max_ack_pending: [0, -1, 10, 1000, -7],
  flow_control: [true, false],
  idle_heartbeat: [second, 5 * second, 50_000_000, 0, -1],
  headers_only: [true, false],
  max_batch: [0, 10, -1],
  max_expires: [0, second, 500_000, -1],
  max_bytes: [0, 1000, -1, huge],
  deliver_subject: ["out.{name}", "other.{name}", "out.*", "{stream}.in", ""],
  deliver_group: ["workers", "others", ""],
  inactive_threshold: [0, minute, -1],
  num_replicas: [0, 1, 3, -1, 7],
  mem_storage: [true, false],
  direct: [false, true],
  metadata: [{ team: "a" }, { team: "b", tier: "1" }, {}],
  pause_until: ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "2100-01-02T00:00:00.25Z"],
  priority_groups: [["jobs"], ["jobs", "more"], ["a b"], []],
  priority_policy: ["none", "overflow", "pinned_client", "prioritized"],
  priority_timeout: [0, minute, -1],
  max_colour: [5],
};

/** What stands together more often than chance has it. */
const companies: readonly JsonObject[] = [
  {},
  {},
  {},
  { deliver_policy: "by_start_sequence", opt_start_seq: 5 },
  { deliver_policy: "by_start_time", opt_start_time: "2026-01-01T00:00:00Z" },
  { deliver_policy: "last_per_subject", filter_subject: "{stream}.>" },
  { backoff: [second, minute], max_deliver: 3 },
  { deliver_subject: "out.{name}" },
  { deliver_subject: "out.{name}", idle_heartbeat: second, flow_control: true },
  { deliver_subject: "out.{name}", ack_policy: "flow_control" },
  { ack_policy: "none", max_ack_pending: null },
  { priority_policy: "overflow", priority_groups: ["jobs"] },
  { priority_policy: "pinned_client", priority_groups: ["jobs"], priority_timeout: minute },
  { filter_subject: null, filter_subjects: ["{stream}.a", "{stream}.b"] },
  { filter_subject: "{stream}.b", filter_subjects: null },
  { deliver_subject: null, deliver_group: null, max_waiting: 10, rate_limit_bps: null },
];

export const retentions = ["limits", "limits", "interest", "workqueue"] as const;

/** A consumer before and after several of its fields change at once. */
export interface ConsumerPair {
  readonly retention: (typeof retentions)[number];
  readonly before: JsonObject;
  readonly after: JsonObject;
}

const entry = fc
  .constantFrom(...Object.keys(pool))
  .chain((field) => fc.constantFrom(...pool[field]!, null).map((value): JsonObject => ({ [field]: value })));
const change = fc.tuple(fc.constantFrom(...companies), fc.array(entry, { maxLength: 3 }));

export const consumerPairs: fc.Arbitrary<ConsumerPair> = fc
  .tuple(fc.constantFrom(...retentions), change, change)
  .map(([retention, first, second]) => {
    const before = merged([{ ack_policy: "explicit" }, first[0], ...first[1]]);
    return { retention, before, after: merged([before, second[0], ...second[1]]) };
  });

function merged(parts: readonly JsonObject[]): JsonObject {
  const all = Object.assign({}, ...parts) as JsonObject;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
