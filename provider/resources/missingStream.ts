import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import { isObject, textOf } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { isDeclared } from "./programStreams";

/** What a resource relies on: a stream, or a bucket, that something else makes. */
export interface Needed {
  /** Property that names it. */
  readonly path: string;
  readonly stream: string;
  /** `stream "ORDERS"`, `bucket "config"`. */
  readonly words: string;
  /** What comes of it where it is not there. */
  readonly then: string;
  readonly fix: string;
}

/** Warnings of what is not there, and is declared by nothing of the program before. */
export async function missingStreams(
  context: CallContext,
  js: JetStream,
  all: readonly Needed[],
  own: (stream: string) => boolean = () => false,
): Promise<Problem[]> {
  const found = await Promise.all(
    all.map(async ({ path, stream, words, then, fix }): Promise<Problem[]> => {
      if (own(stream) || isDeclared(context, stream)) return [];
      // Whoever may not look can't say that it is not there.
      const isThere = await streamInfo(js, stream).then(
        (info) => info !== undefined,
        () => true,
      );
      if (isThere) return [];
      const reason = `there is no ${words}, and nothing that comes before and has the same provider makes it: ${then}`;
      return [{ path, reason, fix, severity: "warning" }];
    }),
  );
  return found.flat();
}

/** What a consumer is of. */
export function streamNeeded(stream: string): Needed {
  return {
    path: "stream",
    stream,
    words: `stream "${stream}"`,
    then: "the server refuses it (10059) unless it is there by then",
    fix: "`stream: orders.name` (for a map: dependsOn) of a stream that this program makes, which puts the two in order; or the name of one that is there",
  };
}

/** What a key or an object is in. */
export function bucketNeeded(bucket: string, prefix: string, noun: string): Needed {
  return {
    path: "bucket",
    stream: prefix + bucket,
    words: `${noun} "${bucket}"`,
    then: "nothing can be written unless it is there by then",
    fix: "`bucket: config.bucket` of one that this program makes, which puts the two in order; or the name of one that is there",
  };
}

/** The streams of the same account that a stream copies and did not copy before. */
export function originsNeeded(config: JsonObject, before: JsonObject | undefined): Needed[] {
  const known = new Set(before === undefined ? [] : origins(before).map(({ stream }) => stream));
  return origins(config)
    .filter(({ stream }) => !known.has(stream))
    .map(({ path, stream }) => ({
      path: `${path}.name`,
      stream,
      words: `stream "${stream}"`,
      then: "nothing is copied until it is there",
      fix: "the name of a stream that is there, or `origin.name` of one that this program makes, which puts the two in order",
    }));
}

function origins({ mirror, sources }: JsonObject): { readonly path: string; readonly stream: string }[] {
  const list = Array.isArray(sources) ? (sources as readonly Json[]) : [];
  const all = [["mirror", mirror] as const, ...list.map((source, index) => [`sources[${index}]`, source] as const)];
  return all.flatMap(([path, source]) => {
    if (!isObject(source) || isObject(source["external"]) || textOf(source["name"]) === "") return [];
    return [{ path, stream: textOf(source["name"]) }];
  });
}
