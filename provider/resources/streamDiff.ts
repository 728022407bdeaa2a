import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { argPath, argWords, newestRelease } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { expandStream } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import { kindOf, noteOf, plannedChanges } from "./assetDiff";
import { reachableJetStream } from "./jetstreamOf";
import { allowReplacement } from "./streamReplacements";
import { planOf } from "./streamPlan";
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
  const words = { argPath, argWords };
  const changes = { ...options, ...plannedChanges(settings, before, news, plan, words) };
  if (plan.impact === "replace" && news.onDataLoss === "allow") allowReplacement(context, id);
  const notes = plan.changes.flatMap((change) =>
    noteOf(change, all.includes(argPath(change.path)), "stream", words, ["placement", "num_replicas"]),
  );
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
