import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { plainText } from "./context";
import type { CheckContext } from "./context";
import { member } from "./member";
import {
  collide,
  hasWildcard,
  isLiteral,
  isSubset,
  isValidSubject,
  mappingProblem,
  markWildcards,
  unmarkWildcards,
} from "./subjects";

/** Users that stand twice, and imports that no export allows: what the parser finds between accounts. */
export function checkAccountLinks(conf: ConfMap, context: CheckContext): void {
  duplicateUsers(conf, context);
  const accounts = member(conf, "accounts");
  if (context.problems.some((problem) => problem.severity !== "warning") || !isConfMap(accounts)) return;
  const known = new Map<string, Account>();
  for (const [name, value] of accounts)
    if (isConfMap(value))
      known.set(name, {
        name,
        value,
        path: joinPath("accounts", name),
        streams: new Map(),
        services: new Map(),
        imports: [],
      });
  for (const account of known.values())
    readExports(account, known, context, member(conf, "no_system_account", "no_system", "no_sys_acc") === true);
  for (const account of known.values()) readImports(account, known, context, "stream");
  for (const account of known.values()) readImports(account, known, context, "service");
}

interface Account {
  readonly name: string;
  readonly value: ConfMap;
  readonly path: string;
  readonly streams: Map<string, Approval>;
  readonly services: Map<string, Approval>;
  readonly imports: Import[];
}

interface Approval {
  readonly accounts: Set<string>;
  position: number;
}

interface Import {
  readonly kind: "stream" | "service";
  readonly from: Account;
  readonly subject: string;
  readonly local: string;
}

function duplicateUsers(conf: ConfMap, context: CheckContext): void {
  const authorization = member(conf, "authorization") ?? "";
  const accounts = member(conf, "accounts");
  const lists: [ConfValue | undefined, string][] = [[member(authorization, "users"), "authorization.users"]];
  for (const [name, account] of isConfMap(accounts) ? accounts : [])
    lists.push([member(account, "users"), joinPath(joinPath("accounts", name), "users")]);
  const seen = new Map<string, string>();
  lists.forEach(([users, path], listIndex) => {
    if (!isConfList(users)) return;
    users.forEach((user, index) => {
      const name = member(user, "nkey") || member(user, "user", "username");
      if (typeof name !== "string") return;
      const where = joinPath(path, index);
      const first = seen.get(name);
      if (first !== undefined)
        context.error(where, `the user "${name}" is at ${first} too: a name is for one user of one account`);
      else seen.set(name, where);
    });
    if (listIndex === 0 || users.length === 0) return;
    const single = member(authorization, "user", "username")
      ? "user"
      : member(authorization, "token")
        ? "token"
        : undefined;
    if (single)
      context.error(
        `authorization.${single}`,
        `a single ${single} can't stand beside users of accounts`,
        "authorization.users",
      );
  });
}

function readExports(
  account: Account,
  known: ReadonlyMap<string, Account>,
  context: CheckContext,
  noSystem: boolean,
): void {
  const list = member(account.value, "exports");
  if (!isConfList(list)) return;
  list.forEach((each, index) => {
    const path = joinPath(joinPath(account.path, "exports"), index);
    const stream = member(each, "stream");
    const subject = stream ?? member(each, "service");
    if (typeof subject !== "string") return;
    const table = stream === undefined ? account.services : account.streams;
    const approval = table.get(subject) ?? { accounts: new Set(), position: 0 };
    for (const name of asList(member(each, "accounts"))) {
      if (!isKnown(plainText(name), known))
        context.error(path, `the account "${plainText(name)}" is not declared`, nameFix(known));
      approval.accounts.add(plainText(name));
    }
    const position = Number(member(each, "account_token_position") ?? 0);
    if (position > 0 && subject.split(".")[position - 1] !== "*")
      context.error(path, `token ${position} of "${subject}" is not "*", which account_token_position needs`);
    approval.position = position;
    table.set(subject, approval);
    if (stream === undefined) latency(each, path, account, context, noSystem);
  });
}

function latency(each: ConfValue, path: string, account: Account, context: CheckContext, noSystem: boolean): void {
  const value = member(each, "latency");
  if (value === undefined) return;
  const where = joinPath(path, "latency");
  const subject = isConfMap(value) ? value.get("subject") : value;
  if (noSystem) context.error(where, "needs the system account", "no_system_account: false");
  const type = member(each, "response_type", "response");
  if (typeof type === "string" && !/^single(ton)?$/i.test(type))
    context.error(where, "is only for services of one response");
  if (typeof subject !== "string") return;
  const exported =
    account.services.has(subject) || [...account.services.keys()].some((known) => isSubset(subject, known));
  if (!isValidSubject(subject) || !isLiteral(subject) || exported)
    context.error(where, `"${subject}" is not a subject for its samples`);
}

function readImports(
  account: Account,
  known: ReadonlyMap<string, Account>,
  context: CheckContext,
  kind: "stream" | "service",
): void {
  const list = member(account.value, "imports");
  if (!isConfList(list)) return;
  list.forEach((each, index) => {
    const source = member(each, kind);
    if (!isConfMap(source)) return;
    const path = joinPath(joinPath(account.path, "imports"), index);
    const subject = plainText(member(source, "subject"));
    const name = plainText(member(source, "account"));
    const from = known.get(name);
    if (!from) {
      if (!isKnown(name, known)) context.error(path, `the account "${name}" is not declared`, nameFix(known));
      else context.error(path, `the account "${name}" exports nothing`);
      return;
    }
    const to = plainText(member(each, "to"));
    const reason =
      kind === "stream"
        ? streamProblem(account, from, subject, plainText(member(each, "prefix")), to)
        : serviceProblem(account, from, subject, to === "" ? subject : to);
    if (reason) context.error(path, reason);
  });
}

function streamProblem(
  account: Account,
  from: Account,
  subject: string,
  prefix: string,
  to: string,
): string | undefined {
  if (!isValidSubject(subject) || !isApproved(from.streams, subject, account.name))
    return notExported("stream", from, subject, account);
  if (prefix !== "" && !isLiteral(prefix)) return `the prefix "${prefix}" has a wildcard`;
  const local = prefix !== "" ? `${prefix.replace(/\.$/, "")}.${subject}` : to === "" ? subject : to;
  if (formsCycle(account, from, local, "stream") || formsCycle(account, from, subject, "stream"))
    return `importing "${subject}" from "${from.name}" forms a cycle`;
  if (hasWildcard(subject) && local !== subject) {
    const reason = mappingProblem(subject, markWildcards(local), true);
    if (reason) return reason;
  }
  if (account.imports.some((each) => each.kind === "stream" && each.from === from && each.subject === subject))
    return `"${subject}" is imported from "${from.name}" twice`;
  account.imports.push({
    kind: "stream",
    from,
    subject,
    local: hasWildcard(subject) && local !== subject ? unmarkWildcards(local) : local,
  });
  return undefined;
}

function serviceProblem(account: Account, from: Account, subject: string, local: string): string | undefined {
  if (!isValidSubject(subject) || !isValidSubject(local))
    return `"${isValidSubject(subject) ? local : subject}" is not a valid subject`;
  if (!isApproved(from.services, subject, account.name)) return notExported("service", from, subject, account);
  const plain = hasWildcard(subject) ? unmarkWildcards(local) : local;
  if (formsCycle(account, from, plain, "service")) return `importing "${subject}" from "${from.name}" forms a cycle`;
  if (account.imports.some((each) => each.kind === "service" && each.from === from && each.local === plain))
    return `"${local}" is imported from "${from.name}" twice`;
  if (hasWildcard(subject) && subject !== local) {
    const reason = mappingProblem(subject, markWildcards(local), true);
    if (reason) return reason;
  }
  account.imports.push({ kind: "service", from, subject, local: plain });
  return undefined;
}

function isApproved(table: ReadonlyMap<string, Approval>, subject: string, importer: string): boolean {
  const exact = table.get(subject);
  const allows = (approval: Approval, tokens: readonly string[]): boolean => {
    if (approval.position > 0) return tokens[approval.position - 1] === importer;
    return approval.accounts.size === 0 || approval.accounts.has(importer);
  };
  if (exact) return allows(exact, []);
  const found = [...table].find(([pattern]) => isSubset(subject, pattern));
  return found !== undefined && allows(found[1], subject.split("."));
}

function formsCycle(account: Account, from: Account, subject: string, kind: "stream" | "service"): boolean {
  const visited = new Set([account.name]);
  const search = (at: Account, wanted: string): boolean => {
    if (kind === "stream" && ![...at.streams.keys()].some((pattern) => isSubset(wanted, pattern))) return false;
    return at.imports.some((each) => {
      const here = kind === "stream" ? each.local : each.subject;
      if (each.kind !== kind || !collide(wanted, here)) return false;
      if (visited.has(each.from.name)) return true;
      visited.add(at.name);
      const next = kind === "stream" ? each.local : each.local;
      return search(each.from, isSubset(next, wanted) ? next : wanted);
    });
  };
  return search(from, subject);
}

function notExported(kind: string, from: Account, subject: string, account: Account): string {
  return `the account "${from.name}" exports no ${kind} "${subject}" to "${account.name}"`;
}

function isKnown(name: string, known: ReadonlyMap<string, Account>): boolean {
  return known.has(name);
}

function nameFix(known: ReadonlyMap<string, Account>): string | undefined {
  return known.size > 0 && known.size <= 5 ? `one of ${[...known.keys()].join(", ")}` : undefined;
}

function asList(value: ConfValue | undefined): readonly ConfValue[] {
  return isConfList(value) ? value : [];
}
