import type { AccountInfo, AccountLimits, JetStream } from "../apply/jetstream";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { newestRelease } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import type { JsonObject } from "../model/exactJson";
import { settledStream } from "../model/streamSettled";
import { isSameProgram, waitsFor } from "./assetCheck";
import { givenInputs } from "./givenInputs";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { halfDone, mirrored, mirrorProblems } from "./streamMirror";
import { placementProblems } from "./placementCheck";
import { lossProblems, planOf } from "./streamPlan";
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
    olds?.unexpected !== undefined || olds === undefined || !isSameProgram(kind.states, kind.expand, olds, inputs);
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
  if (!olds) problems.push(...start, ...(await streamTakeover(kind, context, live, inputs)));
  if (olds) {
    if (await halfDone(kind, context, js, { ...inputs, unexpected: olds.unexpected })) return { inputs, problems };
    const planned = await planOf(kind, js, live.facts, olds, inputs);
    const refusals = planned ? await mirrorProblems(js, planned, live.facts, inputs) : [];
    problems.push(...refusals);
    const towards = mirrored(planned, live.facts, inputs) ?? planned;
    if (towards && refusals.length === 0) problems.push(...lossProblems(kind, towards, inputs));
    if (!towards || towards.plan.impact === "replace") problems.push(...(await restoreProblems(kind, inputs)));
  }
  return { inputs, problems };
}

/** The folder that a new stream would be made from; one that is there already is not. Without a server nobody knows. */
async function startProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  if (context.importing) return [];
  const found = await restoreProblems(kind, inputs);
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

/** Limits of the account for each stream. */
export function streamLimits<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  account: AccountInfo,
  inputs: Inputs,
): Problem[] {
  const { wanted, maxBytes, limits, medium } = demandOf(kind, account, inputs);
  const problems: Problem[] = [];
  const largest = medium === "memory" ? limits.memory_max_stream_bytes : limits.storage_max_stream_bytes;
  if (limits.max_bytes_required && Number(wanted["max_bytes"]) <= 0) {
    problems.push({ path: "maxBytes", reason: "the account requires it (10113)", fix: 'maxBytes: "1GiB"' });
  }
  if (largest && largest > 0 && maxBytes > largest) {
    const reason = `${maxBytes} bytes are more than the account allows for one stream (${largest}) (10122)`;
    problems.push({ path: "maxBytes", reason, fix: `maxBytes: "${largest}"` });
  }
  return problems;
}

/** Limits of the account that these streams would exceed together. What others give up before may help, so all are warnings. */
export function reservations<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  account: AccountInfo,
  changes: readonly { readonly before?: Inputs; readonly after: Inputs }[],
): Problem[] {
  const problems: Problem[] = [];
  const needs = new Map<string, { demand: Demand; bytes: number; fresh: number }>();
  for (const { before, after } of changes) {
    const demand = demandOf(kind, account, after);
    const key = `${demand.tier ?? ""} ${demand.medium}`;
    const need = needs.get(key) ?? { demand, bytes: 0, fresh: 0 };
    const old = before && settledStream(kind.expand(before), newestRelease);
    const own =
      old && old["storage"] === demand.wanted["storage"]
        ? Math.max(0, Number(old["max_bytes"])) * Number(old["num_replicas"])
        : 0;
    need.bytes += demand.bytes === 0 ? 0 : demand.bytes - own;
    if (!before) need.fresh += 1;
    needs.set(key, need);
  }
  for (const { demand, bytes, fresh } of needs.values()) {
    const { limits, medium, used, streams } = demand;
    const most = medium === "memory" ? limits.max_memory : limits.max_storage;
    if (most >= 0 && bytes > 0 && used + bytes > most) {
      const reason = `with it, ${used + bytes} bytes of ${medium} would be reserved; the account has ${most} (10047)`;
      const fix = "lower maxBytes or replicas, or raise the account's limit";
      problems.push({ path: "maxBytes", reason, fix, severity: "warning" });
    }
    if (fresh > 0 && limits.max_streams >= 0 && streams + fresh > limits.max_streams) {
      const more = fresh === 1 ? "" : `, ${fresh} more are wanted`;
      const reason = `the account has ${streams} streams and may have ${limits.max_streams}${more} (10027)`;
      const fix = "raise the account's number of streams";
      problems.push({ path: kind.nameProperty, reason, fix, severity: "warning" });
    }
  }
  return problems;
}

interface Demand {
  readonly wanted: JsonObject;
  readonly tier: string | undefined;
  readonly limits: AccountLimits;
  readonly medium: "memory" | "storage";
  readonly maxBytes: number;
  /** What it reserves. */
  readonly bytes: number;
  /** What is reserved by now. */
  readonly used: number;
  readonly streams: number;
}

function demandOf<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  account: AccountInfo,
  inputs: Inputs,
): Demand {
  const wanted = settledStream(kind.expand(kind.states.knownSettings(inputs)), newestRelease);
  const [replicas, maxBytes] = [Number(wanted["num_replicas"]), Number(wanted["max_bytes"])];
  const name = `R${replicas}`;
  const tier = account.tiers?.[name];
  const medium = wanted["storage"] === "memory" ? "memory" : "storage";
  const from = tier ?? account;
  return {
    wanted,
    tier: tier && name,
    limits: from.limits,
    medium,
    maxBytes,
    bytes: Math.max(0, maxBytes) * (tier ? 1 : replicas),
    used: (medium === "memory" ? from.reserved_memory : from.reserved_storage) ?? 0,
    streams: from.streams,
  };
}
