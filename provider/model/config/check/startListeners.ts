import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { maskAddress } from "../../../redact";
import type { CheckContext } from "./context";
import { find, isJetStreamOn, portOf, textAt } from "./find";
import { member } from "./member";

/** Users that listeners name, and what websocket and mqtt need. */
export function checkListeners(root: ConfMap, context: CheckContext): void {
  const users = declaredUsers(root);
  noAuthUser(root, "no_auth_user", users, context);
  websocket(root, users, context);
  mqtt(root, users, context);
}

/** Names and nkeys of all users; undefined where no list of users is declared at all. */
function declaredUsers(root: ConfMap): ReadonlySet<string> | undefined {
  const accounts = find(root, "accounts")?.value;
  const lists = [find(root, "authorization.users")?.value];
  if (isConfMap(accounts)) for (const account of accounts.values()) lists.push(member(account, "users"));
  const declared = lists.filter(isConfList);
  if (!declared.some((list) => list.length > 0)) return undefined;
  const names = declared.flatMap((list) =>
    list.map((user) => member(user, "nkey") || member(user, "user", "username")),
  );
  return new Set(names.filter((name): name is string => typeof name === "string"));
}

function noAuthUser(root: ConfMap, place: string, users: ReadonlySet<string> | undefined, context: CheckContext): void {
  const found = find(root, place);
  if (!found || typeof found.value !== "string" || found.value === "") return;
  if (find(root, "operator")) return context.error(found.path, "can't be given beside an operator", "default_sentinel");
  if (users?.has(found.value)) return;
  const known = users && users.size > 0 && users.size <= 5 ? `one of ${[...users].join(", ")}` : undefined;
  context.error(
    found.path,
    `the user "${found.value}" is not declared`,
    known ?? `authorization { users: [ { user: "${found.value}" } ] }`,
  );
}

function websocket(root: ConfMap, users: ReadonlySet<string> | undefined, context: CheckContext): void {
  const block = find(root, "websocket");
  if (!block || portOf(root, "websocket") === 0) return;
  if (!find(root, "websocket.tls") && find(root, "websocket.no_tls")?.value !== true)
    context.error(block.path, "has neither tls nor no_tls", "tls { … }, or no_tls: true behind a proxy that ends TLS");
  origins(root, context);
  noAuthUser(root, "websocket.no_auth_user", users, context);
  ownCredentials(root, "websocket", users, context);
  const cookie = find(root, "websocket.jwt_cookie");
  if (cookie && cookie.value !== "" && !find(root, "operator") && !find(root, "trusted_keys"))
    context.error(cookie.path, "needs an operator or trusted_keys");
  const headers = find(root, "websocket.headers");
  for (const name of headers && isConfMap(headers.value) ? headers.value.keys() : [])
    if (/^(host|content-length|connection|upgrade|nats-no-masking|sec-websocket-.*)$/i.test(name))
      context.error(joinPath(headers!.path, name), "is a header that the server sets itself");
}

function origins(root: ConfMap, context: CheckContext): void {
  const found = find(root, "websocket.allowed_origins");
  if (!found) return;
  for (const [index, origin] of (isConfList(found.value) ? found.value : [found.value]).entries())
    if (typeof origin === "string" && !/^https?:\/\/[^/?#\s:][^/?#\s]*/i.test(origin))
      context.error(
        isConfList(found.value) ? joinPath(found.path, index) : found.path,
        `"${maskAddress(origin)}" is not an origin`,
        '"https://app.example.com"',
      );
}

function mqtt(root: ConfMap, users: ReadonlySet<string> | undefined, context: CheckContext): void {
  const block = find(root, "mqtt");
  if (!block || portOf(root, "mqtt") === 0) return;
  const clustered = portOf(root, "cluster") !== 0 || portOf(root, "gateway") !== 0;
  if (clustered && textAt(root, "server_name") === "")
    context.error("server_name", "MQTT in a cluster needs server_name", 'server_name: "…", another one on each server');
  noAuthUser(root, "mqtt.no_auth_user", users, context);
  ownCredentials(root, "mqtt", users, context);
  for (const key of ["ack_wait", "js_api_timeout"]) {
    const found = find(root, `mqtt.${key}`);
    if (typeof found?.value === "string" && found.value.startsWith("-")) context.error(found.path, "is less than 0");
  }
  const remotes = find(root, "leafnodes.remotes")?.value;
  const leaf = portOf(root, "leafnodes") !== 0 || (isConfList(remotes) && remotes.length > 0);
  if (!isJetStreamOn(root) && !clustered && !leaf) context.error(block.path, "MQTT needs JetStream", "jetstream { … }");
}

function ownCredentials(
  root: ConfMap,
  block: string,
  users: ReadonlySet<string> | undefined,
  context: CheckContext,
): void {
  if (!users) return;
  for (const key of ["user", "token"]) {
    const found = find(root, `${block}.authorization.${key}`);
    if (found && isText(found.value))
      context.error(found.path, `can't stand beside users of the server`, "a user in accounts");
  }
}

function isText(value: ConfValue): boolean {
  return typeof value === "string" && value !== "";
}
