import { NatsError } from "../errors";

/** The refusal of an import of what no server could tell: `why` that is, and what the program says in its place. */
export function notImportable(kind: string, id: string, why: string, fix: string): NatsError {
  return new NatsError(`${kind} "${id}" can't be imported: ${why}. Fix: ${fix}`);
}
