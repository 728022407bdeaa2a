import type { JsonObject } from "../../provider/model/exactJson";
import { atLeast } from "../../provider/model/serverRelease";
import { both } from "./transitionsOf";

/** One field's way from one value to another; what stands beside it is what the field needs. */
export interface ConsumerTransition {
  readonly what: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** The server takes the change, and shows it, but nothing comes of it. */
  readonly withoutEffect?: boolean;
  /** Somebody listens on its subject meanwhile. */
  readonly bound?: true;
}

const second = 1_000_000_000;
const minute = 60 * second;
const explicit = { ack_policy: "explicit" };
const push = { ...explicit, deliver_subject: "out.{name}" };

/** Every field with every kind of change that a server of that version can be asked for. */
export function consumerTransitions(version: string): ConsumerTransition[] {
  const silently = !atLeast(version, "2.14.4");
  const all: ConsumerTransition[] = [
    {
      what: "name",
      before: explicit,
      after: { ...explicit, name: "{name}X", durable_name: "{name}X" },
    },
    // An ephemeral one that is made durable in place goes away all the same; a durable one stays until a restart.
    ...both("durable_name", "{name}", "", explicit).map((each) => ({ ...each, withoutEffect: true })),
    { what: "durable_name: not the name", before: explicit, after: { ...explicit, durable_name: "{name}X" } },
    ...both("direct", undefined, true, { deliver_subject: "out.{name}", durable_name: "" }).map((each) => ({
      ...each,
      withoutEffect: !atLeast(version, "2.14"),
    })),
    { what: "direct: durable", before: push, after: { ...push, direct: true } },
    { what: "direct: pull", before: explicit, after: { ...explicit, direct: true } },
    ...both("description", undefined, "orders", explicit),
    ...both("description", "orders", "bills", explicit),
    ...both("metadata", undefined, { team: "billing" }, explicit),
    ...both("metadata", { team: "orders" }, { team: "billing", tier: "1" }, explicit),
    ...both("deliver_policy", "all", "new", explicit),
    ...both("deliver_policy", "all", "last", explicit),
    ...both("deliver_policy", "all", "last_per_subject", { ...explicit, filter_subject: ">" }),
    ...both("opt_start_seq", 1, 2, { ...explicit, deliver_policy: "by_start_sequence" }),
    ...both("opt_start_time", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5Z", {
      ...explicit,
      deliver_policy: "by_start_time",
    }),
    ...both("ack_policy", "explicit", "all"),
    ...both("ack_policy", "explicit", "none"),
    ...both("ack_policy", "all", undefined),
    ...both("ack_wait", undefined, minute, explicit),
    ...both("ack_wait", minute, 2 * minute, explicit),
    ...both("max_deliver", undefined, 5, explicit),
    ...both("max_deliver", 3, 5, explicit),
    ...both("backoff", undefined, [second, minute], explicit),
    ...both("backoff", [second, minute], [minute, 2 * minute, 3 * minute], { ...explicit, max_deliver: 3 }),
    ...both("filter_subject", undefined, "{stream}.a", explicit),
    ...both("filter_subject", "{stream}.a", "{stream}.b", explicit),
    ...both("filter_subject", undefined, "elsewhere", explicit),
    ...both("filter_subjects", undefined, ["{stream}.a", "{stream}.b"], explicit),
    ...both("filter_subjects", ["{stream}.a"], ["{stream}.b", "{stream}.c"], explicit),
    ...both("replay_policy", "instant", "original", explicit),
    ...both("rate_limit_bps", undefined, 1_000_000, push),
    ...both("rate_limit_bps", 2_000_000, 1_000_000, push),
    ...both("sample_freq", undefined, "50%", explicit),
    ...both("sample_freq", "10%", "50", explicit),
    ...both("max_waiting", undefined, 10, explicit),
    ...both("max_waiting", 20, 10, explicit),
    ...both("max_ack_pending", undefined, 10, explicit),
    ...both("max_ack_pending", -1, 10, explicit),
    ...both("flow_control", undefined, true, { ...push, idle_heartbeat: 5 * second }),
    ...both("idle_heartbeat", undefined, 5 * second, push),
    ...both("idle_heartbeat", second, 5 * second, push),
    ...both("headers_only", undefined, true, explicit),
    ...both("max_batch", undefined, 10, explicit),
    ...both("max_expires", undefined, second, explicit),
    ...both("max_bytes", undefined, 1000, explicit),
    ...both("deliver_subject", undefined, "out.{name}", explicit),
    ...both("deliver_subject", "out.{name}", "out2.{name}", explicit),
    {
      what: "deliver_subject: while somebody listens",
      before: push,
      after: { ...push, deliver_subject: "out2.{name}" },
      bound: true,
    },
    ...both("deliver_group", undefined, "workers", push),
    ...both("deliver_group", "workers", "others", push),
    ...both("inactive_threshold", undefined, minute, explicit),
    ...both("inactive_threshold", minute, 2 * minute, explicit),
    ...both("num_replicas", undefined, 1, explicit),
    ...both("mem_storage", undefined, true, explicit).map((each) => ({ ...each, withoutEffect: silently })),
    ...both("pause_until", undefined, "2100-01-01T00:00:00Z", explicit),
    ...both("pause_until", "2100-01-01T00:00:00Z", "2100-01-02T00:00:00.25Z", explicit),
    {
      what: "priority_policy: none → overflow",
      before: explicit,
      after: { ...explicit, priority_policy: "overflow", priority_groups: ["jobs"] },
    },
    {
      what: "priority_policy: pinned_client → none",
      before: { ...explicit, priority_policy: "pinned_client", priority_groups: ["jobs"] },
      after: explicit,
    },
    ...both("priority_policy", "overflow", "pinned_client", { ...explicit, priority_groups: ["jobs"] }),
    ...both("priority_groups", ["jobs"], ["jobs", "more"], { ...explicit, priority_policy: "overflow" }),
    ...both("priority_timeout", undefined, minute, {
      ...explicit,
      priority_policy: "pinned_client",
      priority_groups: ["jobs"],
    }),
    {
      what: "filters of both kinds",
      before: explicit,
      after: { ...explicit, filter_subject: "a", filter_subjects: ["b"] },
    },
    {
      what: "filters: one includes another",
      before: explicit,
      after: { ...explicit, filter_subjects: ["a.>", "a.b"] },
    },
    { what: "filters that meet", before: explicit, after: { ...explicit, filter_subjects: ["a.*", "*.b"] } },
    { what: "filter: no subject", before: explicit, after: { ...explicit, filter_subject: "a..b" } },
    {
      what: "backoff longer than max_deliver",
      before: explicit,
      after: { ...explicit, max_deliver: 1, backoff: [1e9, 2e9] },
    },
    { what: "pull with a rate limit", before: explicit, after: { ...explicit, rate_limit_bps: 1000 } },
    { what: "pull with a heartbeat", before: explicit, after: { ...explicit, idle_heartbeat: second } },
    { what: "push to a wildcard", before: push, after: { ...push, deliver_subject: "out.*" } },
    { what: "push into its own stream", before: push, after: { ...push, deliver_subject: "{stream}.x" } },
    {
      what: "push with priority",
      before: push,
      after: { ...push, priority_policy: "overflow", priority_groups: ["jobs"] },
    },
    { what: "priority without groups", before: explicit, after: { ...explicit, priority_policy: "overflow" } },
    { what: "groups without a priority", before: explicit, after: { ...explicit, priority_groups: ["jobs"] } },
    {
      what: "group with a blank",
      before: explicit,
      after: { ...explicit, priority_policy: "overflow", priority_groups: ["a b"] },
    },
    { what: "sample of words", before: explicit, after: { ...explicit, sample_freq: "often" } },
    { what: "start without its policy", before: explicit, after: { ...explicit, opt_start_seq: 5 } },
    {
      what: "start policy without start",
      before: explicit,
      after: { ...explicit, deliver_policy: "by_start_sequence" },
    },
    {
      what: "last_per_subject without filter",
      before: explicit,
      after: { ...explicit, deliver_policy: "last_per_subject" },
    },
    { what: "more replicas than servers", before: explicit, after: { ...explicit, num_replicas: 3 } },
    { what: "heartbeat of 50ms", before: push, after: { ...push, idle_heartbeat: 50_000_000 } },
    { what: "max_expires of 500µs", before: explicit, after: { ...explicit, max_expires: 500_000 } },
  ];
  const prioritized = both("priority_policy", "overflow", "prioritized", { ...explicit, priority_groups: ["jobs"] });
  const byFlow = { ack_policy: "flow_control", deliver_subject: "out.{name}" };
  const level4: ConsumerTransition[] = [
    { what: "ack_policy: explicit → flow_control", before: push, after: byFlow },
    { what: "ack_policy: flow_control → explicit", before: byFlow, after: push },
    { what: "flow_control with ack_wait", before: byFlow, after: { ...byFlow, ack_wait: minute } },
    { what: "flow_control pull", before: explicit, after: { ack_policy: "flow_control" } },
    ...both("sourcing", undefined, true, explicit).map((each) => ({
      ...each,
      withoutEffect: !atLeast(version, "2.14.6"),
    })),
  ];
  const unknown = { what: "a field that no server knows", before: explicit, after: { ...explicit, max_colour: 5 } };
  return [
    ...all,
    ...(atLeast(version, "2.12") ? [...prioritized, unknown] : [prioritized[0]!]),
    ...(atLeast(version, "2.14") ? level4 : [level4[0]!]),
  ];
}
