import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { keyTree } from "../../facts";
import type { KeyNode } from "../../facts";
import { memberOf } from "../../facts/keyTree";
import type { CheckContext } from "./context";
import { find, portOf } from "./find";
import { checkOpenUsers } from "./openUsers";

/** What no server reports and nobody can want. */
export function checkTraps(root: ConfMap, context: CheckContext): void {
  const routes = find(root, "cluster.routes");
  if (routes && isConfList(routes.value) && routes.value.length > 0 && portOf(root, "cluster") === 0)
    context.error(
      routes.path,
      "there are routes but no cluster.port: the server starts outside of any cluster, without a word",
      "port: 6222",
    );
  const connections = find(root, "max_connections");
  if (connections?.value === 0n)
    context.error(connections.path, "0 lets no client in; it does not mean unlimited", "leave it out, or a number");
  for (const block of ["websocket", "mqtt"]) {
    const timeout = find(root, `${block}.authorization.timeout`);
    if (timeout && typeof timeout.value !== "bigint" && typeof timeout.value !== "number")
      context.error(timeout.path, "is not a number of seconds: the server takes 1 second instead, without a word", "5");
  }
  const accounts = find(root, "accounts");
  if (accounts && !isConfMap(accounts.value) && !isConfList(accounts.value))
    context.error(accounts.path, "is neither a map nor a list: the server passes it over in silence", "accounts { … }");
  checkOpenUsers(root, context);
  belowNothing(root, context);
  quotedSizes(root, context);
  spelledTwice(root, keyTree(), "", context);
}

/** The server takes them for limits that everything exceeds, or for its own default. */
function belowNothing(root: ConfMap, context: CheckContext): void {
  for (const key of [
    "max_connections",
    "max_subscriptions",
    "max_payload",
    "max_pending",
    "max_control_line",
    "jetstream.max_memory_store",
    "jetstream.max_file_store",
  ]) {
    const found = find(root, key);
    if (found && (typeof found.value === "bigint" || typeof found.value === "number") && found.value < -1)
      context.error(found.path, `${found.value} is less than nothing; -1 is no limit`, "-1, or a limit");
  }
  for (const key of ["write_deadline", "ping_interval", "lame_duck_duration", "lame_duck_grace_period"]) {
    const found = find(root, key);
    if (typeof found?.value === "string" && found.value.trim().startsWith("-"))
      context.error(found.path, `"${found.value}" is less than nothing`, `"${found.value.trim().slice(1)}"`);
  }
}

function quotedSizes(root: ConfMap, context: CheckContext): void {
  for (const key of [
    "max_memory_store",
    "max_file_store",
    "max_outstanding_catchup",
    "max_buffered_size",
    "meta_compact_size",
  ]) {
    const found = find(root, `jetstream.${key}`);
    const match = typeof found?.value === "string" ? /^(\d+)([KMGT])$/.exec(found.value) : undefined;
    if (match)
      context.warn(
        found!.path,
        `"${match[0]}" in quotes counts in 1024s, without them in 1000s`,
        `${match[1]}${match[2]}B`,
      );
  }
}

/** One key in two spellings: the server applies both, in no order. */
function spelledTwice(map: ConfMap, node: KeyNode, path: string, context: CheckContext): void {
  const first = new Map<KeyNode, string>();
  for (const [key, value] of map) {
    const member = memberOf(node, key);
    if (!member) continue;
    const where = joinPath(path, key);
    const other = member === node.any ? undefined : first.get(member);
    if (other !== undefined)
      context.error(
        where,
        `${key} and ${other} are one key in two spellings: the server takes either, by chance`,
        `${member.key} alone`,
      );
    else first.set(member, key);
    inside(value, member, where, context);
  }
}

function inside(value: ConfValue, node: KeyNode, path: string, context: CheckContext): void {
  if (isConfMap(value)) spelledTwice(value, node, path, context);
  else if (isConfList(value)) value.forEach((each, index) => inside(each, node, joinPath(path, index), context));
}
