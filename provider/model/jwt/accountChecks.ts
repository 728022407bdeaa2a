import type { Problem } from "../../errors";
import { nkeyKind } from "../config/check/nkeyKind";
import { mappingProblem } from "../config/check/subjects";
import { isObject } from "../exactJson";
import { hasWildcards } from "./exportChecks";
import { exportProblems } from "./exportChecks";
import { importProblems } from "./importChecks";
import { expandAccount } from "./accountClaims";
import type { AccountSettings, JetStreamLimitSettings } from "./accountSettings";
import { permissionProblems, subjectProblem } from "./permissionChecks";
import { claimNameProblems, dataProblems, validityProblems } from "./userChecks";

/** Everything wrong with an account's settings by themselves. `now` in seconds. */
export function accountProblems(settings: Partial<AccountSettings>, now: number): Problem[] {
  const { name, expiry, start, revocations, ...rest } = settings;
  const problems = [...claimNameProblems("account", name), ...validityProblems(expiry, start, now)];
  const shapes: Problem[] = [...mappingShapes(rest.mappings)];
  if (shapes.length === 0) expandAccount(rest, shapes);
  if (shapes.length > 0) return [...problems, ...shapes];
  return [
    ...problems,
    ...dataProblems(rest.data, "data"),
    ...jetStreamProblems(rest),
    ...exportProblems(rest.exports ?? [], rest),
    ...importProblems(rest.imports ?? [], rest),
    ...permissionProblems(rest.defaultPermissions ?? {}, "defaultPermissions."),
    ...traceProblems(rest),
    ...mappingProblems(rest.mappings ?? {}),
    ...calloutProblems(rest.authCallout),
    ...revocationProblems(revocations ?? {}),
  ];
}

function jetStreamProblems(settings: Partial<AccountSettings>): Problem[] {
  const { jsTier } = settings;
  const names = (limits: JetStreamLimitSettings): string[] =>
    Object.keys(limits).filter((key) => /^js[A-Z]/.test(key) && key !== "jsTier");
  const flat = names(settings);
  if (jsTier !== undefined && Object.keys(jsTier).length > 0) {
    const reason = "is given beside jsTier, and the server takes limits by tier or for all, not both";
    const both = flat.map((path) => ({ path, reason, fix: `say it in jsTier: { R3: { ${path}: … } }` }));
    return [
      ...both,
      ...Object.entries(jsTier).flatMap(([tier, limits]) => offProblems(limits, `jsTier.${tier}.`, names(limits))),
    ];
  }
  return offProblems(settings, "", flat);
}

function offProblems(limits: JetStreamLimitSettings, path: string, names: readonly string[]): Problem[] {
  const isOn = [limits.jsDiskStorage, limits.jsMemStorage].some(
    (size) => size !== undefined && size !== 0 && size !== "0",
  );
  const useless = names.filter((name) => name !== "jsDiskStorage" && name !== "jsMemStorage");
  if (isOn || useless.length === 0) return [];
  const reason = `it limits JetStream, which is off without storage`;
  return [{ path: `${path}${useless[0]}`, reason, fix: 'jsDiskStorage: "10GiB" (or -1, unlimited)' }];
}

function traceProblems({ traceContextSubject: subject, traceContextSampling }: Partial<AccountSettings>): Problem[] {
  if (subject === undefined) {
    if (traceContextSampling === undefined) return [];
    return [
      {
        path: "traceContextSampling",
        reason: "there is no subject to trace to",
        fix: 'traceContextSubject: "trace.messages"',
      },
    ];
  }
  const fault = subjectProblem("traceContextSubject", subject);
  if (fault.length > 0 || !hasWildcards(subject)) return fault;
  return [
    {
      path: "traceContextSubject",
      reason: `"${subject}" has a wildcard, and messages are published to it`,
      fix: '"trace.messages"',
    },
  ];
}

function mappingShapes(mappings: unknown): Problem[] {
  if (mappings === undefined) return [];
  const fix = 'mappings: { "orders.v1": [{ to: "orders.v2" }] }';
  if (!isObject(mappings)) return [{ path: "mappings", reason: "an object of lists by subject is wanted", fix }];
  return Object.entries(mappings).flatMap(([from, list]) => {
    const path = `mappings[${JSON.stringify(from)}]`;
    if (!Array.isArray(list)) return [{ path, reason: "a list of places is wanted", fix }];
    return list.flatMap((entry: unknown, index) =>
      isObject(entry) && typeof entry["to"] === "string"
        ? []
        : [{ path: `${path}[${index}]`, reason: "it does not say where to", fix: '{ to: "orders.v2" }' }],
    );
  });
}

function mappingProblems(mappings: NonNullable<AccountSettings["mappings"]>): Problem[] {
  return Object.entries(mappings).flatMap(([from, list]) => {
    const path = `mappings[${JSON.stringify(from)}]`;
    const problems = subjectProblem(path, from);
    const shares = new Map<string, number>();
    for (const [index, { to, weight = 100, cluster = "" }] of list.entries()) {
      const fault = problems.length > 0 ? undefined : mappingProblem(from, to);
      if (fault !== undefined) problems.push({ path: `${path}[${index}].to`, reason: fault });
      if (!Number.isInteger(weight) || weight < 1 || weight > 100) {
        problems.push({
          path: `${path}[${index}].weight`,
          reason: `${weight}: percent from 1 to 100 are wanted`,
          fix: "weight: 100",
        });
      }
      shares.set(cluster, (shares.get(cluster) ?? 0) + weight);
    }
    for (const [cluster, sum] of shares) {
      if (sum <= 100) continue;
      const where = cluster === "" ? "" : ` in cluster "${cluster}"`;
      problems.push({ path, reason: `the weights${where} are ${sum} percent together`, fix: "at most 100 in all" });
    }
    return problems;
  });
}

function calloutProblems(callout: AccountSettings["authCallout"]): Problem[] {
  if (callout === undefined) return [];
  const { authUser = [], allowedAccount = [], curve } = callout;
  const problems: Problem[] = [];
  if (authUser.length === 0) {
    problems.push({
      path: "authCallout.authUser",
      reason: "without a user of its own the service could never log in",
      fix: "authUser: [service.publicKey]",
    });
  }
  problems.push(...keyProblems("authCallout.authUser", authUser, "user"));
  const accounts = allowedAccount.filter((key) => key !== "*");
  if (accounts.length > 0 && accounts.length < allowedAccount.length) {
    problems.push({
      path: "authCallout.allowedAccount",
      reason: '"*" stands beside accounts by key',
      fix: 'allowedAccount: ["*"]',
    });
  }
  problems.push(...keyProblems("authCallout.allowedAccount", allowedAccount, "account", "*"));
  if (curve !== undefined) problems.push(...keyProblems("authCallout.curve", [curve], "curve"));
  return problems;
}

function keyProblems(
  path: string,
  keys: readonly string[],
  kind: "user" | "account" | "curve",
  also?: string,
): Problem[] {
  return keys.flatMap((key, index) => {
    if (key === also || nkeyKind(key) === kind) return [];
    const found = nkeyKind(key);
    const what =
      found === undefined
        ? `"${key}" is no nkey`
        : `it is the ${found.endsWith("seed") ? found : `key of ${found === "account" ? "an" : "a"} ${found}`}`;
    return [
      {
        path: `${path}[${index}]`,
        reason: `${what}; the public key of ${kind === "account" ? "an account (A…)" : kind === "user" ? "a user (U…)" : "a curve key (X…)"} is wanted`,
      },
    ];
  });
}

function revocationProblems(revocations: NonNullable<AccountSettings["revocations"]>): Problem[] {
  return Object.entries(revocations).flatMap(([key, time]) => {
    const problems: Problem[] = [];
    const path = `revocations[${JSON.stringify(key)}]`;
    if (key !== "*" && nkeyKind(key) !== "user")
      problems.push({ path, reason: `"${key}" is not a user's public key (U…), nor "*"`, fix: "[user.publicKey]: …" });
    if (typeof time !== "string" || Number.isNaN(Date.parse(time))) {
      problems.push({
        path,
        reason: `${JSON.stringify(time)} is no time`,
        fix: '"2026-11-21T10:00:00Z"',
      });
    }
    return problems;
  });
}
