import path from "node:path";
import { lookAtBackup, openBackup } from "../apply/backups";
import type { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { restoreStream } from "../apply/streamSnapshot";
import type { SnapshotFacts } from "../apply/streamSnapshot";
import { locatedText, NatsError, problemText } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { ownerKey } from "../model/assetSettled";
import { dataProblems, sourceText } from "../model/backup";
import type { DataOptions, RestoreSource } from "../model/backup";
import { counted } from "../model/counted";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";

import { present } from "../model/present";
import { newestRelease } from "../model/stream";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import { waitsFor } from "./assetCheck";
import { values } from "./assetDiff";
import { ownerOf } from "./assetState";
import { accountOf, factsOf } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { called, nameOf } from "./streamKind";
import type { StreamKind } from "./streamKind";
import { lossProblems } from "./streamPlan";

/** What speaks against the backup that a stream would be made from, as far as a preview finds it without reading GiB. */
export async function restoreProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const source = inputs.restoreFrom;
  const open = kind.states.unknownSettings(inputs);
  if (!source || hasUnknown(source) || open.includes(kind.nameProperty) || open.includes("storage")) return [];
  const wanted = kind.expand(kind.states.knownSettings(inputs));
  if (dataProblems({ restoreFrom: source }, textOf(wanted["name"])).length > 0) return [];
  const { facts, fault: damage } = await lookAtBackup(live?.js, source, false);
  const where = whereIs(source);
  const fault = facts === undefined ? damage : misfit(kind, wanted, facts, where);
  if (facts === undefined || fault) {
    return [{ path: "bucket" in source ? "restoreFrom.name" : "restoreFrom.dir", ...fault! }];
  }
  const server = live?.facts ?? { version: newestRelease };
  const problems = unreachable(kind, server, wanted, facts, where, inputs).filter(
    ({ path: at }) => !waitsFor(kind.states, inputs, at),
  );
  if (problems.length === 0) {
    const { messages, consumer_count: consumers = 0 } = facts.state;
    const held = `${kind.words.argWords(counted(messages, "message"))} and ${counted(consumers, "consumer")}`;
    await context.info(`restores ${held} of ${called(kind, nameOf(kind, inputs))} from ${where}`);
  }
  return problems;
}

/** Why a stream made of that backup could not become what the program says: what is found when it is there leaves it there. */
function unreachable<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { version, level, clustered }: Partial<ServerFacts> & Pick<ServerFacts, "version">,
  wanted: JsonObject,
  { config, state }: SnapshotFacts,
  where: string,
  inputs: Inputs,
): Problem[] {
  const { num_replicas, placement } = wanted;
  const from = { ...config, num_replicas, placement };
  const plan = explainStream(from, kind.carry(from, wanted), {
    serverVersion: version,
    state,
    ...present({ apiLevel: level, clustered }),
  });
  const fixed = plan.changes.filter(({ impact }) => impact === "replace" || impact === "refused");
  const fix = "say what it had, or restore another backup";
  if (fixed.length === 0) {
    const info = { config, state, created: "" };
    return lossProblems(kind, { plan, info }, inputs).map((each) => ({
      ...each,
      reason: `of what ${where} holds, ${each.reason}`,
    }));
  }
  return fixed.map((change) => ({
    path: kind.words.argPath(change.path),
    reason: `${where} can't become this once it is restored: ${values(change)}: ${kind.words.argWords(change.why)}`,
    fix,
  }));
}

/** Before a stream goes whose successor is made from a backup: all of that is read, and where it is not whole the stream stays. */
export async function mustBeRestorable(js: JetStream, name: string, { restoreFrom }: DataOptions): Promise<void> {
  if (!restoreFrom) return;
  const { fault } = await lookAtBackup(js, restoreFrom, true);
  if (fault) throw new NatsError(`${name} stays: ${problemText({ path: "", ...fault })}`);
}

/** What becomes of a stream that is gone. */
export function anew({ restoreFrom }: StreamOptions): string {
  if (!restoreFrom) return "it is made anew, empty";
  return hasUnknown(restoreFrom) ? "it is made anew from a backup" : `it is made anew from ${sourceText(restoreFrom)}`;
}

function whereIs(source: RestoreSource): string {
  return "dir" in source ? path.resolve(source.dir) : sourceText(source);
}

/** Why a server can't make that stream from the backup's. */
function misfit<Inputs extends StreamOptions>(
  { nameProperty, streamPrefix }: StreamKind<Inputs>,
  wanted: JsonObject,
  { config }: SnapshotFacts,
  where: string,
): Omit<Problem, "path"> | undefined {
  const former = textOf(config["name"]);
  if (former !== wanted["name"]) {
    const reason = `${where} holds stream "${former}", and a server restores under the same name only`;
    const isKind = former.startsWith(streamPrefix);
    return { reason, ...(isKind ? { fix: `${nameProperty}: "${former.slice(streamPrefix.length)}"` } : {}) };
  }
  const storage = (of: JsonObject): string => textOf(of["storage"]) || "file";
  if (storage(wanted) === storage(config)) return undefined;
  // Servers before 2.15 say yes to another storage and restore nothing.
  const reason = `${where} was a stream with storage "${storage(config)}", and messages are restored to the same only`;
  return { reason, fix: `storage: "${storage(config)}"` };
}

/**
 * Makes the stream from a snapshot, with its messages, sequences and consumers; the caller then brings it to what the program
 * says. It bears our mark from the start, so that what an interruption leaves is known as ours.
 */
export async function restored<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { urn }: CallContext,
  js: JetStream,
  inputs: Inputs,
  source: RestoreSource,
  timeout: number,
): Promise<StreamInfo> {
  const wanted = kind.states.wantedConfig(inputs, urn);
  const where = whereIs(source);
  const { facts, pieces } = await openBackup(js, source);
  const name = textOf(wanted["name"]);
  const fault = misfit(kind, wanted, facts, where);
  if (fault) throw new NatsError(`stream "${name}": ${problemText({ path: "", ...fault })}`);
  const server = factsOf(js, await accountOf(js));
  const problems = unreachable(kind, server, kind.expand(inputs), facts, where, inputs);
  if (problems.length > 0) {
    const all = problems.map((each) => `  ${locatedText(each)}`).join("\n");
    throw new NatsError(`stream "${name}" is not restored:\n${all}`);
  }
  const metadata = isObject(facts.config["metadata"]) ? facts.config["metadata"] : {};
  const marked = urn === undefined ? metadata : { ...metadata, [ownerKey]: urn };
  // Where it is kept is no part of what it holds: other servers may be fewer, or have none of its tags.
  const { num_replicas, placement } = wanted;
  const from = { ...facts, config: { ...facts.config, num_replicas, placement, metadata: marked } };
  const info = await restoreStream(js, from, pieces, timeout).catch(async (error: unknown) => {
    // Servers from 2.15 on have stored what came, and take it away after some seconds only: another run must not find that.
    const half = await streamInfo(js, name).catch(() => undefined);
    if (half && urn !== undefined && ownerOf(half.config) === urn) await deleteStream(js, name).catch(() => undefined);
    throw error;
  });
  const { messages } = facts.state;
  const mayExpire = Number(facts.config["max_age"] ?? 0) > 0;
  if (info.state.messages < messages && !mayExpire) {
    await deleteStream(js, name);
    throw new NatsError(
      `stream "${name}": of ${messages} messages in ${where} the server restored ${info.state.messages}; the stream was removed again. ` +
        "Fix: restore it on a server of the release that it was backed up from",
    );
  }
  return info;
}
