import type { Problem } from "../errors";

/** Before an object store's name in that of its stream. */
export const objectStorePrefix = "OBJ_";

/** What is wrong with the name of a bucket, which is stricter than that of a stream; or undefined. */
export function bucketProblem(path: string, name: unknown): Problem | undefined {
  if (typeof name !== "string" || name === "") {
    return { path, reason: "the bucket's name is missing", fix: `${path}: "config"` };
  }
  const bad = /[^\w-]/.exec(name);
  if (!bad) return undefined;
  return {
    path,
    reason: `${JSON.stringify(name)} can't name a bucket: it contains ${JSON.stringify(bad[0])} (letters, digits, "_" and "-" only)`,
    fix: `${path}: "${name.trim().replace(/[^\w-]+/g, "_")}"`,
  };
}
