import type { JetStream } from "../apply/jetstream";
import { errorCodes, JetStreamError } from "../apply/jetstreamErrors";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import { ListedJetStream } from "../apply/listedJetStream";
import { SubjectTaken } from "../apply/streamReplacement";
import { isUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { keptAt, mayLose, placeText } from "../model/backup";
import type { DataOptions } from "../model/backup";
import { argPath, argWords, expandStream, flattenStream, newestRelease, streamProblems } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import { SubjectIndex } from "../model/subjectIndex";
import { backupProblems } from "./backupCheck";
import type { AssetSetKind, JointProblem, Member } from "./assetSet";
import type { Reachable } from "./jetstreamOf";
import { changeProblems } from "./streamChangeProblems";
import { declaredStream, missingOrigins, overlaps, programOverlaps } from "./streamCheck";
import { consumersByStream } from "./streamConsumers";
import { cutShortStreams, mayBeCutShort } from "./streamCutShort";
import { reservations, streamLimits } from "./streamLimits";
import { streamChange } from "./streamDiff";
import { interrupted } from "./streamMirrorShown";
import { placementProblems } from "./placementCheck";
import { declareStreams } from "./programStreams";
import { restoreProblems } from "./streamRestore";
import { endOfStream, heldByStreams, removeStream } from "./streamsEnds";
import { sendMember } from "./streamsSend";
import { plainStream, streamStates } from "./streamState";
import type { StreamState } from "./streamState";
import { announceAnew } from "./streamsAnew";
import { matchesName } from "./matchesName";
import { streamTakeover } from "./takeover";

/** So few streams are asked for one by one; more by a listing of all. */
const few = 25;

export const streamsKind: AssetSetKind<StreamInputs> = {
  noun: "stream",
  property: "streams",
  depth: 1,
  options: ["onDataLoss", "backup", "replaceBy", "adopt", "restoreFrom"],
  states: streamStates,
  words: { argPath, argWords },
  expand: expandStream,
  flatten: ({ config }, version) => flattenStream(config, version),
  named: ([name]) => ({ name }),
  problems: streamProblems,
  declare: (context, members, unknown, isOpen) => {
    const open = unknown.map((name) => ({ name, config: () => ({}) }));
    declareStreams(context, [...members.map(({ full }) => declaredStream(plainStream, full)), ...open], isOpen);
  },
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
  holds: heldByStreams,
  takes: consumersByStream,
  letGo: 'onDataLoss: "allow" (or "backup")',
  cutShort: {
    path: "subjects",
    mayBe: mayBeCutShort,
    among: ({ urn }, js, ids) => cutShortStreams(plainStream, js, urn, ids),
    interrupted: (context, js, state, info) => interrupted(plainStream, context, js, state, info),
  },
  mayLose,
  keep: endOfStream,
  keepProblems: async (live, id, options) => {
    const info = await streamInfo(live.js, id);
    const isDue = info !== undefined && (await plainStream.holds(live.js, info)) !== undefined;
    return isDue ? backupProblems(plainStream, live, options, { config: info.config, info, isDue }) : [];
  },
  keptAt: (options: DataOptions) => {
    const place = keptAt(options);
    return place && placeText(place);
  },
  changeOf: (context, live, olds, news) => streamChange(plainStream, context, live, olds, news),
  announceAnew,
  after: ({ full }) => originsOf(full),
  send: sendMember,
  mayPass: (error) =>
    error instanceof Error &&
    [error, error.cause].some(
      (each) => each instanceof SubjectTaken || (each instanceof JetStreamError && passing.includes(each.code)),
    ),
  remove: removeStream,
};

/** Another stream has the subject; limits of the account are used up. */
const passing: readonly number[] = [errorCodes.subjectOverlap, 10047, 10028, 10027, 10002];

async function lookAtStreams(js: JetStream, ids: readonly string[]): Promise<JetStream> {
  if (ids.length <= few) return js;
  const listed = new ListedJetStream(js);
  await listed.listStreams();
  return listed;
}

async function liveProblems(
  context: CallContext,
  live: Reachable,
  olds: StreamState | undefined,
  news: StreamInputs,
): Promise<JointProblem[]> {
  const problems = [
    ...programOverlaps(plainStream, context, olds, news),
    ...(await overlaps(plainStream, context, live.js, olds, news)),
    ...(await missingOrigins(plainStream, context, live.js, olds, news)),
    ...(await placementProblems(plainStream, live, olds, news)),
    ...streamLimits(plainStream, live.account, news),
  ];
  if (!olds) {
    const made = { config: expandStream(streamStates.knownSettings(news)), isDue: false };
    problems.push(...(await backupProblems(plainStream, live, news, made)));
    const isThere = news.restoreFrom && (await streamInfo(live.js, news.name));
    if (!isThere) problems.push(...(await restoreProblems(plainStream, context, live, news)));
  } else {
    problems.push(...(await changeProblems(plainStream, context, live, olds, news)));
  }
  return problems;
}

/** Subjects that two members share, which no server takes, and what all of them reserve of the account. */
function jointProblems(
  _context: CallContext,
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
