import { consumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import { isError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import { consumerProblems, expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import type { JsonObject } from "../model/exactJson";
import { settledStream } from "../model/streamSettled";
import { isSameProgram, waitsFor } from "./assetCheck";
import { announceChange } from "./comingChanges";
import { givenInputs } from "./givenInputs";
import { announceInterest } from "./consumerLoss";
import { filterOverlaps, wantOther } from "./consumerFilterOverlaps";
import { consumerLossProblems, moveLossProblems } from "./consumerLossProblems";
import { planOfConsumer } from "./consumerPlan";
import { consumerRoom } from "./consumerRoom";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { missingStreams, streamNeeded } from "./missingStream";
import { declareConsumers } from "./programConsumers";
import { declaredConfig } from "./programStreams";
import { consumerTakeover } from "./takeover";

/** All problems at once: of the inputs themselves, then, where something is to change, with what the server knows. */
export async function checkConsumer(
  context: CallContext,
  olds: ConsumerResourceState | undefined,
  news: ConsumerInputs,
): Promise<Checked<ConsumerInputs>> {
  const inputs = givenInputs(news);
  const known = consumerStates.knownSettings(inputs);
  const isMoved = olds !== undefined && olds.stream !== inputs.stream;
  declareConsumers(context, [inputs]);
  const isNew = olds === undefined || isMoved || !isSameProgram(consumerStates, expandConsumer, olds, inputs);
  const live = isNew ? await reachableJetStream(context) : undefined;
  const found = consumerProblems(known, live?.facts).filter(
    ({ path }) => !waitsFor(consumerStates, inputs, path) && (path !== "stream" || inputs.stream === known.stream),
  );
  if (isNew && !live) found.push(...(await unreachableProblems(context, olds !== undefined)));
  if (isNew) found.push(...(await streamFaults(context, live, inputs, found)));
  const isFresh = !olds || isMoved;
  if (isNew && !context.importing && !found.some(isError) && (isFresh || wantOther(olds, inputs))) {
    found.push(...(await filterOverlaps(context, live, [inputs], [])).map(({ id: _id, ...problem }) => problem));
  }
  const isNamed = typeof known.name === "string" && typeof known.stream === "string";
  if (live && isFresh && isNamed && !context.importing && !found.some(isError)) {
    found.push(...(await missingStreams(context, live.js, [streamNeeded(known.stream)])));
    found.push(...(await consumerRoom(live, { wanted: [known] })).map(({ stream: _stream, ...problem }) => problem));
  }
  if (live && !olds && !found.some(isError)) found.push(...(await consumerTakeover(context, live, inputs)));
  if (live && olds && !found.some(isError)) found.push(...(await changeLosses(live, olds, inputs)));
  return { inputs, problems: found };
}

/** What a change makes the stream delete, refused where the program does not let it go. */
async function changeLosses(
  { js, facts }: Reachable,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<Problem[]> {
  if (hasUnknown(news.stream)) return [];
  announceChange(js, olds.stream, olds.name, undefined);
  if (olds.stream !== news.stream) {
    const problems = await moveLossProblems(js, olds, news);
    const info = problems.length === 0 ? await consumerInfo(js, olds.stream, olds.name) : undefined;
    if (info) announceChange(js, olds.stream, olds.name, { created: info.created, after: undefined });
    return problems;
  }
  const planned = await planOfConsumer(js, facts, olds, news);
  const problems = planned ? consumerLossProblems(planned, news) : [];
  if (planned && problems.length === 0) announceInterest(js, planned, facts.version);
  return problems;
}

/**
 * What does not fit the stream as it is, or as the program makes it where it is not there yet. It may change before, in the same program,
 * so that is no more than a warning.
 */
export async function streamFaults(
  context: CallContext,
  live: Reachable | undefined,
  inputs: ConsumerInputs,
  found: readonly Problem[],
): Promise<Problem[]> {
  const known = consumerStates.knownSettings(inputs);
  if (!known.stream) return [];
  const there = live && (await streamOf(live, known.stream));
  const stream = there ?? declaredConfig(context, known.stream);
  if (stream?.["name"] === undefined) return [];
  const own = new Set(found.map(({ path, reason: why }) => `${path} ${why}`));
  return (
    consumerProblems(known, live?.facts, stream)
      .filter(({ path, reason: why }) => !own.has(`${path} ${why}`) && !waitsFor(consumerStates, inputs, path))
      // What the program leaves open stands there as its default.
      .filter(({ path }) => there !== undefined || path !== "replicas")
      .map((problem) => ({ ...problem, severity: "warning" as const }))
  );
}

async function streamOf({ js, facts }: Reachable, name: string): Promise<JsonObject | undefined> {
  const info = await streamInfo(js, name).catch(() => undefined);
  return info && settledStream(info.config, facts.version);
}
