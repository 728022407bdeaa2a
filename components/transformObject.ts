import type { Problem } from "../provider/errors";
import { isObject } from "../provider/model/exactJson";
import type { Manifest } from "../provider/render/kubernetes/manifest";

/** A program's last word on an object; nothing where it changes nothing, or has changed the very object that it got. */
export type Transform<Object> = (object: Object) => Object | undefined | void;

/** What an object is found by. */
type Identity = "apiVersion" | "kind" | "metadata.name" | "metadata.namespace";

export interface Transformed {
  readonly object: Manifest;
  readonly problems: readonly Problem[];
}

/** The object as the program's transform leaves it; as it was where that makes no object of it, or one of another identity. */
export function transformObject<Object extends Manifest>(
  manifest: Object,
  transform: Transform<Object> | undefined,
  path: string,
  identity: readonly Identity[],
): Transformed {
  const own = identityOf(manifest);
  const kept = { ...manifest, metadata: { ...manifest.metadata } };
  const result: unknown = transform?.(manifest) ?? manifest;
  const subject = `${own.kind as string} ${own["metadata.name"] as string}`;
  if (!isManifest(result)) {
    const reason = `of ${subject} it makes ${wordsOf(result)}, which is no object of the Kubernetes API`;
    return { object: kept, problems: [{ path, reason, fix: "(object) => ({ ...object, … })" }] };
  }
  const now = identityOf(result);
  const problems = identity
    .filter((key) => own[key] !== now[key])
    .map((key): Problem => {
      const reason = `of ${subject} it makes one with ${key} ${wordsOf(now[key])}, and by ${JSON.stringify(own[key])} it is found`;
      return { path, reason, fix: `leave ${key} as it is` };
    });
  return { object: problems.length > 0 ? kept : result, problems };
}

function identityOf({ apiVersion, kind, metadata }: Manifest): Readonly<Record<Identity, unknown>> {
  return { apiVersion, kind, "metadata.name": metadata.name, "metadata.namespace": metadata.namespace };
}

function isManifest(value: unknown): value is Manifest {
  return isObject(value) && typeof value["kind"] === "string" && isObject(value["metadata"]);
}

function wordsOf(value: unknown): string {
  if (value instanceof Promise) return "a Promise (it can't be async)";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "kind" in value ? "an object without metadata" : "an object without kind";
  return value === undefined ? "none" : JSON.stringify(value);
}
