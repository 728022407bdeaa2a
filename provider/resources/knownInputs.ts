import { isUnknown } from "../host/handler";

/** The inputs without those that are known only after an apply; checks of the rest see them as not given. */
export function known<T extends object>(inputs: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(inputs).filter(([, value]) => value !== undefined && !isUnknown(value));
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
