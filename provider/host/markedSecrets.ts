import { splitPath } from "../conf/path";
import { textsOf } from "../model/hideSecrets";
import type { MarkedSecret } from "../model/hideSecrets";
import type { Bag } from "./dynamicProvider";
import { isUnknown } from "./handler";
import { secretsProperty } from "./providerText";

/** The secrets of these bags, each at every place where one of them is marked. */
export function markedSecrets(bags: readonly Bag[]): MarkedSecret[] {
  const paths = new Set(bags.flatMap((bag) => pathsIn(bag)));
  return [...paths].flatMap((path) => {
    const texts = bags.flatMap((bag) => textsOf(valueAt(bag, path)));
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
