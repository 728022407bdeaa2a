import { hasUnknown } from "../host/handler";
import type { DeclaredObject } from "../host/handler";

/** The one object that a resource is; nothing where its names are not known yet, or are none. */
export function declaredAs(noun: string, names: readonly unknown[], words: string, path: string): DeclaredObject[] {
  const isKnown = names.every((name) => typeof name === "string" && !hasUnknown(name));
  return isKnown ? [{ key: `${noun} ${names.join("/")}`, words, path }] : [];
}
