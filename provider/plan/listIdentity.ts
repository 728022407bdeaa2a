import { isConfList, isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { valueKey } from "./sameValue";

/** Lists whose elements are found again by what they are, not by where they stand. By rule path. */
export function identityOf(rulePath: string): ((element: ConfValue) => string) | undefined {
  return identities.get(rulePath);
}

/** Lists whose order means nothing to a server. */
export function isSet(rulePath: string): boolean {
  return sets.some((pattern) => pattern.test(rulePath));
}

/** A leaf node's remote is the same one as long as its URLs, account and credentials are. */
function remoteIdentity(remote: ConfValue): string {
  if (!isConfMap(remote)) return valueKey(remote);
  const account = remote.get("account") ?? "$G";
  return [remote.get("urls") ?? [], account, remote.get("credentials") ?? remote.get("nkey") ?? ""]
    .map(valueKey)
    .join(" ");
}

const identities: ReadonlyMap<string, (element: ConfValue) => string> = new Map([
  ["authorization.users", userIdentity],
  ["accounts.<name>.users", userIdentity],
  ["leafnodes.authorization.users", userIdentity],
  ["accounts.<name>.exports", subjectIdentity],
  ["accounts.<name>.imports", subjectIdentity],
  ["gateway.gateways", by("name")],
  ["proxies.trusted", by("key")],
  ["leafnodes.remotes", remoteIdentity],
]);

const sets: readonly RegExp[] = [
  /^cluster\.(routes|accounts)$/,
  /\.(allow|deny|allowed_connection_types|pinned_certs|allowed_origins)$/,
  /^(server_tags|resolver_pinned_accounts)$/,
  /\.exports\[\]\.accounts$/,
];

function by(key: string): (element: ConfValue) => string {
  return (element) => (isConfMap(element) ? valueKey(element.get(key) ?? "") : valueKey(element));
}

function userIdentity(user: ConfValue): string {
  return isConfMap(user) ? valueKey(user.get("user") ?? user.get("nkey") ?? "") : valueKey(user);
}

/** What is exported or imported, and from whom: one subject may come once from each account. */
function subjectIdentity(element: ConfValue): string {
  if (!isConfMap(element)) return valueKey(element);
  const kind = element.has("service") ? "service" : "stream";
  return `${kind} ${valueKey(element.get(kind) ?? "")}`;
}

/** Elements of both sides that belong together; what has no partner stands alone. */
export function matchLists(
  from: readonly ConfValue[],
  to: readonly ConfValue[],
  identity: (element: ConfValue) => string,
): { readonly from?: number; readonly to?: number }[] {
  const waiting = new Map<string, number[]>();
  from.forEach((element, index) => {
    const key = identity(element);
    const list = waiting.get(key);
    if (list) list.push(index);
    else waiting.set(key, [index]);
  });
  const pairs: { from?: number; to?: number }[] = to.map((element, index) => {
    const partner = waiting.get(identity(element))?.shift();
    return partner === undefined ? { to: index } : { from: partner, to: index };
  });
  for (const rest of waiting.values()) pairs.push(...rest.map((index) => ({ from: index })));
  return pairs;
}

export function sameSet(a: readonly ConfValue[], b: readonly ConfValue[]): boolean {
  if (a.length !== b.length) return false;
  const keys = (list: readonly ConfValue[]) => list.map(valueKey).sort().join("\n");
  return keys(a) === keys(b);
}

export function elements(value: ConfValue | undefined): readonly ConfValue[] {
  return isConfList(value) ? value : [];
}

export function memberMap(value: ConfValue | undefined): ConfMap {
  return isConfMap(value) ? value : new Map();
}
