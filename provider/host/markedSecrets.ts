import { splitPath } from "../conf/path";
import { textsOf } from "../model/hideSecrets";
import type { MarkedSecret } from "../model/hideSecrets";
import type { Bag } from "./dynamicProvider";
import { isUnknown } from "./handler";
import { secretsProperty } from "./providerText";

/**
 * The secrets of these bags, each at every place where one of them is marked. `mixed` are properties, at any depth, whose mark says no
 * more than that there are secrets in them: these are told by their names, and by their form.
 */
export function markedSecrets(bags: readonly Bag[], mixed: readonly string[] = []): MarkedSecret[] {
  const paths = new Set(bags.flatMap((bag) => pathsIn(bag)));
  return [...paths].flatMap((path) => {
    const all = bags.flatMap((bag) => textsOf(valueAt(bag, path)));
    const isMixed = mixed.includes(String(splitPath(path)?.at(-1)));
    const texts = isMixed ? all.filter((text) => text.includes("\n")) : all;
    return texts.length === 0 ? [] : [{ path, texts: [...new Set(texts)] }];
  });
}

function pathsIn(bag: Bag): string[] {
  const paths = bag[secretsProperty];
  return Array.isArray(paths) ? paths.filter((path): path is string => typeof path === "string") : [];
}

function valueAt(bag: Bag, path: string): unknown {
  let value: unknown = bag;
  for (const part of splitPath(path) ?? []) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return isUnknown(value) || value === bag ? undefined : value;
}
