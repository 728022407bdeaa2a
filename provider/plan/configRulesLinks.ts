import { isConfMap } from "../conf/value";
import { appears, at, authTimeoutMoves, comesOrGoes, disappears } from "./configRule";
import type { ConfigRule, RuleContext } from "./configRule";
import type { ConfDifference } from "./diffConf";
import { elements, memberMap } from "./listIdentity";
import { valueKey } from "./sameValue";

/** Routes and gateways. */
export const linkRules: readonly ConfigRule[] = [
  {
    path: "cluster",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither starts nor stops clustering",
    whole: true,
  },
  {
    path: "cluster.name",
    impact: "full-cluster",
    why: "a reload takes it, and routes stay up, but from the next reconnect on servers of the old name reject those of the new one: all must change together",
    hazards: ["splitsCluster"],
  },
  {
    path: "cluster.authorization.timeout",
    when: (change, context) => !authTimeoutMoves("cluster")(change, context),
    impact: "none",
    why: "the time to authenticate is what it was",
  },
  { path: "cluster.authorization.timeout", impact: "hot-reload", why: "holds for new routes" },
  {
    path: "cluster.authorization.*",
    when: disappears,
    impact: "ordered-reload",
    why: "routes without credentials are admitted as each server is reloaded; take them out of the route URLs after that",
  },
  {
    path: "cluster.authorization.*",
    impact: "ordered-reload",
    why: "routes that do not carry these credentials are dropped at once and can't come back: route URLs on all servers first, then this, all servers close together",
  },
  {
    path: "cluster.tls",
    impact: "ordered-reload",
    why: "open routes stay as they are, but while servers differ a route that breaks can't come back: reload all servers close together, restart none in between",
    whole: true,
  },
  {
    path: [
      "cluster.tls.ca_file",
      "cluster.tls.verify",
      "cluster.tls.verify_and_map",
      "cluster.tls.verify_cert_and_check_known_urls",
      "cluster.tls.pinned_certs",
    ],
    impact: "ordered-reload",
    why: "a server whose certificate its peers do not accept is cut off at its next reconnect: certificates that fit both sides first, then this, on all servers close together",
  },
  {
    path: "cluster.accounts",
    when: pinsNewAccount,
    impact: "rolling-restart",
    why: "a reload refuses a dedicated route for an account that the running server does not have: add the account by a reload of its own, then pin it by another",
  },
  {
    path: "cluster.routes",
    impact: "hot-reload",
    why: "added routes are dialled, removed ones closed; one with other credentials is closed and dialled anew",
  },
  {
    path: "gateway",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither starts nor stops gateways",
    whole: true,
  },
  {
    path: "gateway.name",
    impact: "full-cluster",
    why: "the gateway's name is the cluster's: other clusters know all its servers by it",
  },
  {
    path: "gateway.authorization.timeout",
    when: (change, context) => !authTimeoutMoves("gateway")(change, context),
    impact: "none",
    why: "the time to authenticate is what it was",
  },
  {
    path: "gateway.tls",
    when: (change, context) => comesOrGoes(change) && authTimeoutMoves("gateway")(change, context),
    impact: "rolling-restart",
    why: "tls moves the default of gateway.authorization.timeout (2s, with tls 3s), which a reload refuses; with an explicit timeout it is hot",
  },
  {
    path: ["gateway.tls", "gateway.gateways[].tls"],
    impact: "hot-reload",
    why: "new gateway connections use it, those that are open stay as they are",
  },
  {
    path: "gateway.gateways[]",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither adds nor removes remote gateways; it is enough that the new cluster lists the old ones",
    whole: true,
  },
];

/** Leaf nodes, of both sides. */
export const leafRules: readonly ConfigRule[] = [
  {
    path: "leafnodes.authorization.timeout",
    when: (change, context) => !authTimeoutMoves("leafnodes")(change, context),
    impact: "none",
    why: "the time to authenticate is what it was",
  },
  {
    path: "leafnodes.tls",
    when: (change, context) => comesOrGoes(change) && authTimeoutMoves("leafnodes")(change, context),
    impact: "rolling-restart",
    why: "tls moves the default of leafnodes.authorization.timeout (2s, with tls 3s), which a reload refuses; with an explicit timeout it is hot",
  },
  {
    path: "leafnodes.tls",
    impact: "hot-reload",
    why: "new leaf connections use it, those that are open stay as they are",
  },
  {
    path: "leafnodes.authorization.users[].proxy_required",
    impact: "hot-reload",
    why: "holds for leaf nodes that connect from now on",
  },
  {
    path: "leafnodes.authorization.users[]",
    impact: "rolling-restart",
    why: "a reload refuses any change of the leaf users",
    whole: true,
  },
  {
    path: "leafnodes.remotes[]",
    since: "2.12.0",
    before: "2.14.0",
    when: (change, { from, to }) => disappears(change) && remoteCount(to) < remoteCount(from),
    impact: "rolling-restart",
    why: "a reload that leaves fewer remotes crashes servers of 2.12",
    hazards: ["crashes"],
    whole: true,
  },
  {
    path: "leafnodes.remotes[]",
    before: "2.14.0",
    impact: "rolling-restart",
    why: "servers before 2.14 refuse a reload that adds, removes or changes remotes",
    whole: true,
  },
  { path: "leafnodes.remotes[]", when: appears, impact: "hot-reload", why: "the remote is dialled", whole: true },
  { path: "leafnodes.remotes[]", when: disappears, impact: "hot-reload", why: "the link is closed", whole: true },
  {
    path: "leafnodes.remotes[]",
    impact: "hot-reload",
    why: "with other URLs, account or credentials it is another remote to the server: the link is closed and the new one dialled",
    whole: true,
  },
  {
    path: "leafnodes.remotes[].tls",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither adds tls to a remote nor removes it; with another URL in the same edit it is another remote, which servers from 2.14 on take by reload",
    whole: true,
  },
  {
    path: ["leafnodes.remotes[].deny_imports", "leafnodes.remotes[].deny_exports"],
    before: "2.14.0",
    impact: "rolling-restart",
    why: "servers before 2.14 accept the reload, but go on as before until they are restarted",
    hazards: ["acceptedWithoutEffect"],
  },
];

function remoteCount(conf: RuleContext["from"]): number {
  return elements(at(conf, "leafnodes.remotes")).length;
}

/** With an operator the server looks accounts up at its resolver. */
function pinsNewAccount(change: ConfDifference, { from }: RuleContext): boolean {
  if (from.has("operator") || from.has("trusted_keys")) return false;
  const known = new Set(["$G", "$SYS", ...memberMap(from.get("accounts")).keys()]);
  const pinned = new Set(elements(change.from).map(valueKey));
  return elements(change.to).some(
    (name) => !pinned.has(valueKey(name)) && !(typeof name === "string" && known.has(name)),
  );
}

export function hasSecret(conf: RuleContext["from"], block: string): boolean {
  const authorization = at(conf, `${block}.authorization`);
  return isConfMap(authorization) && (authorization.has("password") || authorization.has("token"));
}
