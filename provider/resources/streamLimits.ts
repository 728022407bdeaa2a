import type { AccountInfo, AccountLimits } from "../apply/jetstream";
import type { Problem } from "../errors";
import type { JsonObject } from "../model/exactJson";
import { newestRelease } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import type { StreamKind } from "./streamKind";

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
