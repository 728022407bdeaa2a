import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { keyTree } from "../../facts";
import type { KeyNode } from "../../facts";
import { memberOf } from "../../facts/keyTree";
import type { CheckContext } from "./context";

/** Keys that a server of this version does not know yet. */
export function checkVersion(root: ConfMap, version: string | undefined, context: CheckContext): void {
  if (version === undefined) return;
  const server = numbers(version);
  const visit = (value: ConfValue, node: KeyNode, path: string): void => {
    if (isConfList(value)) return value.forEach((each, index) => visit(each, node, joinPath(path, index)));
    if (!isConfMap(value)) return;
    for (const [key, each] of value) {
      const member = memberOf(node, key);
      if (!member) continue;
      const where = joinPath(path, key);
      const since = member.fact?.since;
      if (since && !since.startsWith("<") && compare(server, numbers(since)) < 0)
        context.error(
          where,
          `${member.key} needs nats-server >= ${since}, and this one is ${version}`,
          `a server of ${since} or later`,
        );
      else visit(each, member, where);
    }
  };
  visit(root, keyTree(), "");
}

function numbers(version: string): readonly number[] {
  return version.replace(/^v/, "").split(/[.-]/).slice(0, 3).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
