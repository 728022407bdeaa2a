import type { AccountInfo, AccountLimits, JetStream } from "../apply/jetstream";
import { streamNames } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { newestRelease } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import { givenInputs, isSameProgram, waitsFor } from "./assetCheck";
import { reachableJetStream, unreachableReason } from "./jetstreamOf";
import { lossProblems, planOf } from "./streamPlan";
import type { StreamKind, StreamKindState } from "./streamKind";

/** All problems at once: of the inputs themselves, then, where something is to change, with what the server knows. */
export async function checkStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs> | undefined,
  news: Inputs,
): Promise<Checked<Inputs>> {
  const inputs = givenInputs(news);
  const isNew = olds === undefined || !isSameProgram(kind.states, kind.expand, olds, inputs);
  const live = isNew ? await reachableJetStream(context) : undefined;
  const problems = kind
    .problems(kind.states.knownSettings(inputs), live?.facts)
    .filter(({ path }) => !waitsFor(kind.states, inputs, path));
  if (!live || problems.some(isError)) {
    const reason = isNew && !live ? await unreachableReason(context) : undefined;
    if (reason) problems.push({ path: "", reason: `not checked with the server: ${reason}`, severity: "warning" });
    return { inputs, problems };
  }
  const { js, account } = live;
  problems.push(...(await overlaps(kind, js, olds, inputs)), ...headroom(kind, account, olds, inputs));
  if (olds) {
    const planned = await planOf(kind, js, live.facts, olds, inputs);
    if (planned) problems.push(...lossProblems(kind, planned, inputs));
  }
  return { inputs, problems };
}

/** A warning only: another resource of the program may give the subject up before. */
async function overlaps<Inputs extends StreamOptions>(
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

/** Limits of the account that the stream would exceed. What others give up before may help, so most is a warning. */
function headroom<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  account: AccountInfo,
  olds: StreamKindState<Inputs> | undefined,
  inputs: Inputs,
): Problem[] {
  const { inputsOf, knownSettings } = kind.states;
  const wanted = settledStream(kind.expand(knownSettings(inputs)), newestRelease);
  const problems: Problem[] = [];
  const [replicas, maxBytes] = [Number(wanted["num_replicas"]), Number(wanted["max_bytes"])];
  const tier = account.tiers?.[`R${replicas}`];
  const limits: AccountLimits = tier?.limits ?? account.limits;
  const [medium, used] =
    wanted["storage"] === "memory"
      ? (["memory", (tier ?? account).reserved_memory] as const)
      : (["storage", (tier ?? account).reserved_storage] as const);
  const largest = medium === "memory" ? limits.memory_max_stream_bytes : limits.storage_max_stream_bytes;
  const most = medium === "memory" ? limits.max_memory : limits.max_storage;
  if (limits.max_bytes_required && maxBytes <= 0) {
    problems.push({ path: "maxBytes", reason: "the account requires it (10113)", fix: 'maxBytes: "1GiB"' });
  }
  if (largest && largest > 0 && maxBytes > largest) {
    const reason = `${maxBytes} bytes are more than the account allows for one stream (${largest}) (10122)`;
    problems.push({ path: "maxBytes", reason, fix: `maxBytes: "${largest}"` });
  }
  const before = olds ? settledStream(kind.expand(inputsOf(olds)), newestRelease) : undefined;
  const factor = tier ? 1 : replicas;
  const own =
    before && before["storage"] === wanted["storage"]
      ? Math.max(0, Number(before["max_bytes"])) * Number(before["num_replicas"])
      : 0;
  const needed = Math.max(0, maxBytes) * factor + (used ?? 0) - own;
  if (most >= 0 && maxBytes > 0 && needed > most) {
    const reason = `with it, ${needed} bytes of ${medium} would be reserved; the account has ${most} (10047)`;
    problems.push({
      path: "maxBytes",
      reason,
      fix: "lower maxBytes or replicas, or raise the account's limit",
      severity: "warning",
    });
  }
  const streams = (tier ?? account).streams;
  if (!olds && limits.max_streams >= 0 && streams >= limits.max_streams) {
    const reason = `the account has ${streams} streams and may have ${limits.max_streams} (10027)`;
    problems.push({
      path: kind.nameProperty,
      reason,
      fix: "raise the account's number of streams",
      severity: "warning",
    });
  }
  return problems;
}
