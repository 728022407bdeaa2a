import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import type { CheckContext } from "./context";
import { find } from "./find";
import { member } from "./member";

/** Blocks in which clients may be let in without a password, by their certificates or as a user that stands for all. */
const ways = ["", "websocket.", "mqtt.", "leafnodes."];

/** A user without a password lets everybody in who says the name, where nothing else asks who that is. */
export function checkOpenUsers(root: ConfMap, context: CheckContext): void {
  const isMapped = ways.some((way) => find(root, `${way}tls.verify_and_map`)?.value === true);
  if (isMapped || find(root, "authorization.auth_callout")) return;
  const anonymous = new Set(ways.map((way) => find(root, `${way}no_auth_user`)?.value));
  for (const { value, path } of userLists(root)) {
    value.forEach((user, index) => {
      const [name, password] = [member(user, "user", "username"), member(user, "password", "pass")];
      const isOpen = password === undefined || password === "";
      if (typeof name !== "string" || name === "" || !isOpen || anonymous.has(name)) return;
      const reason = `the user ${JSON.stringify(name)} has no password: whoever says that name is let in`;
      context.warn(
        joinPath(path, index),
        reason,
        `password, or no_auth_user: ${JSON.stringify(name)} where that is meant`,
      );
    });
  }
}

function userLists(root: ConfMap): { readonly value: readonly ConfValue[]; readonly path: string }[] {
  const accounts = find(root, "accounts");
  const inAccounts = isConfMap(accounts?.value)
    ? [...accounts.value].map(([name, account]) => ({
        value: isConfMap(account) ? member(account, "users") : undefined,
        path: joinPath(joinPath(accounts.path, name), "users"),
      }))
    : [];
  const alone = find(root, "authorization.users");
  return [...(alone ? [alone] : []), ...inAccounts].flatMap(({ value, path }) =>
    isConfList(value) ? [{ value, path }] : [],
  );
}
