import type { JetStream } from "../apply/jetstream";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { keptAt } from "../model/backup";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { objectStorePrefix } from "../model/bucketName";
import { textOf } from "../model/exactJson";
import { settledStream } from "../model/streamSettled";
import { backupProblems } from "./backupCheck";
import { announceStore } from "./comingStores";
import { isSameProgram, waitsFor } from "./assetCheck";
import { givenInputs } from "./givenInputs";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { becomesQueue, halfDone, mirrored, mirrorProblems } from "./streamMirror";
import { placementProblems } from "./placementCheck";
import { reservations, streamLimits } from "./streamLimits";
import { lossProblems, planOf } from "./streamPlan";
import type { PlannedStream } from "./streamPlan";
import { nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { restoreProblems } from "./streamRestore";
import { streamTakeover } from "./takeover";

/** All problems at once: of the inputs themselves, then, where something is to change, with what the server knows. */
export async function checkStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs> | undefined,
  news: Inputs,
): Promise<Checked<Inputs>> {
  const inputs = givenInputs(news);
  const isNew =
    olds?.unexpected !== undefined ||
    olds === undefined ||
    !isSameProgram(kind.states, kind.expand, olds, inputs) ||
    JSON.stringify(keptAt(olds)) !== JSON.stringify(keptAt(inputs));
  const live = isNew ? await reachableJetStream(context) : undefined;
  const problems = kind
    .problems(kind.states.knownSettings(inputs), live?.facts)
    .filter(({ path }) => !waitsFor(kind.states, inputs, path));
  const start = olds ? [] : await startProblems(kind, context, live, inputs);
  if (!live || problems.some(isError)) {
    if (isNew && !live) problems.push(...(await unreachableProblems(context, olds !== undefined)));
    problems.push(...start);
    return { inputs, problems };
  }
  const { js, account } = live;
  problems.push(
    ...(await overlaps(kind, js, olds, inputs)),
    ...(await placementProblems(kind, live, olds, inputs)),
    ...streamLimits(kind, account, inputs),
    ...reservations(kind, account, [{ ...(olds ? { before: kind.states.inputsOf(olds) } : {}), after: inputs }]),
  );
  if (!olds) {
    const made = kind.expand(kind.states.knownSettings(inputs));
    problems.push(...start, ...(await streamTakeover(kind, context, live, inputs)));
    problems.push(...(await backupProblems(kind, live, inputs, { config: made, isDue: false })));
    if (kind.streamPrefix === objectStorePrefix) announceStore(js, textOf(made["name"]), true);
  }
  if (olds) {
    if (await halfDone(kind, context, js, { ...inputs, unexpected: olds.unexpected })) return { inputs, problems };
    const planned = await planOf(kind, js, live.facts, olds, inputs);
    const refusals = planned ? await mirrorProblems(js, planned, live.facts, inputs) : [];
    problems.push(...refusals);
    const towards = mirrored(planned, live.facts, inputs) ?? planned;
    if (towards && refusals.length === 0) problems.push(...lossProblems(kind, towards, inputs));
    if (towards) {
      const { info, plan } = towards;
      const isDue = plan.loss.loses || (towards !== planned && becomesQueue(planned!.plan));
      const instead = isDue ? mirrorInstead(kind, live.facts, planned!) : undefined;
      problems.push(...(await backupProblems(kind, live, inputs, { config: info.config, info, isDue, instead })));
    }
    if (!towards || towards.plan.impact === "replace") problems.push(...(await restoreProblems(kind, js, inputs)));
  }
  return { inputs, problems };
}

/** What the program can say to keep the messages of a stream that is replaced. */
function mirrorInstead<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  facts: ServerFacts,
  planned: PlannedStream,
): string | undefined {
  const byMirror = mirrored(planned, facts, { replaceBy: "mirror" });
  return kind.nameProperty === "name" && byMirror?.plan.loss.loses === false ? 'replaceBy: "mirror"' : undefined;
}

/** The backup that a new stream would be made from; one that is there already is not. Without a server nobody knows. */
async function startProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  if (context.importing) return [];
  const found = await restoreProblems(kind, live?.js, inputs);
  if (found.length === 0 || !live) return found.map((each) => ({ ...each, severity: "warning" }));
  return (await streamInfo(live.js, kind.streamPrefix + nameOf(kind, inputs))) ? [] : found;
}

/** A warning only: another resource of the program may give the subject up before. */
export async function overlaps<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const wanted = kind.expand(kind.states.knownSettings(inputs));
  const former = olds && kind.expand(kind.states.inputsOf(olds));
  const subjects = (settledStream(wanted, js.serverVersion)["subjects"] ?? []) as readonly string[];
  const before = former ? (settledStream(former, js.serverVersion)["subjects"] as readonly string[]) : [];
  const fresh = subjects.filter((subject) => !(before ?? []).includes(subject));
  const problems = await Promise.all(
    fresh.map(async (subject): Promise<Problem[]> => {
      const names = await streamNames(js, subject).catch(() => []);
      const others = names.filter((name) => name !== wanted["name"] && name !== former?.["name"]);
      if (others.length === 0) return [];
      const path = kind.nameProperty === "name" ? `subjects[${subjects.indexOf(subject)}]` : kind.nameProperty;
      const who = others.map((name) => `"${name}"`).join(", ");
      const reason = `"${subject}" overlaps with the subjects of stream ${who}: the server refuses it (10065) unless that gives it up before`;
      return [{ path, reason, fix: "narrow the subjects of one of them", severity: "warning" }];
    }),
  );
  return problems.flat();
}
