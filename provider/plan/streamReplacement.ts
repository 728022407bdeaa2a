import { exactNumber, sameJson, textOf } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { formatJson } from "../model/exactJson";
import { parkedSubject, replacementName, resumedKey, startFields, withMove, withStage } from "../model/replacement";
import type { OtherStage, OwnStage } from "../model/replacement";
import type { AssetChange } from "./assetImpact";
import type { ConsumerState } from "./consumerRedelivery";

/** What is done next, by how far the stream and the one that stands in for it are. */
export type ReplacementStep = "copy" | "park" | "hold" | "remove" | "renew" | "switch" | "promote" | "finish";

/** undefined where somebody else has changed what a replacement left behind. */
export function nextStep(own: OwnStage, other: OtherStage): ReplacementStep | undefined {
  return steps[other][own];
}

const steps: Readonly<Record<OtherStage, Partial<Record<OwnStage, ReplacementStep>>>> = {
  gone: { old: "copy", parked: "copy", promoted: "copy" },
  copies: { old: "park", promoted: "park", parked: "hold", gone: "hold" },
  holds: { parked: "remove", gone: "renew", mirror: "switch" },
  parked: { gone: "renew", mirror: "promote", promoted: "finish" },
};

/** Fields that a copy of the messages can't bring about. */
const beyond: readonly string[] = ["name", "mirror", "sources", "first_seq", "allow_msg_counter"];

/** Why a copy of the messages does not bring the change about; undefined where it does. */
export function notByMirror(live: JsonObject, changes: readonly AssetChange[], canRename: boolean): string | undefined {
  const fixed = changes.find(
    ({ impact, path }) => impact === "replace" && beyond.includes(path) && !(canRename && path === "name"),
  );
  if (fixed) return `a mirror of the old stream can't bring another ${fixed.path} about`;
  if (live["mirror"] || live["sources"])
    return "the stream copies from others itself: a new one can copy from them anew";
  if (live["allow_msg_counter"] === true) return "counters can't be mirrored";
  if (live["allow_msg_schedules"] === true) return "schedules that wait would be lost on the way";
  return undefined;
}

/** The copy, while it follows. It keeps all, whatever the limits are, on disk. */
export function copyConfig(wanted: JsonObject, owner: string | undefined): JsonObject {
  const name = textOf(wanted["name"]);
  const { num_replicas, placement, compression, allow_rollup_hdrs } = wanted;
  const description = `holds the messages of "${name}" while that is replaced`;
  const config = {
    name: replacementName(name),
    mirror: { name },
    description,
    num_replicas,
    placement,
    compression,
    allow_rollup_hdrs,
  };
  return withStage(config, "copies", owner);
}

/** The copy once it stands in for the stream: it takes what the stream would take. */
export function holdingConfig(wanted: JsonObject, parked: boolean, owner: string | undefined): JsonObject {
  const { mirror: _mirror, ...copy } = copyConfig(wanted, owner);
  const own = textOf(wanted["name"]);
  const taken = Object.fromEntries(taking.map((field) => [field, wanted[field]]));
  const subjects = parked ? [parkedSubject(textOf(copy["name"]))] : (wanted["subjects"] ?? [own]);
  return withStage({ ...copy, ...taken, subjects }, parked ? "parked" : "holds", owner);
}

/** What says how messages are taken in. */
const taking = [
  "max_msg_size",
  "no_ack",
  "duplicate_window",
  "subject_transform",
  "republish",
  "allow_direct",
  "allow_rollup_hdrs",
  "allow_msg_ttl",
  "allow_atomic",
  "allow_batched",
] as const;

/** The old stream: publishers find nobody, and nothing of what it holds goes by a limit or for want of consumers. */
export function parkedConfig(live: JsonObject): JsonObject {
  return withStage(idleConfig(live), "parked");
}

/** The same of one whose place a stream of another name takes. */
export function leavingConfig(live: JsonObject, to: string): JsonObject {
  return { ...idleConfig(live), metadata: withMove(live, to)["metadata"]! };
}

function idleConfig(live: JsonObject): JsonObject {
  const interest = live["retention"] === "interest" ? { retention: "limits" } : {};
  const config = { ...live, ...interest, subjects: [parkedSubject(textOf(live["name"]))] };
  // Whoever reads directly would be told what was the last for a moment.
  return { ...config, republish: undefined, subject_transform: undefined, allow_direct: false };
}

/** The new stream while it copies `origin`: what can't change later is as it is wanted; limits come when all is there. */
export function newbornConfig(wanted: JsonObject, origin: string): JsonObject {
  const name = textOf(wanted["name"]);
  const { storage, num_replicas, placement, compression, allow_rollup_hdrs } = wanted;
  const { max_consumers, persist_mode, metadata } = wanted;
  const retention = wanted["retention"] === "workqueue" ? { retention: "workqueue" } : {};
  const fixed = {
    storage,
    num_replicas,
    placement,
    compression,
    allow_rollup_hdrs,
    max_consumers,
    persist_mode,
    metadata,
  };
  return withStage({ name, ...fixed, ...retention, mirror: { name: origin } }, "mirror");
}

/** The new stream as it is wanted; it is sealed only when the copy is gone. */
export function promotedConfig(wanted: JsonObject): JsonObject {
  const { sealed: _sealed, ...open } = wanted;
  return withStage(open, "promoted");
}

/** A consumer, as it was and as it stood. */
export interface ConsumerRecord {
  readonly config: JsonObject;
  readonly created: string;
  /** Where it started in fact, where it went on for one before it. */
  readonly actual?: JsonObject;
  readonly state: Pick<ConsumerState, "delivered" | "ack_floor">;
}

/** The consumer that goes on for it in a stream whose last message is `last`. */
export function resumedConsumer(record: ConsumerRecord, last: number, retention: Json | undefined): JsonObject {
  const { config } = record;
  const start = retention === "workqueue" ? { deliver_policy: "all" } : startOf(record, last);
  const { deliver_policy: _policy, opt_start_seq: _seq, opt_start_time: _time, ...rest } = config;
  const mark = formatJson({ created: record.created, ...startIn(config) });
  const metadata = { ...((config["metadata"] ?? {}) as JsonObject), [resumedKey]: mark };
  return { ...rest, ...start, metadata };
}

function startOf({ config, created, state, actual }: ConsumerRecord, last: number): JsonObject {
  // Of one that has delivered nothing, a cluster says nothing about where it stands.
  if (BigInt(state.delivered.consumer_seq) === 0n) {
    if (actual?.["opt_start_seq"] !== undefined) return startAt(BigInt(Number(actual["opt_start_seq"])), last);
    if (actual) return startIn(actual);
    return config["deliver_policy"] === "new"
      ? { deliver_policy: "by_start_time", opt_start_time: created }
      : startIn(config);
  }
  const floor = BigInt(state.ack_floor.stream_seq);
  if (floor === 0n && sameJson(config["deliver_policy"] ?? "all", "all")) return startIn(config);
  return startAt(floor + 1n, last);
}

/** The last messages may have been deleted, and then the next gets the number of one of them. */
function startAt(seq: bigint, last: number): JsonObject {
  const next = BigInt(last) + 1n;
  return { deliver_policy: "by_start_sequence", opt_start_seq: exactNumber(seq < next ? seq : next) };
}

function startIn(config: JsonObject): JsonObject {
  return Object.fromEntries(startFields.map((field) => [field, config[field]]));
}
