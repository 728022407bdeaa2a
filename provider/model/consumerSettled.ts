import { settledFields } from "./assetSettled";
import { consumerFields } from "./consumerFields";
import type { JsonObject } from "./exactJson";
import { atLeast } from "./serverRelease";

const second = 1_000_000_000;

/** What a negative number stands for; before 2.12 servers keep it as it is, or refuse it. */
const least = [
  ["max_waiting", 0],
  ["max_ack_pending", -1],
  ["idle_heartbeat", 0],
  ["max_batch", 0],
  ["max_expires", 0],
  ["inactive_threshold", 0],
  ["priority_timeout", 0],
] as const;

/** Go's time zero, which the nats CLI gives to every consumer that it makes, pauses nothing. */
const never = "0001-01-01T00:00:00Z";

/** The configuration, without a pause that is none. */
export function withoutZeroPause(config: JsonObject): JsonObject {
  if (config["pause_until"] !== never) return config;
  const { pause_until: _never, ...rest } = config;
  return rest;
}

/** A consumer's configuration as a server keeps it, defaults included; equal ones are the same for the server. */
export function settledConsumer(config: JsonObject, version?: string): JsonObject {
  const settled = settledFields(consumerFields, withoutZeroPause(config));
  if (version === undefined || atLeast(version, "2.12")) {
    for (const [field, value] of least) if (Number(settled[field]) < value) settled[field] = value;
  }
  if (settled["name"] === "") settled["name"] = settled["durable_name"];
  const policy = settled["ack_policy"];
  if (settled["deliver_subject"] === "" && settled["max_waiting"] === 0) settled["max_waiting"] = 512;
  if (settled["ack_wait"] === 0 && (policy === "explicit" || policy === "all")) settled["ack_wait"] = 30 * second;
  const backoff = settled["backoff"];
  if (Array.isArray(backoff)) settled["ack_wait"] = backoff[0] as number;
  if (settled["max_ack_pending"] === 0 && policy !== "none") settled["max_ack_pending"] = 1000;
  if (settled["priority_policy"] === "pinned_client" && settled["priority_timeout"] === 0) {
    settled["priority_timeout"] = 120 * second;
  }
  if (policy === "flow_control") Object.assign(settled, { flow_control: true, idle_heartbeat: second });
  const sample = settled["sample_freq"];
  if (typeof sample === "string" && /^\d+$/.test(sample)) settled["sample_freq"] = `${sample}%`;
  return settled;
}
