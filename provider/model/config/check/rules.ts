import type { ConfValue } from "../../../conf/value";
import type { CheckContext } from "./context";
import { accountRules } from "./accountRules";
import { authRules } from "./authRules";
import { blockRules } from "./blockRules";
import { tlsRules } from "./tlsRules";
import { valueRules } from "./valueRules";

/** What the parser asks of a block (by its place) or of a value (by `=` and its place) beyond names and types. */
export type Rule = (value: ConfValue, path: string, context: CheckContext) => void;

export function ruleFor(place: string): Rule | undefined {
  rules ??= new Map(Object.entries({ ...valueRules, ...blockRules, ...authRules, ...accountRules }));
  const known = rules.get(place);
  if (known) return known;
  const tls = /^(=?)(?:.*\.)?(?:resolver_)?tls((?:\..*)?)$/.exec(place);
  return tls ? tlsRules(tls[1] + tls[2]!, place) : undefined;
}

let rules: ReadonlyMap<string, Rule> | undefined;
