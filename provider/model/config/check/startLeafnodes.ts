import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import type { CheckContext } from "./context";
import { find, portOf, textAt } from "./find";
import { member } from "./member";
import { nkeyKind } from "./nkeyKind";

/** Accounts that leafnodes name, and links that a start refuses. */
export function checkLeafnodes(root: ConfMap, context: CheckContext): void {
  const remotes = find(root, "leafnodes.remotes");
  const list = remotes && isConfList(remotes.value) ? remotes.value : [];
  const isOperator = find(root, "operator") !== undefined;
  const known = knownAccounts(root);
  const checkAccount = (value: ConfValue | undefined, path: string): void => {
    if (isOperator || typeof value !== "string" || known.has(value)) return;
    context.error(path, `the account "${value}" is not declared`, `accounts { ${value} { … } }`);
  };
  const own = find(root, "leafnodes.authorization.account");
  if (own) checkAccount(own.value, own.path);
  const users = find(root, "leafnodes.authorization.users");
  if (users && isConfList(users.value)) {
    users.value.forEach((user, index) =>
      checkAccount(member(user, "account"), joinPath(joinPath(users.path, index), "account")),
    );
    if (isOperator && users.value.length > 0) context.error(users.path, "can't be declared beside an operator");
  }
  list.forEach((remote, index) => {
    const path = joinPath(remotes!.path, index);
    const account = member(remote, "account", "local");
    checkAccount(account, joinPath(path, "account"));
    if (isOperator && nkeyKind(typeof account === "string" ? account : "") !== "account")
      context.error(joinPath(path, "account"), "needs an account's public nkey (A…) beside an operator");
    mixedUrls(remote, path, context);
  });
  if (
    find(root, "leafnodes") &&
    portOf(root, "leafnodes") !== 0 &&
    hasGateway(root) &&
    textAt(root, "system_account") === "" &&
    !isOperator
  )
    context.error("system_account", "leafnodes and a gateway together need a system account", 'system_account: "SYS"');
}

function knownAccounts(root: ConfMap): ReadonlySet<string> {
  const accounts = find(root, "accounts")?.value;
  const names = isConfMap(accounts) ? [...accounts.keys()] : isConfList(accounts) ? accounts.map(String) : [];
  const none = textAt(root, "system_account") !== "" || find(root, "no_system_account")?.value === true;
  return new Set([...names, "$G", "", ...(none ? [] : ["$SYS"])]);
}

function hasGateway(root: ConfMap): boolean {
  return textAt(root, "gateway.name") !== "" || portOf(root, "gateway") !== 0;
}

function mixedUrls(remote: ConfValue, path: string, context: CheckContext): void {
  const urls = member(remote, "urls", "url");
  if (!isConfList(urls)) return;
  const kinds = new Set(urls.map((url) => typeof url === "string" && /^wss?:/i.test(url.trim())));
  if (kinds.size > 1)
    context.error(joinPath(path, "urls"), "websocket and other URLs are mixed: a remote has one kind");
}
