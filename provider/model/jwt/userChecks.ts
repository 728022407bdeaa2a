import { text } from "../argument";
import type { Problem } from "../../errors";
import { permissionProblems } from "./permissionChecks";
import { readTerm, timeOf } from "./term";
import { expandUser } from "./userClaims";
import { userFields, userLimitFields } from "./userFields";
import type { UserLimitSettings, UserSettings } from "./userSettings";

const connectionTypes = ["STANDARD", "WEBSOCKET", "LEAFNODE", "LEAFNODE_WS", "MQTT", "MQTT_WS", "IN_PROCESS"];

/** Everything wrong with a user's settings; `role` is that of the scoped key that issues it. `now` in seconds. */
export function userProblems(settings: Partial<UserSettings>, role: string | undefined, now: number): Problem[] {
  const { name, expiry, start, ...rest } = settings;
  const problems = [...claimNameProblems("user", name), ...validityProblems(expiry, start, now)];
  if (role === undefined) return [...problems, ...limitProblems(rest, userFields)];
  for (const path of Object.keys(rest).filter((key) => key !== "tag")) {
    const reason = `the role "${role}" says what its users may do: a user of it has no permissions and limits of its own`;
    problems.push({ path, reason, fix: `say it in the account: sk: [{ role: "${role}", ${path}: … }]` });
  }
  return problems;
}

/** The same for what users and templates of scoped keys share. */
export function limitProblems(settings: Partial<UserLimitSettings>, fields = userLimitFields, path = ""): Problem[] {
  const problems: Problem[] = [];
  expandUser(settings, problems, fields, path.replace(/\.$/, ""));
  if (problems.length > 0) return problems;
  problems.push(...permissionProblems(settings, path), ...dataProblems(settings.data, `${path}data`));
  for (const [index, network] of (settings.sourceNetwork ?? []).entries()) {
    if (isNetwork(network)) continue;
    const reason = `"${network}" is no network in CIDR notation`;
    problems.push({
      path: `${path}sourceNetwork[${index}]`,
      reason,
      fix: `"${isAddress(network) ? `${network}/${network.includes(":") ? 128 : 32}` : "10.0.0.0/8"}"`,
    });
  }
  for (const [index, range] of (settings.time ?? []).entries()) {
    if (/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d-([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(range)) continue;
    problems.push({
      path: `${path}time[${index}]`,
      reason: `"${range}" is no span of hours`,
      fix: '"08:00:00-18:00:00"',
    });
  }
  for (const [index, type] of (settings.connType ?? []).entries()) {
    if (connectionTypes.includes(type)) continue;
    const better = connectionTypes.find((known) => known === String(type).toUpperCase());
    const reason = `"${String(type)}" is no kind of connection; known are ${connectionTypes.join(", ")}`;
    problems.push({ path: `${path}connType[${index}]`, reason, fix: `"${better ?? "STANDARD"}"` });
  }
  if (settings.locale !== undefined && !isZone(settings.locale)) {
    problems.push({
      path: `${path}locale`,
      reason: `"${settings.locale}" is no time zone`,
      fix: 'locale: "Europe/Berlin"',
    });
  }
  return problems;
}

/** nsc and the claims have the limit; a preview that let it pass in silence would promise what no server keeps. */
export function dataProblems(data: UserLimitSettings["data"], path: string): Problem[] {
  if (data === undefined || data === -1 || data === "-1") return [];
  const reason = "the claims say so, and nats-server up to 2.15 holds nobody to it";
  return [{ path, reason, fix: "payload, which is held to, or nothing", severity: "warning" }];
}

export function claimNameProblems(what: string, name: unknown): Problem[] {
  if (name !== undefined && typeof name !== "string") return text(name, "name");
  if (name === undefined || name.trim() !== "") return [];
  return [{ path: "name", reason: `the ${what}'s name is empty`, fix: 'name: "billing"' }];
}

/** A time that is no time, one that is over, and one that is about to be. */
export function validityProblems(expiry: unknown, start: unknown, now: number): Problem[] {
  const problems: Problem[] = [];
  const [end, begin] = [readTerm("expiry", expiry, problems), readTerm("start", start, problems)];
  if (end === undefined) return problems;
  const until = timeOf(end, now)!;
  if (until <= now) {
    problems.push({ path: "expiry", reason: `"${String(expiry)}" is in the past`, fix: 'expiry: "90d"' });
  } else if ("at" in end && until - now < 14 * 86_400) {
    const days = Math.ceil((until - now) / 86_400);
    const reason = `it ends in ${days} day${days === 1 ? "" : "s"} ("${String(expiry)}"), and then nobody gets in with it`;
    problems.push({ path: "expiry", reason, fix: "a later date", severity: "warning" });
  }
  const from = timeOf(begin, now);
  if (from !== undefined && from >= until) {
    problems.push({
      path: "start",
      reason: `"${String(start)}" is not before the expiry "${String(expiry)}"`,
      fix: "an earlier start",
    });
  }
  return problems;
}

function isNetwork(text: string): boolean {
  const [, address = "", bits = ""] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  return isAddress(address) && Number(bits) <= (address.includes(":") ? 128 : 32);
}

function isAddress(text: string): boolean {
  if (text.includes(":")) return URL.canParse(`http://[${text}]`);
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
