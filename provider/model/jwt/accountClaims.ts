import type { Account } from "@nats-io/jwt";
import type { Problem } from "../../errors";
import { isObject } from "../exactJson";
import type { Json, JsonObject } from "../exactJson";
import { expandFields, flattenFields } from "../jsonFields";
import { accountFields } from "./accountFields";
import type { AccountSettings, MappingSettings } from "./accountSettings";
import type { Unsigned } from "./claims";
import { flat, nested, withoutEmpty } from "./nested";
import { withoutShortForms } from "./permissionFields";
import { scopeClaims } from "./signingKeys";
import type { SigningKey } from "./signingKeys";
import { validity } from "./userClaims";

export interface AccountIdentity {
  /** The account's own key (A…). */
  readonly publicKey: string;
  /** Keys that may issue users beside it. */
  readonly signingKeys: readonly SigningKey[];
  /** By user's public key: JWTs issued until then (seconds) are void. */
  readonly revocations: Readonly<Record<string, number>>;
}

/** Settings as the claims have them, without what is default. Faults of names, types and units are added to `problems`. */
export function expandAccount(settings: object, problems: Problem[]): JsonObject {
  const { defaultPermissions, mappings, ...rest } = settings as Record<string, unknown>;
  const permissions = isObject(defaultPermissions) ? withoutShortForms(defaultPermissions) : defaultPermissions;
  const { tags, ...expanded } = expandFields(
    accountFields,
    { ...rest, ...(permissions === undefined ? {} : { defaultPermissions: permissions }) },
    problems,
  );
  return nested({
    ...expanded,
    ...(tags === undefined ? {} : { tags: (tags as readonly string[]).map((tag) => tag.trim().toLowerCase()) }),
    ...(mappings === undefined ? {} : { mappings: mappingClaims(mappings as AccountSettings["mappings"]) }),
  });
}

/** The other way: what a program would say to get these claims; keys and revocations are not in it. */
export function flattenAccount(nats: JsonObject): Record<string, unknown> {
  const mappings = nats["mappings"] as unknown as Readonly<Record<string, readonly Weighted[]>> | undefined;
  const trace = nats["trace"] as JsonObject | undefined;
  const { traceContextSampling, ...settings } = flattenFields(accountFields, flat(accountFields, withOffs(nats)));
  return {
    ...settings,
    ...(trace?.["dest"] && traceContextSampling ? { traceContextSampling } : {}),
    ...(mappings && Object.keys(mappings).length > 0 ? { mappings: mappingSettings(mappings) } : {}),
  };
}

/** What an account's JWT says when it is issued at a time (seconds). */
export function accountClaims(
  settings: AccountSettings,
  identity: AccountIdentity,
  issuedAt: number,
): Unsigned<Account> {
  const { name, expiry, start, revocations: _revocations, ...rest } = settings;
  const { limits, exports, trace, imports, ...expanded } = expandAccount(rest, []);
  const nats: Record<string, Json | undefined> = {
    ...(imports === undefined ? {} : { imports: (imports as readonly JsonObject[]).map(withType) }),
    ...(exports === undefined ? {} : { exports: (exports as readonly JsonObject[]).map(withType).map(withSampling) }),
    limits: completeLimits((limits ?? {}) as JsonObject),
    ...(identity.signingKeys.length === 0 ? {} : { signing_keys: identity.signingKeys.map(scopeClaims) }),
    ...(Object.keys(identity.revocations).length === 0 ? {} : { revocations: identity.revocations }),
    ...(trace === undefined ? {} : { trace: { sampling: 100, ...(trace as JsonObject) } }),
    default_permissions: { pub: {}, sub: {} },
    authorization: {},
    ...expanded,
    type: "account",
  };
  return {
    ...validity(expiry, start, issuedAt),
    name,
    sub: identity.publicKey,
    nats: nats,
  };
}

/** When JWTs of users must be issued after, in seconds. */
export function revocationTimes(revocations: AccountSettings["revocations"]): Record<string, number> {
  const entries = Object.entries(revocations ?? {}).map(([key, time]) => [key, Math.floor(Date.parse(time) / 1000)]);
  return Object.fromEntries(entries) as Record<string, number>;
}

function completeLimits(limits: JsonObject): JsonObject {
  const { tiered_limits: tiers, ...rest } = limits;
  const own = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  if (isObject(tiers)) {
    const all = Object.entries(tiers).map(([name, tier]) => [
      name,
      withoutEmpty(completeJetStream(tier as JsonObject)),
    ]);
    return { ...withoutEmpty({ ...own, ...rest }), tiered_limits: Object.fromEntries(all) as JsonObject };
  }
  return withoutEmpty({ ...own, ...(usesJetStream(rest) ? completeJetStream(rest) : rest) });
}

function usesJetStream(limits: JsonObject): boolean {
  return limits["mem_storage"] !== undefined || limits["disk_storage"] !== undefined;
}

function completeJetStream(limits: JsonObject): JsonObject {
  return { streams: -1, consumer: -1, ...limits };
}

/** The server writes nothing where a limit is 0, and nothing where JetStream is off; a program takes -1 for what is not said. */
function withOffs(nats: JsonObject): JsonObject {
  const limits = (nats["limits"] ?? {}) as JsonObject;
  const zeros = { subs: 0, data: 0, payload: 0, imports: 0, exports: 0, wildcards: false, conn: 0, leaf: 0 };
  const jetStream = usesJetStream(limits) ? { streams: 0, consumer: 0 } : {};
  return { ...nats, limits: { ...zeros, ...jetStream, ...limits } };
}

function withType(entry: JsonObject): JsonObject {
  return { type: "stream", ...entry };
}

function withSampling(entry: JsonObject): JsonObject {
  const latency = entry["service_latency"] as JsonObject | undefined;
  return latency === undefined ? entry : { ...entry, service_latency: { sampling: 100, ...latency } };
}

interface Weighted {
  readonly subject: string;
  readonly weight?: number;
  readonly cluster?: string;
}

function mappingClaims(mappings: AccountSettings["mappings"]): JsonObject {
  const entries = Object.entries(mappings ?? {}).map(([from, list]) => [
    from,
    list.map(({ to, ...rest }: MappingSettings) => ({ subject: to, ...rest })),
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

function mappingSettings(mappings: Readonly<Record<string, readonly Weighted[]>>): object {
  const entries = Object.entries(mappings).map(([from, list]) => [
    from,
    list.map(({ subject, ...rest }) => ({ to: subject, ...rest })),
  ]);
  return Object.fromEntries(entries) as object;
}
