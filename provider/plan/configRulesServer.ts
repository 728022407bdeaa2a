import type { ConfMap, ConfValue } from "../conf/value";
import { at, appears, comesOrGoes, disappears, goesDown, isSetOnBothSides, jetStreamRuns } from "./configRule";
import type { ConfigRule, RuleContext } from "./configRule";
import type { ConfDifference } from "./diffConf";
import { memberMap } from "./listIdentity";

const becomesAny = (change: ConfDifference): boolean => change.to === -1n;
const ports = ["port", "cluster.port", "gateway.port", "leafnodes.port", "websocket.port", "mqtt.port"];

/** Keys of the top level: listening, logging, limits, the operator and its resolver. */
export const serverRules: readonly ConfigRule[] = [
  {
    path: ports,
    when: (change) => becomesAny(change) && change.from !== undefined,
    impact: "hot-reload",
    why: "the server keeps the port that it has, and takes a free one at its next start",
  },
  {
    path: ["listen", "host", "port"],
    impact: "rolling-restart",
    why: "a reload does not move the client listener",
  },
  {
    path: "server_name",
    impact: "new-identity",
    why: "the server comes back as another one: JetStream's meta group keeps the old name as an offline peer until it is removed",
  },
  {
    path: ["syslog", "remote_syslog", "log_file"],
    when: (_change, { from, to }) => dialsSyslog(to) && logTarget(from) !== logTarget(to),
    impact: "rolling-restart",
    why: "the process ends when a reload makes it log to a syslog that can't be reached, so it is restarted instead, where a failure is seen",
    hazards: ["crashes"],
  },
  { path: "syslog", impact: "hot-reload", why: "a reload moves the log" },
  {
    path: "proxies",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload that adds or removes the whole proxies block crashes the server; write proxies { trusted: [] } from the start to change it by reload",
    hazards: ["crashes"],
    whole: true,
  },
  {
    path: "max_connections",
    when: goesDown,
    impact: "hot-reload",
    why: "connections above the new limit are closed at once",
    hazards: ["dropsClients"],
  },
  {
    path: "max_payload",
    when: goesDown,
    impact: "hot-reload",
    why: "clients that publish larger messages are disconnected when they do",
  },
  {
    path: ["operator", "trusted_keys"],
    when: comesOrGoes,
    impact: "refused",
    why: "accounts of the configuration and accounts of an operator exclude each other, and JetStream keeps data under the account's name: this is a migration, not an update",
  },
  {
    path: "operator",
    when: isAnotherOperator,
    impact: "refused",
    why: "it is another operator: the servers would drop every account that the one of before has issued, with its clients",
  },
  {
    path: "operator",
    impact: "rolling-restart",
    why: "a reload refuses any other operator JWT, also with the same file name, and with it every other change",
  },
  {
    path: "resolver",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload does not move to or from an account resolver",
    whole: true,
  },
  { path: "resolver", impact: "hot-reload", why: "a reload changes the kind of the resolver", whole: true },
  {
    path: "resolver_preload.<name>",
    when: isSignedByAnother,
    impact: "ordered-reload",
    why: "the account's JWT is signed by another key: every server must know that signing key before, or it drops the account",
  },
  {
    path: "resolver_preload.<name>",
    when: disappears,
    impact: "hot-reload",
    why: "clients of the account are closed unless the resolver has it",
    hazards: ["dropsClients"],
  },
  {
    path: "system_account",
    when: (change, context) =>
      isBuiltIn(change.from, context.from) && isBuiltIn(change.to, context.to) && hasSystemUsers(context.from),
    impact: "none",
    why: "$SYS is the system account anyway",
  },
  {
    path: "system_account",
    when: (change) => change.from === "$SYS" && disappears(change),
    impact: "none",
    why: "$SYS is the system account anyway",
  },
  {
    path: "system_account",
    impact: "rolling-restart",
    why: 'a reload does not change the system account, not even to spell out "$SYS"; users of $SYS can be added by reload under accounts."$SYS".users',
  },
  {
    path: "store_dir",
    when: (_change, { from, to }) => !jetStreamRuns(from) && !jetStreamRuns(to),
    impact: "hot-reload",
    why: "nothing is stored there: JetStream is off",
  },
  {
    path: "tls",
    when: appears,
    impact: "hot-reload",
    why: "new connections must use TLS, those that are open stay as they are",
  },
  {
    path: "tls",
    when: disappears,
    impact: "hot-reload",
    why: "new connections are in clear, those that are open stay as they are",
  },
  {
    path: "tls",
    when: isSetOnBothSides,
    impact: "hot-reload",
    why: "new connections use it, those that are open stay as they are",
  },
  { path: ["ocsp", "ocsp_cache"], impact: "hot-reload", why: "a reload starts OCSP anew", whole: true },
];

/** Where a server logs: the file wins over remote_syslog, and that over syslog. */
function logTarget(conf: ConfMap): string {
  const file = conf.get("log_file");
  if (typeof file === "string" && file !== "") return `file ${file}`;
  const remote = conf.get("remote_syslog");
  if (typeof remote === "string" && remote !== "") return `remote ${remote}`;
  return conf.get("syslog") === true ? "syslog" : "stderr";
}

/** Nothing can be unreachable over udp. */
function dialsSyslog(conf: ConfMap): boolean {
  const target = logTarget(conf);
  return target === "syslog" || (target.startsWith("remote") && !target.startsWith("remote udp:"));
}

function isBuiltIn(value: ConfValue | undefined, conf: ConfMap): boolean {
  return value === "$SYS" || (value === undefined && hasSystemUsers(conf));
}

function hasSystemUsers(conf: ConfMap): boolean {
  return memberMap(conf.get("accounts")).has("$SYS") || at(conf, "system_account") === "$SYS";
}

function isSignedByAnother(change: ConfDifference, context: RuleContext): boolean {
  const issuer = issuerOf(change.to);
  if (issuer === undefined) return false;
  if (change.from !== undefined) return issuerOf(change.from) !== issuer;
  const known = [...memberMap(context.from.get("resolver_preload")).values()].map(issuerOf);
  return known.length > 0 && !known.includes(issuer);
}

/** A JWT with another subject; what a path leads to is not known. */
function isAnotherOperator({ from, to }: ConfDifference): boolean {
  const [before, after] = [claimsOf(from)?.sub, claimsOf(to)?.sub];
  return before !== undefined && after !== undefined && before !== after;
}

function issuerOf(jwt: ConfValue | undefined): string | undefined {
  return claimsOf(jwt)?.iss;
}

function claimsOf(jwt: ConfValue | undefined): { readonly iss?: string; readonly sub?: string } | undefined {
  if (typeof jwt !== "string") return undefined;
  try {
    return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as { iss?: string; sub?: string };
  } catch {
    return undefined;
  }
}
