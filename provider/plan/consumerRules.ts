import { textOf } from "../model/exactJson";
import type { Json } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import type { ConsumerState } from "./consumerRedelivery";
import type { Verdict } from "./streamRules";

/** One field's change between two settled configurations, and how the consumer stands where that is known. */
export interface ConsumerTransition {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  readonly version: string;
  readonly state: ConsumerState | undefined;
}

export type ConsumerRule = (change: ConsumerTransition) => Verdict;

/** What the server does with a change of that field, by its own code and measured on 2.11 to 2.15. */
export const consumerRules: Readonly<Record<string, ConsumerRule>> = {
  name: fixed("a consumer can't be renamed"),
  durable_name: fixed(
    "the server takes it without effect: whether a consumer stays while nobody uses it is decided when it is made",
  ),
  description: inPlace("changes in place"),
  deliver_policy: fixed("the server refuses to change where a consumer starts (10012)"),
  opt_start_seq: fixed("the server refuses to change where a consumer starts (10012)"),
  opt_start_time: fixed("the server refuses to change where a consumer starts (10012)"),
  ack_policy: fixed("the server refuses to change the acknowledgements (10012)"),
  ack_wait: inPlace("changes in place"),
  max_deliver: inPlace("changes in place; messages that were delivered so often already don't come again"),
  backoff: inPlace("changes in place; ack_wait becomes its first wait"),
  filter_subject: inPlace("changes in place; earlier messages of added subjects are not delivered"),
  filter_subjects: inPlace("changes in place; earlier messages of added subjects are not delivered"),
  replay_policy: fixed("the server refuses to change the pace (10012)"),
  rate_limit_bps: inPlace("changes in place"),
  sample_freq: inPlace("changes in place"),
  max_waiting: fixed("the server refuses to change it (10012)"),
  max_ack_pending: inPlace("changes in place"),
  flow_control: fixed("the server refuses to change it (10012)"),
  headers_only: inPlace("changes in place"),
  max_batch: inPlace("changes in place"),
  max_expires: inPlace("changes in place"),
  max_bytes: inPlace("changes in place"),
  deliver_subject: ({ from, to, state }) => {
    if (from === "") return { impact: "replace", why: "a pull consumer can't become a push consumer (10012)" };
    if (to === "") return { impact: "replace", why: "a push consumer can't become a pull consumer (10012)" };
    return state?.push_bound === true
      ? {
          impact: "replace",
          why: `the server refuses to change it while somebody listens on "${textOf(from)}" (10013)`,
        }
      : { impact: "update", why: "changes in place; refused while somebody listens on the old subject (10013)" };
  },
  deliver_group: inPlace("changes in place"),
  idle_heartbeat: fixed("the server refuses to change it (10012)"),
  inactive_threshold: inPlace("changes in place"),
  num_replicas: inPlace("changes in place; waits until the replicas are current"),
  mem_storage: ({ version }) => ({
    impact: "replace",
    why: atLeast(version, "2.14.4")
      ? "the server refuses to change where its state is kept (10012)"
      : `nats-server ${version} takes it without effect: the state stays where it is`,
  }),
  direct: fixed("whether a consumer is the servers' own is decided when it is made"),
  sourcing: fixed("whether a consumer is the servers' own is decided when it is made"),
  metadata: inPlace("changes in place"),
  pause_until: ({ to }) => ({
    impact: "update",
    why:
      to === undefined
        ? "resumes the consumer, by a request of its own (an update leaves it paused)"
        : "pauses the consumer until then, by a request of its own (an update would be ignored)",
  }),
  priority_groups: inPlace("changes in place"),
  priority_policy: inPlace("changes in place"),
  priority_timeout: inPlace("changes in place"),
};

function inPlace(why: string): ConsumerRule {
  return () => ({ impact: "update", why });
}

function fixed(why: string): ConsumerRule {
  return () => ({ impact: "replace", why });
}
