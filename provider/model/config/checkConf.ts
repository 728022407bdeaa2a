import { ParsedConf } from "../../conf/parsed";
import { joinPath } from "../../conf/path";
import { isConfMap } from "../../conf/value";
import type { ConfMap, ConfValue } from "../../conf/value";
import type { Problem } from "../../errors";
import { checkAccountLinks } from "./check/accountLinks";
import { checkBlocks } from "./check/blocks";
import { CheckContext, plainText } from "./check/context";
import { member } from "./check/member";
import { checkStart } from "./check/start";
import { checkTraps } from "./check/traps";
import { checkVersion } from "./check/version";

export interface CheckOptions {
  /** Server that is to read the configuration, such as "2.15.2". Default the newest. */
  readonly serverVersion?: string;
}

/**
 * All that is wrong with a configuration: what `nats-server -t` refuses, what a start refuses though `-t` takes it, keys
 * that the server version does not know, and traps that no server reports. Files that it names are not looked at.
 * Each problem has the path in nats.conf as it is spelled there; no secret's value is shown.
 */
export function checkConf(conf: ParsedConf | ConfMap, options: CheckOptions = {}): Problem[] {
  const root = conf instanceof ParsedConf ? conf.root : conf;
  const problems = parserProblems(conf, options);
  const context = new CheckContext();
  checkStart(root, context);
  checkTraps(root, context);
  const warnings = conf instanceof ParsedConf ? conf.warnings : [];
  return withoutRepeats([...problems, ...context.problems, ...warnings]);
}

/** Only what `nats-server -t` refuses, and warnings. */
export function parserProblems(conf: ParsedConf | ConfMap, options: CheckOptions = {}): Problem[] {
  const isParsed = conf instanceof ParsedConf;
  const root = isParsed ? conf.root : conf;
  const context = new CheckContext(isParsed ? (path) => conf.variables.has(path) : undefined);
  if (root.size === 0) context.error("", "has no values: a server refuses an empty configuration");
  checkBlocks(root, context);
  allowedAccounts(root, context);
  checkAccountLinks(root, context);
  checkVersion(root, options.serverVersion, context);
  return context.problems;
}

function allowedAccounts(root: ConfMap, context: CheckContext): void {
  const callout = member(member(root, "authorization") ?? "", "auth_callout", "auth_hook");
  const allowed = member(callout ?? "", "allowed_accounts");
  const accounts = member(root, "accounts");
  const known = new Set<ConfValue>(
    isConfMap(accounts) ? accounts.keys() : Array.isArray(accounts) ? (accounts as ConfValue[]) : [],
  );
  if (member(root, "mappings", "maps") !== undefined) known.add("$G");
  for (const [index, name] of (Array.isArray(allowed) ? (allowed as ConfValue[]) : []).entries())
    if (!known.has(name))
      context.error(
        joinPath("authorization.auth_callout.allowed_accounts", index),
        `the account "${plainText(name)}" is not declared`,
      );
}

function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.path}\n${problem.reason}`, problem]));
  return [...seen.values()];
}
