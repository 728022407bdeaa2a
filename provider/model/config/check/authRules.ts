import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { factFor } from "../../facts";
import { kindOf } from "./context";
import type { CheckContext } from "./context";
import { nkeyKind } from "./nkeyKind";
import { member } from "./member";
import type { Rule } from "./rules";
import { checkDuration } from "./scalars";
import { subjects } from "./valueRules";

const connectionTypes: Rule = (value, path, context) => {
  const known = factFor("authorization.users[0].allowed_connection_types")?.enum ?? [];
  for (const [index, type] of (isConfList(value) ? value : [value]).entries())
    if (typeof type === "string" && !known.includes(type.toUpperCase()))
      context.error(
        isConfList(value) ? joinPath(path, index) : path,
        `"${type}" is not a type of connection`,
        known.join(", "),
      );
};

/** Rules of users and their permissions. */
export const authRules: Readonly<Record<string, Rule>> = {
  authorization: authorization,
  "authorization.auth_callout": callout,
  "cluster.authorization": (value, path, context) => routeAuthorization(value, path, context, "routes"),
  "gateway.authorization": (value, path, context) => routeAuthorization(value, path, context, "gateways"),
  "leafnodes.authorization": leafAuthorization,
  "cluster.permissions": (value, path, context) => {
    const responses = member(value, "allow_responses", "publish_allow_responses");
    if (responses !== undefined && responses !== false) context.error(path, "routes can't have allow_responses");
    noQueues(value, path, context);
  },
  ...perUsers("authorization.users[]"),
  ...perUsers("accounts.*.users[]"),
  ...permissions("authorization.default_permissions"),
  ...permissions("accounts.*.default_permissions"),
  ...permissions("cluster.authorization.default_permissions"),
  ...permissions("gateway.authorization.default_permissions"),
  "=cluster.permissions.import": subjects(false),
  "=cluster.permissions.export": subjects(false),
  "=cluster.permissions.import.allow": subjects(false),
  "=cluster.permissions.import.deny": subjects(false),
  "=cluster.permissions.export.allow": subjects(false),
  "=cluster.permissions.export.deny": subjects(false),
};

function perUsers(place: string): Record<string, Rule> {
  return {
    [place]: user,
    [`=${place}.allowed_connection_types`]: connectionTypes,
    ...permissions(`${place}.permissions`),
  };
}

function permissions(place: string): Record<string, Rule> {
  return {
    [`=${place}.publish`]: (value, path, context) => void (isConfMap(value) || subjects(false)(value, path, context)),
    [`=${place}.publish.allow`]: subjects(false),
    [`=${place}.publish.deny`]: subjects(false),
    [`=${place}.subscribe`]: (value, path, context) => void (isConfMap(value) || subjects(true)(value, path, context)),
    [`=${place}.subscribe.allow`]: subjects(true),
    [`=${place}.subscribe.deny`]: subjects(true),
    [`=${place}.allow_responses.expires`]: textOnly,
  };
}

function textOnly(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value !== "string") checkDuration(value, path, context);
}

function user(value: ConfValue, path: string, context: CheckContext): void {
  const name = member(value, "user", "username");
  const key = member(value, "nkey");
  const password = member(value, "password", "pass");
  const isGiven = (text: ConfValue | undefined): boolean => text !== undefined && text !== "";
  if (!isGiven(key) && !isGiven(name)) return context.error(path, "has neither user nor nkey", 'user: "…"');
  if (!isGiven(key)) return;
  if (typeof key === "string" && nkeyKind(key) !== "user")
    context.error(joinPath(path, "nkey"), "is not a user's public nkey (U…)");
  if (isGiven(name) || isGiven(password))
    context.error(path, "has an nkey beside a user or password: only one of them can be given");
}

function authorization(value: ConfValue, path: string, context: CheckContext): void {
  const name = member(value, "user", "username");
  const password = member(value, "password", "pass");
  const token = member(value, "token");
  const users = member(value, "users");
  const isGiven = (text: ConfValue | undefined): boolean => typeof text === "string" && text !== "";
  if ((isGiven(name) || isGiven(password)) && isGiven(token))
    context.error(path, "has a user and a token: only one of them can be given");
  if (users === undefined) return;
  if (isGiven(name)) context.error(path, "has a user and a list of users: only one of them can be given");
  if (isGiven(token)) context.error(path, "has a token and a list of users: only one of them can be given");
}

function callout(value: ConfValue, path: string, context: CheckContext): void {
  const issuer = member(value, "issuer");
  const users = member(value, "auth_users", "users");
  if (issuer === undefined || issuer === "") context.error(path, "has no issuer", 'issuer: "A…"');
  if (!isConfList(users) || users.length === 0) context.error(path, "has no auth_users", "auth_users: [ … ]");
}

function routeAuthorization(value: ConfValue, path: string, context: CheckContext, what: string): void {
  if (!isConfMap(value)) return;
  if (member(value, "users") !== undefined) context.error(path, `${what} take one user, not a list of users`, "user");
  const token = member(value, "token");
  if (token !== undefined && token !== "") context.error(path, `${what} take no token`, "user");
  if (member(value, "auth_callout", "auth_hook") !== undefined) context.error(path, `${what} take no auth_callout`);
  if (what === "routes" && member(value, "permissions", "default_permissions", "default_permission") !== undefined)
    context.error(path, "permissions do not belong here, which the server warns of", "cluster.permissions");
}

function leafAuthorization(value: ConfValue, path: string, context: CheckContext): void {
  const users = member(value, "users");
  if (!isConfList(users) || users.length === 0) return;
  for (const single of [["user", "username"], ["nkey"]]) {
    const given = member(value, ...single);
    if (given !== undefined && given !== "")
      context.error(path, `has ${single[0]!} and a list of users: only one of them can be given`);
  }
  const seen = new Set<ConfValue>();
  users.forEach((each, index) => {
    const name = member(each, "user", "username") ?? "";
    if (seen.has(name))
      context.error(
        joinPath(joinPath(path, "users"), index),
        `the user ${typeof name === "string" ? `"${name}"` : kindOf(name)} stands in the list twice`,
      );
    seen.add(name);
  });
}

function noQueues(value: ConfValue, path: string, context: CheckContext): void {
  for (const [key, side] of value as ConfMap) {
    if (!/^(pub|publish|import|sub|subscribe|export)$/i.test(key)) continue;
    const parts = isConfMap(side) ? [...side] : [["", side] as const];
    for (const [name, list] of parts)
      if (typeof list === "string" || isConfList(list))
        subjects(false)(list, name === "" ? joinPath(path, key) : joinPath(joinPath(path, key), name), context);
  }
}
