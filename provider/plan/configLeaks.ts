import { atLeast } from "../model/serverRelease";
import { at } from "./configRule";
import type { RuleContext } from "./configRule";
import type { ConfDifference } from "./diffConf";
import { hasSecret } from "./configRulesLinks";

/**
 * True where the refusal of this change would print a secret: servers answer and log with the whole block, old and new, passwords and tokens
 * included. Leaf nodes from 2.14 on print only the first field that differs, in the order user, password.
 */
export function leaksSecret(change: ConfDifference, context: RuleContext, version: string): boolean {
  const block = change.rulePath.split(".")[0]!;
  if (!printsWhole.has(block)) return false;
  if (block === "leafnodes" && atLeast(version, "2.14.0"))
    return change.rulePath === "leafnodes.authorization.password" && sameUser(context);
  return [context.from, context.to].some((conf) => hasSecret(conf, block));
}

const printsWhole = new Set(["gateway", "leafnodes", "websocket", "mqtt"]);

function sameUser({ from, to }: RuleContext): boolean {
  return at(from, "leafnodes.authorization.user") === at(to, "leafnodes.authorization.user");
}
