import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap } from "../../../conf/value";
import { plainText } from "./context";
import type { CheckContext } from "./context";
import { find } from "./find";
import { nkeyKind } from "./nkeyKind";

/** What can't stand beside an operator, and what needs one. */
export function checkOperator(root: ConfMap, context: CheckContext): void {
  const operator = find(root, "operator");
  const sentinel = find(root, "default_sentinel");
  if (!operator) {
    if (sentinel && sentinel.value !== "")
      context.error(sentinel.path, "needs an operator", 'operator: "operator.jwt"');
    return;
  }
  const accounts = find(root, "accounts");
  const isEmpty =
    accounts &&
    (isConfMap(accounts.value) ? accounts.value.size === 0 : isConfList(accounts.value) && accounts.value.length === 0);
  const reason = "can't be declared beside an operator: accounts and users are JWTs then";
  if (accounts && !isEmpty) context.error(accounts.path, reason, "resolver_preload");
  const others = ["mappings", "authorization.users", "authorization.auth_callout", "trusted_keys"];
  for (const place of others) {
    const found = find(root, place);
    if (found && !(isConfList(found.value) && found.value.length === 0)) context.error(found.path, reason);
  }
  const pinned = find(root, "resolver_pinned_accounts");
  for (const key of pinned ? (isConfList(pinned.value) ? pinned.value : [pinned.value]) : [])
    if (nkeyKind(plainText(key)) !== "account")
      context.error(pinned!.path, `"${plainText(key)}" is not an account's public nkey (A…)`);
  const resolver = find(root, "resolver");
  if (!resolver)
    context.warn(
      operator.path,
      "there is no resolver: a start is refused unless the operator's JWT names one",
      "resolver: MEMORY",
    );
}
