import { NatsError, problemText } from "../errors";
import type { Problem } from "../errors";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { ownerKey } from "../model/assetSettled";
import { replacementName, stageOf, withStage } from "../model/replacement";
import type { OtherStage, OwnStage } from "../model/replacement";
import * as plan from "../plan/streamReplacement";
import type { ReplacementStep } from "../plan/streamReplacement";
import type { JetStream } from "./jetstream";
import { createStream, deleteStream, streamInfo, streamNames, untilCurrent, updateStream } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";
import { notedConsumers, recordConsumers, resumeConsumers } from "./replacedConsumers";
import { align, untilCopied } from "./streamCopy";

/** One stream that is replaced by way of a mirror. */
export interface Replacement {
  readonly js: JetStream;
  readonly wanted: JsonObject;
  readonly owner: string | undefined;
  /** Longest time without any progress, in milliseconds. */
  readonly timeout: number;
  readonly warn: (message: string) => Promise<void>;
}

/** The stream that stands in for another, where a replacement of ours has left it. */
export async function standIn(js: JetStream, name: string, owner: string | undefined): Promise<StreamInfo | undefined> {
  const info = await streamInfo(js, replacementName(name));
  if (!info || stageOf(info.config) === undefined) return undefined;
  const metadata = (info.config["metadata"] ?? {}) as JsonObject;
  return owner === undefined || metadata[ownerKey] === owner ? info : undefined;
}

/** A stream that is none of ours has the name that the stand-in needs. */
export function alreadyThere(name: string): Pick<Problem, "reason" | "fix"> {
  const other = replacementName(name);
  return {
    reason: `stream "${name}" can't be replaced by way of "${other}": a stream of that name exists`,
    fix: `rename or delete "${other}", or leave replaceBy out`,
  };
}

/** Another stream has one of its subjects, found before anything has happened. */
export class SubjectTaken extends NatsError {
  override readonly name = "SubjectTaken";
}

/**
 * Replaces a stream and keeps its messages. Each step leaves a mark on the servers, and which one is next is read from there:
 * whatever interrupts it, the messages are whole in one of the two streams, and calling this again goes on.
 */
export async function replaceByMirror(replacement: Replacement): Promise<StreamInfo> {
  const { js, wanted, owner } = replacement;
  const name = textOf(wanted["name"]);
  const other = replacementName(name);
  for (;;) {
    const [mine, theirs] = await Promise.all([streamInfo(js, name), streamInfo(js, other)]);
    if (theirs && !(await standIn(js, name, owner))) {
      throw new NatsError(problemText({ path: "", ...alreadyThere(name) }));
    }
    const own: OwnStage = mine ? ((stageOf(mine.config) ?? "old") as OwnStage) : "gone";
    const stage: OtherStage = theirs ? (stageOf(theirs.config) as OtherStage) : "gone";
    const step = plan.nextStep(own, stage);
    if (!step) {
      const held = theirs ? `"${other}" holds ${theirs.state.messages} messages of it` : "the copy of it is gone";
      const fix = "Fix: see what both hold (`nats stream info`), delete the one that is not wanted, then `pulumi up`";
      throw new NatsError(`stream "${name}" was changed while it was being replaced: ${held}. ${fix}`);
    }
    await run[step](replacement, mine!, theirs!);
    if (step === "finish") return (await streamInfo(js, name))!;
  }
}

type Step = (replacement: Replacement, own: StreamInfo, other: StreamInfo) => Promise<unknown>;

const run: Readonly<Record<ReplacementStep, Step>> = {
  copy: async ({ js, wanted, owner, timeout }) => {
    const config = plan.copyConfig(wanted, owner);
    await createStream(js, config);
    await untilCurrent(js, textOf(config["name"]), replicasOf(wanted), timeout);
  },
  park: async ({ js, wanted, timeout }, own, other) => {
    await freeSubjects(js, wanted, textOf(other.config["name"]));
    await untilCopied(js, own, other, timeout, "nearly");
    // Also a rehearsal: where the account has no room for them, nothing has changed yet.
    await recordConsumers(js, own, other);
    await updateStream(js, plan.parkedConfig((await streamInfo(js, textOf(own.config["name"])))!.config));
  },
  hold: async ({ js, wanted, owner, timeout }, own: StreamInfo | undefined, other) => {
    if (own) {
      await recordConsumers(js, own, other);
      await untilCopied(js, own, other, timeout, "exactly");
      await align(js, own, other);
    }
    await updateStream(js, plan.holdingConfig(wanted, false, owner));
  },
  remove: ({ js }, own) => deleteStream(js, textOf(own.config["name"])),
  renew: async ({ js, wanted, timeout }) => {
    await createStream(js, plan.newbornConfig(wanted, replacementName(textOf(wanted["name"]))));
    await untilCurrent(js, textOf(wanted["name"]), replicasOf(wanted), timeout);
  },
  switch: async ({ js, wanted, owner, timeout }, own, other) => {
    await untilCopied(js, other, own, timeout, "nearly");
    await updateStream(js, plan.holdingConfig(wanted, true, owner));
  },
  promote: async ({ js, wanted, timeout, warn }, own, other) => {
    await untilCopied(js, other, own, timeout, "exactly");
    await align(js, other, own);
    await resumeConsumers(js, await notedConsumers(js, textOf(other.config["name"])), own, wanted, warn);
    await updateStream(js, plan.promotedConfig(wanted));
  },
  finish: async ({ js, wanted, timeout }, _own, other) => {
    await deleteStream(js, textOf(other.config["name"]));
    await updateStream(js, withStage(wanted, undefined));
    await untilCurrent(js, textOf(wanted["name"]), replicasOf(wanted), timeout);
  },
};

/** Said before publishers have to wait. */
export async function freeSubjects(js: JetStream, wanted: JsonObject, other: string): Promise<void> {
  const name = textOf(wanted["name"]);
  for (const subject of (wanted["subjects"] ?? [name]) as readonly string[]) {
    const others = (await streamNames(js, subject)).filter((each) => each !== name && each !== other);
    if (others.length === 0) continue;
    const fix = "Fix: narrow the subjects of one of them";
    throw new SubjectTaken(`stream "${name}": "${subject}" overlaps with stream "${others[0]}" (10065). ${fix}`);
  }
}

function replicasOf(config: JsonObject): number {
  return Number(config["num_replicas"] ?? 1);
}
