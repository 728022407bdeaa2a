import type { CallContext } from "../host/handler";
import type { Json, JsonObject } from "../model/exactJson";
import { subjectsCollide } from "../model/names";
import { titleOf } from "../model/titleOf";
import { ofProgram } from "./ofProgram";

/** A stream that the program declares, as settled as it is known. */
export interface ProgramStream {
  readonly name: string;
  readonly config: () => JsonObject;
}

interface Declared {
  readonly streams: ReadonlyMap<string, () => JsonObject>;
  /** There are more, whose names are not known yet. */
  readonly isOpen: boolean;
}

/** By URN. */
const declared = ofProgram(() => new Map<string, Declared>());

/** Remembers which streams a resource is, for those that come after it in this preview or `up`: they may not be there yet. */
export function declareStreams(context: CallContext, streams: readonly ProgramStream[], isOpen: boolean): void {
  if (context.urn === undefined) return;
  const named = streams.map(({ name, config }) => [name, once(config)] as const);
  declared(context).set(context.urn, { streams: new Map(named), isOpen });
}

/** The stream is one that the program has declared so far, or may be one. */
export function isDeclared(context: CallContext, stream: string): boolean {
  return declaredOf(context).some(([, { streams, isOpen }]) => isOpen || streams.has(stream));
}

/** What the program says of it, as far as it has come. */
export function declaredConfig(context: CallContext, stream: string): JsonObject | undefined {
  const found = declaredOf(context).find(([, { streams }]) => streams.has(stream));
  return found?.[1].streams.get(stream)?.();
}

/** Streams of other resources of the program that have a subject that collides with this one: `"B" of nats.Stream "b"`. */
export function othersWith(context: CallContext, stream: string, subject: string): { name: string; words: string }[] {
  return declaredOf(context).flatMap(([urn, { streams }]) =>
    urn === context.urn
      ? []
      : [...streams]
          .filter(
            ([name, config]) => name !== stream && subjectsOf(config()).some((each) => subjectsCollide(each, subject)),
          )
          .map(([name]) => ({ name, words: `"${name}" of ${titleOf(urn)}` })),
  );
}

function subjectsOf({ subjects }: JsonObject): readonly string[] {
  return Array.isArray(subjects) ? (subjects as readonly Json[]).map(String) : [];
}

function declaredOf(context: CallContext): [string, Declared][] {
  return [...declared(context)];
}

function once<Result>(work: () => Result): () => Result {
  let known: { readonly result: Result } | undefined;
  return () => (known ??= { result: work() }).result;
}
