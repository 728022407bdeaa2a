import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { isObject } from "../model/exactJson";
import { argPath, argWords, newestRelease } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { expandStream } from "../model/stream";
import type { AssetChange } from "../plan/assetImpact";
import { explainStream } from "../plan/streamExplain";
import { reachableJetStream } from "./jetstreamOf";
import { allowReplacement } from "./streamReplacements";
import { planOf, values } from "./streamPlan";
import { changedSettings, inputsOf, knownSettings, writtenSettings } from "./streamState";
import type { StreamState } from "./streamState";

/** What changes, how, and what that does to the stream as it is now. Nothing is asked of the server where nothing changes. */
export async function diffStream(
  context: CallContext,
  id: string,
  olds: StreamState,
  news: StreamInputs,
): Promise<Diff> {
  const before = inputsOf(olds);
  const all = changedSettings(before, news, newestRelease);
  const settings = writtenSettings(before, news, newestRelease);
  const options: Record<string, ChangeKind> =
    before.onDataLoss === news.onDataLoss ? {} : { onDataLoss: kindOf(before.onDataLoss, news.onDataLoss, false) };
  if (all.length === 0) return { changes: options };

  const live = await reachableJetStream(context);
  const planned = live ? await planOf(live.js, live.facts, olds, news).catch(() => undefined) : undefined;
  const version = live?.facts.version ?? newestRelease;
  const plan =
    planned?.plan ?? explainStream(expandStream(before), expandStream(knownSettings(news)), { serverVersion: version });
  const byName = new Map(plan.changes.map((change) => [argPath(change.path), change]));
  const changes: Record<string, ChangeKind> = { ...options };
  for (const name of settings) {
    const replaces = byName.get(name)?.impact === "replace";
    Object.assign(changes, changedPaths(name, valueOf(before, name), valueOf(news, name), replaces));
  }
  for (const [name, change] of byName) {
    if (change.impact === "replace" && !settings.includes(name)) changes[name] = "update-replace";
  }
  if (plan.impact === "replace" && news.onDataLoss === "allow") allowReplacement(context, id);
  const notes = plan.changes.flatMap((change) => noteOf(change, all.includes(argPath(change.path))));
  if (!planned) {
    const reason = live ? `stream "${olds.name}" is not on the server` : "no server answers";
    notes.push({
      severity: "warning" as const,
      message: `${reason}: how many messages the change deletes is not known`,
    });
  }
  // Two streams can't store the same subject, so the old one goes first.
  return { changes, deleteBeforeReplace: plan.impact === "replace", notes };
}

type Note = NonNullable<Diff["notes"]>[number];

/** Plain changes in place need no words. */
function noteOf(change: AssetChange, wanted: boolean): Note[] {
  const path = argPath(change.path);
  const why = argWords(change.why);
  if (!wanted && change.impact === "update") {
    return [{ severity: "info", message: `${path} was changed outside: it goes back ${values(change)}` }];
  }
  if (change.impact === "update" && change.losesMessages) return [{ severity: "warning", message: `${path}: ${why}` }];
  if (change.impact === "one-way") return [{ severity: "warning", message: `${path}: ${why}` }];
  if (change.impact === "replace") return [{ severity: "warning", message: `${path} replaces the stream: ${why}` }];
  if (change.impact === "refused") return [{ severity: "warning", message: `${path} will be refused: ${why}` }];
  const moves = change.path === "placement" || change.path === "num_replicas";
  return moves ? [{ severity: "info", message: `${path}: ${why}` }] : [];
}

/** The single paths within a value that differ. */
function changedPaths(path: string, before: unknown, after: unknown, replaces: boolean): Record<string, ChangeKind> {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const found = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    if (found.length > 0) {
      return Object.assign(
        {},
        ...found.map((key) => changedPaths(`${path}${segment(key)}`, before[key], after[key], replaces)),
      ) as Record<string, ChangeKind>;
    }
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const found = before.flatMap((member, index) =>
      JSON.stringify(member) === JSON.stringify(after[index])
        ? []
        : [changedPaths(`${path}[${index}]`, member, after[index], replaces)],
    );
    if (found.length > 0) return Object.assign({}, ...found) as Record<string, ChangeKind>;
  }
  return { [path]: kindOf(before, after, replaces) };
}

function segment(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
}

function kindOf(before: unknown, after: unknown, replaces: boolean): ChangeKind {
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return replaces ? `${kind}-replace` : kind;
}

function valueOf(inputs: StreamInputs, name: string): unknown {
  return (inputs as unknown as Record<string, unknown>)[name];
}
