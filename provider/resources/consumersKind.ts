import { inTurns } from "../apply/inTurns";
import { JetStream } from "../apply/jetstream";
import { consumerInfo, deleteConsumer } from "../apply/jetstreamConsumers";
import { JetStreamError } from "../apply/jetstreamErrors";
import { streamNames } from "../apply/jetstreamStreams";
import { ListedJetStream } from "../apply/listedJetStream";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import {
  consumerArgPath,
  consumerArgWords,
  consumerOptionNames,
  consumerProblems,
  expandConsumer,
  flattenConsumer,
} from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { textOf } from "../model/exactJson";
import { isServersOwn } from "../model/serversOwn";
import type { ServerFacts } from "../model/stream";
import type { AssetSetKind, JointProblem, Member, Sent } from "./assetSet";
import { streamFaults } from "./consumerCheck";
import { applyConsumer, makeConsumer } from "./consumerCreate";
import { consumerChange } from "./consumerDiff";
import { endsIn, heldByConsumers, mayLoseInterest } from "./consumerLoss";
import { consumerLossesInTurn } from "./consumerLossesInTurn";
import { unlessLosing } from "./consumerLossProblems";
import { planOfConsumer } from "./consumerPlan";
import { replaceConsumer } from "./consumerReplace";
import { filterCircles } from "./consumerFilterCircles";
import { wantOther, filterOverlaps } from "./consumerFilterOverlaps";
import { consumerRoom } from "./consumerRoom";
import { consumerStates } from "./consumerState";
import { othersOf } from "./consumerUpdate";
import type { ConsumerResourceState } from "./consumerState";
import { missingStreams, streamNeeded } from "./missingStream";
import { matchesName } from "./matchesName";
import { oneAtATime } from "./oneAtATime";
import { declareConsumers } from "./programConsumers";
import { tellOthers } from "./othersChanges";
import { anewWith, isMadeAnew } from "./streamsAnew";
import { consumerTakeover } from "./takeover";

/** So few consumers are asked for one by one; more by a listing of each stream. */
const few = 25;

export const consumersKind: AssetSetKind<ConsumerInputs> = {
  noun: "consumer",
  property: "consumers",
  depth: 2,
  options: consumerOptionNames.filter((name) => name !== "stream"),
  states: consumerStates,
  words: { argPath: consumerArgPath, argWords: consumerArgWords },
  expand: expandConsumer,
  flatten: ({ config }) => flattenConsumer(config),
  named: ([stream, name]) => ({ stream, name }),
  problems: consumerProblems,
  declare: (context, members) =>
    declareConsumers(
      context,
      members.map(({ full }) => full),
    ),
  look: lookAtConsumers,
  isHidden: true,
  infoOf: (js, id) => consumerInfo(js, ...split(id)),
  matching: matchingConsumers,
  liveProblems: (context, live, _olds, news) =>
    streamFaults(context, live, news, consumerProblems(consumerStates.knownSettings(news), live.facts)),
  inTurn: consumerLossesInTurn,
  takeover: consumerTakeover,
  jointProblems: async (context, live, _all, changed, removed): Promise<JointProblem[]> => {
    const leaving = removed.map(({ full }) => full);
    const fresh = changed.filter(({ before, after }) => !before || wantOther(before.full, after.full));
    const queued = fresh.map(({ after }) => after.full);
    const shared = await filterOverlaps(context, live, queued, leaving);
    const pairs = fresh.flatMap(({ before, after }) => (before ? [{ before: before.full, after: after.full }] : []));
    if (shared.length === 0) shared.push(...(await filterCircles(context, live, pairs)));
    const wanted = changed.filter(({ before }) => !before).map(({ after }) => after);
    if (!live || wanted.length === 0) return shared;
    const demand = { wanted: wanted.map(({ full }) => full), leaving };
    const room = (await consumerRoom(live, demand)).map(({ stream, ...problem }) => ({
      ...problem,
      ...{ id: wanted.find(({ full }) => full.stream === stream)!.id },
    }));
    // Once for each stream, beside the first of its consumers.
    const firsts = wanted.filter(({ full }, at) => wanted.findIndex((one) => one.full.stream === full.stream) === at);
    const missing = await inTurns(firsts, async ({ id, full }) =>
      (await missingStreams(context, live.js, [streamNeeded(full.stream)])).map((each) => ({ ...each, id })),
    );
    return [...shared, ...room, ...missing.flat()];
  },
  holds: heldByConsumers,
  alone: (ids, work) => {
    const streams = [...new Set(ids.map((id) => split(id)[0]))].sort();
    return streams.reduceRight((next, stream) => () => oneAtATime(endsIn(stream), next), work)();
  },
  letGo: 'onDataLoss: "allow"',
  otherwise: "where the streams of all of them go too, leave it to these with deletedWith: streams",
  mayLose: mayLoseInterest,
  keep: async (_context, js, id) => () => deleteConsumer(js, ...split(id)),
  keepProblems: async () => [],
  keptAt: () => undefined,
  changeOf: consumerChange,
  endsWith: (context, { stream }) => (isMadeAnew(context, stream) ? anewWith(stream) : undefined),
  after: () => [],
  send: sendConsumer,
  // Filters of a work queue's consumers, and the stream's number of consumers.
  mayPass: (error) => error instanceof JetStreamError && [10100, 10099, 10026].includes(error.code),
  remove: (js, id) => deleteConsumer(js, ...split(id)),
};

async function lookAtConsumers(
  js: JetStream,
  ids: readonly string[],
  members: readonly Member<ConsumerInputs>[] = [],
): Promise<JetStream> {
  if (ids.length <= few) return js;
  const listed = new ListedJetStream(js);
  const streams = [...new Set(ids.map((id) => split(id)[0]))];
  if (streams.length > few) await listed.listStreams();
  await listed.listConsumers(streams);
  for (const { full } of members) if (full.direct === true) listed.listsNot(full.stream, full.name);
  return listed;
}

/** `ORDERS/invoices`, with "*" for any text; `ORDERS` alone is all its consumers that last. */
async function matchingConsumers(js: JetStream, pattern: string): Promise<string[]> {
  const [streamPattern, consumerPattern = "*"] = pattern.split("/") as [string, string?];
  const streams = (await streamNames(js)).filter((name) => matchesName(streamPattern, name));
  const listed = new ListedJetStream(js);
  const names = await listed.listConsumers(streams);
  const ids: string[] = [];
  for (const [stream, consumers] of names) {
    for (const name of consumers.filter((each) => matchesName(consumerPattern, each))) {
      const info = await consumerInfo(listed, stream, name);
      const isLasting = info && textOf(info.config["durable_name"]) !== "" && !isServersOwn(name, info.config);
      if (info && (consumerPattern === name || isLasting)) ids.push(`${stream}/${name}`);
    }
  }
  return ids;
}

async function sendConsumer(
  context: CallContext,
  js: JetStream,
  facts: ServerFacts,
  olds: ConsumerResourceState | undefined,
  news: ConsumerInputs,
): Promise<Sent> {
  const replicas = Number(news.replicas ?? 0) || undefined;
  const wanted = consumerStates.wantedConfig(news, context.urn);
  const planned = olds ? await planOfConsumer(js, facts, olds, news) : undefined;
  if (!planned || !olds) {
    if (olds && !isMadeAnew(context, news.stream)) {
      const name = `consumer "${news.stream}/${news.name}"`;
      await context.warn(`${name} was deleted outside: it is made anew and starts as its deliverPolicy says`);
    }
    return { info: await makeConsumer(context, js, news, wanted), replicas };
  }
  const { plan, info, stream } = planned;
  const refused = plan.changes.find(({ impact }) => impact === "refused");
  if (refused) throw new NatsError(`${consumerArgPath(refused.path)}: ${consumerArgWords(refused.why)}`);
  if (plan.impact === "none") return { info, replicas };
  const config = consumerStates.keepServerSet(wanted, olds, news, facts.version);
  await tellOthers(context, othersOf(context, olds, news, planned), `consumer "${news.stream}/${news.name}"`);
  const again = () => planOfConsumer(fresh(js), facts, olds, news);
  const sent = await unlessLosing(planned, news, again, async () => {
    if (plan.impact !== "replace") return applyConsumer(js, news.stream, info, config);
    return replaceConsumer(js, info, wanted, plan.start !== undefined, textOf(stream["retention"]));
  });
  return { info: sent, replicas };
}

/** Without what was listed before. */
function fresh(js: JetStream): JetStream {
  return new JetStream(js.connection, js.options);
}

function split(id: string): [string, string] {
  const at = id.indexOf("/");
  return [id.slice(0, at), id.slice(at + 1)];
}
