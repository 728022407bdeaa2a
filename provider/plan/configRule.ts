import { isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { parseGoDuration } from "../model/units";
import type { ConfDifference } from "./diffConf";
import { elements, memberMap } from "./listIdentity";
import type { Hazard, Impact } from "./impact";

/** One row of the table of what a change costs. The first row of a path that fits decides. */
export interface ConfigRule {
  /** Rule paths with placeholders; `x.*` is every key below x. */
  readonly path: string | readonly string[];
  /** First server version that the row is true of. */
  readonly since?: string;
  /** First server version that the row is no longer true of. */
  readonly before?: string;
  /** Only where it holds; always when absent. */
  readonly when?: (change: ConfDifference, context: RuleContext) => boolean;
  readonly impact: Impact;
  readonly why: string;
  readonly hazards?: readonly Hazard[];
  /** For a block that comes or goes: true when the row speaks for all that is in it. */
  readonly whole?: true;
}

/** Both configurations in canonical shape. */
export interface RuleContext {
  readonly from: ConfMap;
  readonly to: ConfMap;
}

export const appears = (change: ConfDifference): boolean => change.from === undefined;
export const disappears = (change: ConfDifference): boolean => change.to === undefined;
export const comesOrGoes = (change: ConfDifference): boolean => appears(change) || disappears(change);

/** The value at a path of plain keys. */
export function at(conf: ConfMap, path: string): ConfValue | undefined {
  let value: ConfValue | undefined = conf;
  for (const key of path.split(".")) value = isConfMap(value) ? value.get(key) : undefined;
  return value;
}

export function goesDown(change: ConfDifference): boolean {
  const [from, to] = [toNumber(change.from), toNumber(change.to)];
  return from !== undefined && to !== undefined && to < from;
}

export function goesUp(change: ConfDifference): boolean {
  const [from, to] = [toNumber(change.from), toNumber(change.to)];
  return from !== undefined && to !== undefined && to > from;
}

export function isSetOnBothSides(change: ConfDifference): boolean {
  return change.from !== undefined && change.to !== undefined;
}

/** True where JetStream runs under this configuration. */
export function jetStreamRuns(conf: ConfMap): boolean {
  const block = conf.get("jetstream");
  return isConfMap(block) && !isOff(block.get("enabled"));
}

/** Every user that a server looks names up in: of authorization and of all accounts. */
export function allUsers(conf: ConfMap): readonly ConfMap[] {
  const lists = [at(conf, "authorization.users")];
  for (const account of memberMap(conf.get("accounts")).values()) lists.push(memberMap(account).get("users"));
  return lists.flatMap((list) => elements(list).filter(isConfMap));
}

export function asksForCredentials(conf: ConfMap): boolean {
  const authorization = memberMap(conf.get("authorization"));
  const single = ["user", "token", "auth_callout"].some((key) => authorization.has(key));
  return single || conf.has("operator") || conf.has("trusted_keys") || allUsers(conf).length > 0;
}

/** How long a listener waits for credentials: without an explicit value it follows tls. In nanoseconds. */
function authTimeout(conf: ConfMap, block: string): bigint {
  const explicit = at(conf, block === "" ? "authorization.timeout" : `${block}.authorization.timeout`);
  if (explicit !== undefined) return nanoseconds(explicit);
  const tls = at(conf, block === "" ? "tls" : `${block}.tls`);
  if (!isConfMap(tls)) return 2_000_000_000n;
  return nanoseconds(tls.get("timeout") ?? 2n) + 1_000_000_000n;
}

/** True where an edit moves the time that a listener waits for credentials, spelled out or not. */
export function authTimeoutMoves(block: string): (change: ConfDifference, context: RuleContext) => boolean {
  return (_change, { from, to }) => authTimeout(from, block) !== authTimeout(to, block);
}

function isOff(value: ConfValue | undefined): boolean {
  return value === false || (typeof value === "string" && /^(false|disabled?)$/i.test(value));
}

function toNumber(value: ConfValue | undefined): number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (typeof value !== "string") return undefined;
  const size = /^(-?\d+)([kmgt]?)(i?b)?$/i.exec(value);
  if (!size) return duration(value);
  const power = " kmgt".indexOf(size[2]!.toLowerCase() || " ");
  return Number(size[1]) * (size[3] ? 1024 : 1000) ** power;
}

function duration(value: string): number | undefined {
  try {
    return Number(parseGoDuration(value));
  } catch {
    return undefined;
  }
}

function nanoseconds(value: ConfValue): bigint {
  if (typeof value === "bigint") return value * 1_000_000_000n;
  if (typeof value === "number") return BigInt(Math.round(value * 1e9));
  return BigInt(typeof value === "string" ? (duration(value) ?? 0) : 0);
}
