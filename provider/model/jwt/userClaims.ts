import type { User } from "@nats-io/jwt";
import type { Problem } from "../../errors";
import type { Json, JsonObject } from "../exactJson";
import { expandFields, flattenFields } from "../jsonFields";
import type { Fields } from "../jsonFields";
import type { Unsigned } from "./claims";
import { flat, nested, withoutEmpty } from "./nested";
import { withoutShortForms } from "./permissionFields";
import { readTerm, timeOf } from "./term";
import { userFields } from "./userFields";
import type { UserSettings } from "./userSettings";

export interface UserIdentity {
  /** The user's own key (U…). */
  readonly publicKey: string;
  /** The account (A…), where one of its signing keys issues the user; undefined where the account itself does. */
  readonly issuerAccount: string | undefined;
  /** The role of the scoped key that issues the user, which says all of its permissions then. */
  readonly role?: string | undefined;
}

/** Settings as the claims have them, without what is default. Faults of names, types and units are added to `problems`. */
export function expandUser(settings: object, problems: Problem[], fields: Fields = userFields, path = ""): JsonObject {
  const expanded = expandFields(fields, withoutShortForms(settings as Record<string, unknown>), problems, path);
  const { times, tags, ...rest } = expanded;
  return nested({
    ...rest,
    ...(times === undefined ? {} : { times: (times as readonly string[]).map(timeRange) }),
    ...(tags === undefined ? {} : { tags: (tags as readonly string[]).map((tag) => tag.trim().toLowerCase()) }),
  });
}

/** The other way: what a program would say to get these claims. */
export function flattenUser(nats: JsonObject, fields: Fields = userFields): Record<string, unknown> {
  const json = flat(fields, nats);
  const times = (json["times"] as unknown as readonly { start: string; end: string }[] | undefined) ?? [];
  return flattenFields(fields, {
    ...json,
    ...(times.length === 0 ? {} : { times: times.map(({ start, end }) => `${start}-${end}`) }),
  });
}

/** Everything that claims of a user, or the template of a scoped key, say where settings don't. */
export function completeLimits(nats: JsonObject): JsonObject {
  const resp = nats["resp"] as JsonObject | undefined;
  return withoutEmpty({
    pub: {},
    sub: {},
    subs: -1,
    data: -1,
    payload: -1,
    ...nats,
    ...(resp === undefined ? {} : { resp: { max: 1, ttl: 0, ...resp } }),
  });
}

/** What a user's JWT says when it is issued at a time (seconds). */
export function userClaims(settings: UserSettings, identity: UserIdentity, issuedAt: number): Unsigned<User> {
  const problems: Problem[] = [];
  const { name, expiry, start, ...rest } = settings;
  const { tags, ...limits } = expandUser(rest, problems);
  const issuer = identity.issuerAccount === undefined ? {} : { issuer_account: identity.issuerAccount };
  const nats: Record<string, Json | undefined> = {
    // A scoped key says it all: the server refuses a user of one that says anything itself.
    ...(identity.role === undefined ? completeLimits(limits) : {}),
    ...issuer,
    ...(tags === undefined ? {} : { tags }),
    type: "user",
  };
  return { ...validity(expiry, start, issuedAt), name, sub: identity.publicKey, nats: nats };
}

/** exp and nbf of claims. */
export function validity(
  expiry: string | undefined,
  start: string | undefined,
  issuedAt: number,
): { exp?: number; nbf?: number } {
  const ignored: Problem[] = [];
  const [exp, nbf] = [
    timeOf(readTerm("expiry", expiry, ignored), issuedAt),
    timeOf(readTerm("start", start, ignored), issuedAt),
  ];
  return { ...(exp === undefined ? {} : { exp }), ...(nbf === undefined ? {} : { nbf }) };
}

function timeRange(text: string): JsonObject {
  const [start = "", end = ""] = text.split("-");
  return { start, end };
}
