import { specialSigKey } from "@pulumi/pulumi/runtime/rpc";

/** Inputs as a provider gets them: without the marks of secrets. */
export function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  if (specialSigKey in value) return withoutMarks((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMarks(member)]));
}
