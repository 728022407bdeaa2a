import { listConsumers } from "../apply/jetstreamConsumers";
import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import { alreadyThere } from "../apply/streamReplacement";
import type { Problem } from "../errors";
import { mayLose } from "../model/backup";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import { movedTo, replacementName, stageOf } from "../model/replacement";
import { sizeText } from "../model/sizeText";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import { notByMirror } from "../plan/streamReplacement";
import { roomIn } from "./accountRoom";
import type { Reachable } from "./jetstreamOf";
import { queueMisfits } from "./queueMisfits";
import type { StreamKind } from "./streamKind";
import type { PlannedStream } from "./streamPlan";

/** What is left of the change, for the stream that has been replaced by way of a mirror; undefined where there is none. */
export function mirrored<Inputs extends StreamOptions>(
  kind: Pick<StreamKind<Inputs>, "nameProperty">,
  planned: PlannedStream | undefined,
  facts: ServerFacts,
  inputs: Inputs,
): PlannedStream | undefined {
  if (!planned || inputs.replaceBy !== "mirror" || planned.plan.impact !== "replace") return undefined;
  const { plan, info } = planned;
  if (notByMirror(info.config, plan.changes, canRename(kind)) !== undefined || !atLeast(facts.version, "2.12"))
    return undefined;
  const wanted = wantedOf(planned);
  const replaced = plan.changes.filter(({ impact }) => impact === "replace").map(({ path, to }) => [path, to] as const);
  const before: JsonObject = { ...info.config, ...Object.fromEntries(replaced) };
  const rest = explainStream(before, wanted, {
    serverVersion: facts.version,
    apiLevel: facts.level,
    state: info.state,
  });
  return { plan: rest, info };
}

/** Why the messages can't be kept on the way although the program wants that. */
export async function mirrorProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { js, facts, account }: Reachable,
  planned: PlannedStream,
  inputs: Inputs,
): Promise<Problem[]> {
  const { plan, info } = planned;
  if (inputs.replaceBy !== "mirror" || plan.impact !== "replace") return [];
  const name = textOf(info.config["name"]);
  const misfits = becomesQueue(plan) ? queueMisfits(name, await listConsumers(js, name)) : [];
  if (misfits.length > 0 || !plan.loss.loses) return misfits;
  const path = "replaceBy";
  const kept = kind.words.argWords("or leave replaceBy out and say what becomes of the messages: onDataLoss");
  const reason = notByMirror(info.config, plan.changes, canRename(kind));
  if (reason) {
    return mayLose(inputs) ? [] : [{ path, reason: kind.words.argWords(reason), fix: `keep the old value, ${kept}` }];
  }
  if (!atLeast(facts.version, "2.12")) {
    const held = kind.words.argWords("the messages");
    const why = `nats-server ${facts.version} can't promote a mirror (10055), so ${held} can't be kept this way; 2.12 and later can`;
    return mayLose(inputs) ? [] : [{ path, reason: why, fix: `upgrade the servers first, ${kept}` }];
  }
  const problems = await wayProblems(js, planned);
  problems.push(...roomProblems(account, planned));
  return mayLose(inputs) ? problems : [...problems, ...(await queueProblems(js, planned))];
}

/** The name that another stream takes its place under; undefined where it keeps its own. */
export function newName({ changes }: PlannedStream["plan"]): string | undefined {
  const change = changes.find(({ path }) => path === "name");
  return change && textOf(change.to);
}

/** A bucket's subjects bear its name. */
function canRename({ nameProperty }: { readonly nameProperty: string }): boolean {
  return nameProperty === "name";
}

/** By then it keeps nothing that is acknowledged. */
export function becomesQueue({ changes }: PlannedStream["plan"]): boolean {
  return changes.some(({ path, to }) => path === "retention" && to === "workqueue");
}

/** The copy needs a name that nobody has. */
async function wayProblems(js: JetStream, { plan, info }: PlannedStream): Promise<Problem[]> {
  const name = textOf(info.config["name"]);
  const to = newName(plan);
  const other = await streamInfo(js, to ?? replacementName(name));
  if (!other || stageOf(other.config) !== undefined || (to !== undefined && movedTo(info.config) === to)) return [];
  if (to === undefined) return [{ path: "replaceBy", ...alreadyThere(name) }];
  const reason = `stream "${to}" exists already: "${name}" can't become that`;
  return [{ path: "name", reason, fix: "another name, or delete that stream" }];
}

function wantedOf({ plan, info }: PlannedStream): JsonObject {
  return { ...info.config, ...Object.fromEntries(plan.changes.map(({ path, to }) => [path, to])) };
}

/** The copy is on disk; the old one and the new one are never there together. */
function roomProblems(account: Reachable["account"], planned: PlannedStream): Problem[] {
  const { config, state } = planned.info;
  const wanted = wantedOf(planned);
  const [before, after] = [mediumOf(config), mediumOf(wanted)];
  const isRenamed = newName(planned.plan) !== undefined;
  const copies = before === "memory" && after === "file" ? 2 : 1;
  const needs = isRenamed ? [] : [["file", copies * state.bytes] as const];
  const all =
    isRenamed || (before === "file" && after === "memory") ? [...needs, [after, state.bytes] as const] : needs;
  const fix = "raise the account's limit, or delete something";
  const missing = all.flatMap(([medium, need]): Problem[] => {
    const room = roomIn(account, medium, Number(wanted["num_replicas"] ?? 1));
    if (room === undefined || room >= need) return [];
    const has = `the account has room for ${sizeText(Math.max(0, room))}`;
    const reason = `to replace it by a mirror takes ${sizeText(need)} of ${medium} storage for a while, and ${has}`;
    return [{ path: "replaceBy", reason, fix }];
  });
  const { limits, streams } = account.tiers?.[`R${Number(wanted["num_replicas"] ?? 1)}`] ?? account;
  if (limits.max_streams >= 0 && streams >= limits.max_streams) {
    const reason = `to replace it by a mirror takes one stream more for a while: the account has ${streams} and may have ${limits.max_streams} (10027)`;
    missing.push({ path: "replaceBy", reason, fix: "raise the account's number of streams" });
  }
  if (limits.max_bytes_required) {
    const reason = "the account requires maxBytes of each stream (10113), and a copy that is to keep all has none";
    missing.push({ path: "replaceBy", reason, fix: "let the account do without while it is replaced" });
  }
  return missing;
}

function mediumOf({ storage }: JsonObject): "file" | "memory" {
  return storage === "memory" ? "memory" : "file";
}

/** What was acknowledged is no work any more. */
async function queueProblems(js: JetStream, { plan, info }: PlannedStream): Promise<Problem[]> {
  if (!becomesQueue(plan)) return [];
  const consumers = await listConsumers(js, textOf(info.config["name"]));
  const first = BigInt(info.state.first_seq ?? 0);
  const acknowledged = consumers.filter(({ ack_floor }) => BigInt(ack_floor.stream_seq) >= first && first > 0n);
  if (acknowledged.length === 0) return [];
  const who = acknowledged.map(({ name, ack_floor }) => `"${name}" up to ${ack_floor.stream_seq}`).join(", ");
  const reason = `a work queue keeps nothing that is acknowledged: what its consumers have acknowledged is deleted (${who})`;
  return [{ path: "retention", reason, fix: 'onDataLoss: "allow", or "backup" with backup: { dir: "./backups" }' }];
}
