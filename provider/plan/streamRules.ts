import { isObject, sameJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import { sourceIdentity, sourceOrigin } from "../model/streamSourceChecks";
import type { AssetImpact } from "./assetImpact";

/** One field's change between two settled configurations. */
export interface Transition {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  readonly old: JsonObject;
  readonly new: JsonObject;
  readonly version: string;
}

export interface Verdict {
  readonly impact: AssetImpact;
  readonly why: string;
}

/** What the server does with a change of that field, by its own code and measured on 2.11 to 2.15. */
export type Rule = (change: Transition) => Verdict;

export const streamRules: Readonly<Record<string, Rule>> = {
  name: fixed("a stream can't be renamed"),
  description: inPlace("changes in place"),
  subjects: inPlace("changes in place; stored messages of removed subjects stay"),
  retention: ({ from, to, version }) =>
    from === "workqueue" || to === "workqueue"
      ? { impact: "replace", why: "the server refuses to change the retention to or from workqueue (10052)" }
      : {
          impact: "update",
          why:
            to === "interest"
              ? `changes in place; what the consumers have acknowledged is deleted${atLeast(version, "2.14") ? ", and all where there is no consumer" : ""}; what none of their filters matches stays`
              : "changes in place",
        },
  max_consumers: ({ version }) =>
    atLeast(version, "2.12.15")
      ? { impact: "update", why: "changes in place; consumers that exist stay" }
      : { impact: "replace", why: `nats-server ${version} refuses to change it (10052); 2.12.15 and later can` },
  max_msgs: limited,
  max_bytes: limited,
  max_age: inPlace("changes in place; what is older than a lower limit is deleted at once"),
  max_msgs_per_subject: ({ from, version }) => ({
    impact: "update",
    why:
      from === -1 && !atLeast(version, "2.12")
        ? "changes in place; what is beyond the limit is deleted, oldest first, when the next message of its subject arrives"
        : "changes in place; what is beyond a lower limit is deleted at once, oldest first",
  }),
  max_msg_size: inPlace("changes in place; larger messages that are stored stay"),
  discard: inPlace("changes in place"),
  discard_new_per_subject: inPlace("changes in place"),
  storage: fixed("the server refuses to change the storage (10052)"),
  num_replicas: ({ from, to }) =>
    Number(to) > Number(from)
      ? { impact: "update", why: `scales in place; waits until ${Number(to)} replicas are current` }
      : { impact: "update", why: "scales down in place" },
  no_ack: inPlace("changes in place"),
  duplicate_window: inPlace("changes in place"),
  placement: ({ to, old, new: wanted, version }) => {
    if (to === undefined) return { impact: "update", why: "changes in place; the stream stays where it is" };
    const scales = !sameJson(old["num_replicas"], wanted["num_replicas"]);
    const replicas = Number(wanted["num_replicas"]);
    const isAlone = Number(old["num_replicas"]) === 1 && !atLeast(version, "2.15");
    const risk = isAlone
      ? `; nats-server ${version} may lose its messages where its server ends meanwhile (2.15 and later do not)`
      : "";
    const why = `moves the stream; waits until ${replicas === 1 ? "its replica is" : `${replicas} replicas are`} current${risk}`;
    return {
      impact: "update",
      why: scales ? `${why}; in two steps, since the server refuses to scale and move at once (10123)` : why,
    };
  },
  mirror: ({ from, to, version }) => {
    if (to !== undefined) {
      const why =
        from === undefined ? "a stream can't become a mirror (10055)" : "what a mirror copies can't change (10055)";
      return { impact: "replace", why };
    }
    return atLeast(version, "2.12")
      ? {
          impact: "one-way",
          why: "promotes the mirror to a stream of its own, with all its messages; it can't become a mirror again, so it can't be undone",
        }
      : { impact: "replace", why: `nats-server ${version} can't promote a mirror (10055); 2.12 and later can` };
  },
  sources: ({ from, to }) =>
    restarted(from, to)
      ? {
          impact: "replace",
          why: "the server takes a new start of a source that it has, without effect: it goes on after what it has copied",
        }
      : {
          impact: "update",
          why: copiesAgain(from, to)
            ? "changes in place; with another filter, transform or consumer a source is a new one for the server, and copies from its start, or its consumer's: what was copied before may come again"
            : "changes in place; messages of removed sources stay",
        },
  compression: inPlace("changes in place; applies to new blocks of messages"),
  first_seq: fixed("the server takes it without effect: sequences go on as they are"),
  subject_transform: inPlace("changes in place; applies to new messages"),
  republish: inPlace("changes in place; applies to new messages"),
  allow_direct: inPlace("changes in place"),
  mirror_direct: inPlace(
    "changes in place; the server sets it to what the origin's allow_direct is, where it sees the origin",
  ),
  sealed: oneWay(
    "seals the stream: no message comes in or goes out, and limits by age end; it can't be undone",
    "a sealed stream can't be unsealed (10052)",
  ),
  deny_delete: oneWay(
    "no message can be deleted by itself any more; it can't be undone",
    "the server refuses to allow deletes again (10052)",
  ),
  deny_purge: oneWay(
    "the stream can't be purged any more; it can't be undone",
    "the server refuses to allow purges again (10052)",
  ),
  allow_rollup_hdrs: inPlace("changes in place"),
  consumer_limits: inPlace("changes in place; refused while a consumer exceeds the new limits"),
  allow_msg_ttl: oneWay(
    "message TTLs stay on; it can't be undone",
    "the server refuses to switch message TTLs off (10052)",
  ),
  subject_delete_marker_ttl: inPlace("changes in place"),
  allow_msg_counter: fixed("the server refuses to change it (10052)"),
  allow_atomic: inPlace("changes in place"),
  allow_msg_schedules: oneWay(
    "schedules stay on; it can't be undone",
    "the server refuses to switch schedules off (10052)",
  ),
  persist_mode: fixed("the server refuses to change it (10052)"),
  allow_batched: inPlace("changes in place"),
  metadata: inPlace("changes in place"),
};

function inPlace(why: string): Rule {
  return () => ({ impact: "update", why });
}

function limited({ new: wanted }: Transition): Verdict {
  const why =
    wanted["discard"] === "new"
      ? "changes in place; messages that are stored stay, new ones are refused while there is no room"
      : 'changes in place; what is beyond a lower limit is deleted at once, oldest first (with discard "new" it stays)';
  return { impact: "update", why };
}

function fixed(why: string): Rule {
  return () => ({ impact: "replace", why });
}

function oneWay(on: string, off: string): Rule {
  return ({ to }) => (to === true ? { impact: "one-way", why: on } : { impact: "replace", why: off });
}

/** A source that stays gets another start. */
function restarted(from: Json | undefined, to: Json | undefined): boolean {
  const before = new Map(sourcesOf(from).map((source) => [sourceIdentity(source), source]));
  return sourcesOf(to).some((source) => {
    const old = before.get(sourceIdentity(source));
    return (
      old !== undefined &&
      (!sameJson(old["opt_start_seq"], source["opt_start_seq"]) ||
        !sameJson(old["opt_start_time"], source["opt_start_time"]))
    );
  });
}

/** A stream that was copied in one way is copied in another in its place. */
function copiesAgain(from: Json | undefined, to: Json | undefined): boolean {
  const [before, after] = [sourcesOf(from), sourcesOf(to)];
  const only = (list: readonly JsonObject[], others: readonly JsonObject[]): string[] => {
    const known = new Set(others.map(sourceIdentity));
    return list.filter((source) => !known.has(sourceIdentity(source))).map(sourceOrigin);
  };
  const gone = new Set(only(before, after));
  return only(after, before).some((origin) => gone.has(origin));
}

function sourcesOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}
