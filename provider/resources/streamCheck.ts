import type { JetStream } from "../apply/jetstream";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { keptAt } from "../model/backup";
import { newestRelease } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import { objectStorePrefix } from "../model/bucketName";
import { textOf } from "../model/exactJson";
import { settledStream } from "../model/streamSettled";
import { backupProblems } from "./backupCheck";
import { announceStore } from "./comingStores";
import { isSameProgram, waitsFor } from "./assetCheck";
import { givenInputs } from "./givenInputs";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { changeProblems } from "./streamChangeProblems";
import { missingStreams, originsNeeded } from "./missingStream";
import { declareStreams, othersWith } from "./programStreams";
import type { ProgramStream } from "./programStreams";
import { placementProblems } from "./placementCheck";
import { reservations, streamLimits } from "./streamLimits";
import { nameOf, nameOfId } from "./streamKind";
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
  declareStreams(context, ...declaredBy(kind, inputs));
  const live = isNew ? await reachableJetStream(context) : undefined;
  const problems = kind
    .problems(kind.states.knownSettings(inputs), live?.facts)
    .filter(({ path }) => !waitsFor(kind.states, inputs, path));
  if (isNew) problems.push(...programOverlaps(kind, context, olds, inputs));
  const start = olds ? [] : await startProblems(kind, context, live, inputs);
  if (!live || problems.some(isError)) {
    if (isNew && !live) problems.push(...(await unreachableProblems(context, olds !== undefined)));
    problems.push(...start);
    return { inputs, problems };
  }
  const { js, account } = live;
  problems.push(
    ...(await overlaps(kind, context, js, olds, inputs)),
    ...(await missingOrigins(kind, context, js, olds, inputs)),
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
  if (olds) problems.push(...(await changeProblems(kind, context, live, olds, inputs)));
  return { inputs, problems };
}

/** The backup that a new stream would be made from; one that is there already is not. Without a server nobody knows. */
async function startProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  if (context.importing) return [];
  const isThere =
    live &&
    inputs.restoreFrom &&
    (await streamInfo(live.js, kind.streamPrefix + nameOf(kind, inputs)).catch(() => undefined));
  if (isThere) return [];
  const found = await restoreProblems(kind, context, live, inputs);
  return live ? found : found.map((each) => ({ ...each, severity: "warning" }));
}

/** A warning only: another resource of the program may give the subject up before. */
export async function overlaps<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const { replaces } = context;
  const wanted = kind.expand(kind.states.knownSettings(inputs));
  const replaced = replaces === undefined ? undefined : kind.streamPrefix + nameOfId(kind, replaces);
  const former = olds && kind.expand(kind.states.inputsOf(olds));
  const subjects = (settledStream(wanted, js.serverVersion)["subjects"] ?? []) as readonly string[];
  const before = former ? (settledStream(former, js.serverVersion)["subjects"] as readonly string[]) : [];
  const fresh = subjects.filter((subject) => !(before ?? []).includes(subject));
  const problems = await Promise.all(
    fresh.map(async (subject): Promise<Problem[]> => {
      const names = await streamNames(js, subject).catch(() => []);
      const told = othersWith(context, textOf(wanted["name"]), subject).map(({ name }) => name);
      const own = [wanted["name"], former?.["name"], replaced, ...told];
      const others = names.filter((name) => !own.includes(name));
      if (others.length === 0) return [];
      const path = kind.nameProperty === "name" ? `subjects[${subjects.indexOf(subject)}]` : kind.nameProperty;
      const who = others.map((name) => `"${name}"`).join(", ");
      const reason = `"${subject}" overlaps with the subjects of stream ${who}: the server refuses it (10065) unless that gives it up before`;
      return [{ path, reason, fix: "narrow the subjects of one of them", severity: "warning" }];
    }),
  );
  return problems.flat();
}

/** What two resources of the program want both: no server takes that, in whatever order. */
export function programOverlaps<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Problem[] {
  const [subjects, before] = [inputs, olds && kind.states.inputsOf(olds)].map((each) =>
    each === undefined ? [] : subjectsOf(kind, each),
  );
  const name = kind.streamPrefix + nameOf(kind, inputs);
  return subjects!.flatMap((subject, index): Problem[] => {
    const others = before!.includes(subject) ? [] : othersWith(context, name, subject).slice(0, 4);
    if (others.length === 0) return [];
    const path = kind.nameProperty === "name" ? `subjects[${index}]` : kind.nameProperty;
    const who = others.map(({ words }) => words).join(", ");
    const reason = `"${subject}" overlaps with the subjects of stream ${who} of this program: the server refuses it (10065)`;
    return [{ path, reason, fix: "narrow the subjects of one of them" }];
  });
}

function subjectsOf<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, inputs: Inputs): readonly string[] {
  const { states } = kind;
  if (states.unknownSettings(inputs).includes(kind.nameProperty)) return [];
  const { subjects } = settledStream(kind.expand(states.knownSettings(inputs)), newestRelease);
  return states.unknownSettings(inputs).includes("subjects") ? [] : ((subjects ?? []) as readonly string[]);
}

/** Streams that it is to copy from then on, and that nobody makes. */
export async function missingOrigins<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const wanted = kind.expand(kind.states.knownSettings(inputs));
  const before = olds && kind.expand(kind.states.inputsOf(olds));
  return missingStreams(context, js, originsNeeded(wanted, before));
}

function declaredBy<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  inputs: Inputs,
): [readonly ProgramStream[], boolean] {
  const isOpen = kind.states.unknownSettings(inputs).includes(kind.nameProperty);
  return isOpen ? [[], true] : [[declaredStream(kind, inputs)], false];
}

export function declaredStream<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, inputs: Inputs): ProgramStream {
  const isOpen = kind.states.unknownSettings(inputs).includes("subjects");
  return {
    name: kind.streamPrefix + nameOf(kind, inputs),
    config: () => {
      const config = settledStream(kind.expand(kind.states.knownSettings(inputs)), newestRelease);
      return isOpen ? { ...config, subjects: [] } : config;
    },
  };
}
