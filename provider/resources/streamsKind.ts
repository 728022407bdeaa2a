import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { errorCodes, JetStreamError } from "../apply/jetstreamErrors";
import { createStream, deleteStream, streamInfo, streamNames, untilCurrent } from "../apply/jetstreamStreams";
import { ListedJetStream } from "../apply/listedJetStream";
import { refuseAll } from "../errors";
import type { Problem } from "../errors";
import { isUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { keptAt, mayLose, placeText } from "../model/backup";
import type { DataOptions } from "../model/backup";
import { textOf } from "../model/exactJson";
import { argPath, argWords, expandStream, flattenStream, newestRelease, streamProblems } from "../model/stream";
import type { ServerFacts, StreamInputs, StreamOptions } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import { SubjectIndex } from "../model/subjectIndex";
import { isSameProgram } from "./assetCheck";
import { backupProblems } from "./backupCheck";
import type { AssetSetKind, JointProblem, Member, Sent } from "./assetSet";
import type { Reachable } from "./jetstreamOf";
import { sendStream, withOverlap } from "./streamApply";
import { backUp, backUpBeforeEnd } from "./streamBackup";
import { overlaps } from "./streamCheck";
import { consumersByStream } from "./streamConsumers";
import { reservations, streamLimits } from "./streamLimits";
import { takenOver } from "./streamCreate";
import { streamChange } from "./streamDiff";
import { tellLeftover } from "./streamLeftover";
import { parkedAmong, parkedWords } from "./streamParked";
import { placementProblems } from "./placementCheck";
import { lossProblems, planOf } from "./streamPlan";
import { anew, mustBeRestorable, restored, restoreProblems } from "./streamRestore";
import { plainStream, streamStates } from "./streamState";
import type { StreamState } from "./streamState";
import { matchesName } from "./matchesName";
import { updatedConfig } from "./streamUpdate";
import { streamTakeover } from "./takeover";

/** So few streams are asked for one by one; more by a listing of all. */
const few = 25;

export const streamsKind: AssetSetKind<StreamInputs> = {
  noun: "stream",
  property: "streams",
  depth: 1,
  options: ["onDataLoss", "backup", "adopt", "restoreFrom"],
  states: streamStates,
  words: { argPath, argWords },
  expand: expandStream,
  flatten: ({ config }, version) => flattenStream(config, version),
  named: ([name]) => ({ name }),
  problems: (inputs, server) => [...streamProblems(inputs, server), ...aloneOnly(inputs)],
  look: lookAtStreams,
  infoOf: streamInfo,
  matching: async (js, pattern) => {
    const found = (await streamNames(js)).filter((name) => matchesName(pattern, name));
    // Buckets and the servers' own are streams too, which a plain "*" does not mean.
    return pattern.startsWith("*") ? found.filter((name) => !/^(KV_|OBJ_|\$)/.test(name)) : found;
  },
  liveProblems,
  takeover: (context, live, inputs) => streamTakeover(plainStream, context, live, inputs),
  jointProblems,
  holds: async (js, ids) => {
    const found = await inTurns(ids, async (id): Promise<[string, string][]> => {
      const info = await streamInfo(js, id);
      const held = info && (await plainStream.holds(js, info));
      return held === undefined ? [] : [[id, held]];
    });
    return new Map(found.flat());
  },
  takes: consumersByStream,
  letGo: 'onDataLoss: "allow" (or "backup")',
  cutShort: {
    words: parkedWords,
    path: "subjects",
    mayBe: ({ onDataLoss }) => onDataLoss === "backup",
    among: parkedAmong,
  },
  mayLose,
  keep: async (context, js, id, options) => {
    const isKept = streamsKind.keptAt(options) !== undefined && (await streamsKind.holds(js, [id])).has(id);
    return backUpBeforeEnd(plainStream, context, js, id, isKept ? options : {});
  },
  keepProblems: async (live, id, options) => {
    const info = await streamInfo(live.js, id);
    const isDue = info !== undefined && (await plainStream.holds(live.js, info)) !== undefined;
    return isDue ? backupProblems(plainStream, live, options, { config: info.config, info, isDue }) : [];
  },
  keptAt: (options: DataOptions) => {
    const place = keptAt(options);
    return place && placeText(place);
  },
  changeOf: (live, olds, news) => streamChange(plainStream, live, olds, news),
  after: ({ full }) => originsOf(full),
  send: sendMember,
  mayPass: (error) =>
    error instanceof Error &&
    [error, error.cause].some((each) => each instanceof JetStreamError && passing.includes(each.code)),
  remove: deleteStream,
};

/** Another stream has the subject; limits of the account are used up. */
const passing: readonly number[] = [errorCodes.subjectOverlap, 10047, 10028, 10027, 10002];

async function lookAtStreams(js: JetStream, ids: readonly string[]): Promise<JetStream> {
  if (ids.length <= few) return js;
  const listed = new ListedJetStream(js);
  await listed.listStreams();
  return listed;
}

function aloneOnly({ replaceBy }: StreamOptions): Problem[] {
  if (replaceBy === undefined) return [];
  const reason = "a map of streams replaces none by way of a mirror";
  return [{ path: "replaceBy", reason, fix: "a nats.Stream of its own" }];
}

async function liveProblems(
  live: Reachable,
  olds: StreamState | undefined,
  news: StreamInputs,
): Promise<JointProblem[]> {
  const problems = [
    ...(await overlaps(plainStream, live.js, olds, news)),
    ...(await placementProblems(plainStream, live, olds, news)),
    ...streamLimits(plainStream, live.account, news),
  ];
  if (!olds) {
    const made = { config: expandStream(streamStates.knownSettings(news)), isDue: false };
    problems.push(...(await backupProblems(plainStream, live, news, made)));
    const isThere = news.restoreFrom && (await streamInfo(live.js, news.name));
    if (!isThere) problems.push(...(await restoreProblems(plainStream, live.js, news)));
  } else if (!isSameProgram(streamStates, expandStream, olds, news)) {
    const planned = await planOf(plainStream, live.js, live.facts, olds, news);
    if (planned) {
      const { info, plan } = planned;
      const kept = { config: info.config, info, isDue: plan.loss.loses };
      problems.push(...lossProblems(plainStream, planned, news));
      problems.push(...(await backupProblems(plainStream, live, news, kept)));
    }
    if (!planned || planned.plan.impact === "replace")
      problems.push(...(await restoreProblems(plainStream, live.js, news)));
  }
  return problems;
}

/** Subjects that two members share, which no server takes, and what all of them reserve of the account. */
function jointProblems(
  live: Reachable | undefined,
  all: readonly Member<StreamInputs>[],
  changed: readonly { readonly before?: Member<StreamInputs>; readonly after: Member<StreamInputs> }[],
): JointProblem[] {
  const subjectsOf = ({ full }: Member<StreamInputs>): readonly string[] => {
    const config = expandStream(streamStates.knownSettings(full));
    return (settledStream(config, newestRelease)["subjects"] ?? []) as readonly string[];
  };
  const index = new SubjectIndex();
  const own = new Map(all.map((member) => [member.id, subjectsOf(member)]));
  for (const [id, subjects] of own) for (const subject of subjects) index.add(subject, id);
  const problems: JointProblem[] = [];
  for (const { after } of changed) {
    own.get(after.id)!.forEach((subject, position) => {
      const others = index.colliding(subject, 4).filter((id) => id !== after.id);
      if (others.length === 0) return;
      const who = others.map((id) => `"${id}"`).join(", ");
      const reason = `"${subject}" overlaps with the subjects of stream ${who} of the same map (10065)`;
      problems.push({ id: after.id, path: `subjects[${position}]`, reason, fix: "narrow the subjects of one of them" });
    });
  }
  if (!live) return problems;
  const { knownSettings } = streamStates;
  const demands = changed.map(({ before, after }) => ({
    ...(before ? { before: before.full } : {}),
    after: knownSettings(after.full),
  }));
  return [...problems, ...reservations(plainStream, live.account, demands)];
}

/** Streams that this one copies from, in the same account. */
function originsOf({ mirror, sources = [] }: StreamInputs): string[] {
  const copied: readonly unknown[] = Array.isArray(sources) ? sources : [];
  const all = isUnknown(mirror) || !mirror ? copied : [mirror, ...copied];
  return (all as readonly Origin[]).flatMap(({ name, external }) => (name !== undefined && !external ? [name] : []));
}

interface Origin {
  readonly name?: string;
  readonly external?: object;
}

async function sendMember(
  context: CallContext,
  js: JetStream,
  facts: ServerFacts,
  olds: StreamState | undefined,
  news: StreamInputs,
  timeout: number,
): Promise<Sent> {
  const replicas = Number(news.replicas ?? 1);
  if (!olds) return { info: await makeStream(context, js, news, timeout), replicas };
  const planned = await planOf(plainStream, js, facts, olds, news);
  if (!planned) {
    await context.warn(`stream "${news.name}" was deleted outside: ${anew(news)}`);
    return { info: await makeStream(context, js, news, timeout), replicas };
  }
  if (planned.plan.changes.some(({ impact }) => impact === "replace")) {
    refuseAll(lossProblems(plainStream, planned, news));
    await mustBeRestorable(js, `stream "${news.name}"`, news);
    // Two streams can't store the same subject, so the old one goes first.
    const end = await backUpBeforeEnd(plainStream, context, js, news.name, planned.plan.loss.loses ? news : {});
    await end();
    return { info: await makeStream(context, js, news, timeout), replicas };
  }
  const wanted = updatedConfig(plainStream, context, news.name, facts, olds, news, planned);
  const { info } = planned;
  if (wanted && planned.plan.loss.loses) await backUp(plainStream, context, js, news.name, news);
  return { info: wanted ? await sendStream(js, info.config, wanted, timeout) : info, replicas };
}

async function makeStream(
  context: CallContext,
  js: JetStream,
  inputs: StreamInputs,
  timeout: number,
): Promise<Sent["info"]> {
  const wanted = streamStates.wantedConfig(inputs, context.urn);
  const source = inputs.restoreFrom;
  const existing =
    (await streamInfo(js, inputs.name)) ??
    (source && (await restored(plainStream, js, wanted, source, context.urn, timeout)));
  if (existing) {
    const taken = await takenOver(plainStream, context, js, inputs, wanted, existing);
    return sendStream(js, existing.config, taken, timeout);
  }
  // A sealed stream can't be made: it is sealed once it is there.
  const { sealed, ...open } = wanted;
  const made = await withOverlap(js, open, () => createStream(js, open));
  await tellLeftover(context, made);
  if (sealed !== true) return made;
  const { config } = await untilCurrent(js, textOf(wanted["name"]), Number(wanted["num_replicas"] ?? 1), timeout);
  return sendStream(js, config, wanted, timeout);
}
