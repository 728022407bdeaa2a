import { NatsError } from "../../errors";
import type { Owner } from "./machine";

/** Whose servers a folder holds, as its owner.json says; a NatsError that names the file where that can't be read. */
export function readOwner(text: string, file: string): Owner {
  const fix = `Fix: give it back from a backup, or remove it: the next \`pulumi up\` that has its servers writes it anew`;
  let owner: Partial<Owner> | null;
  try {
    owner = JSON.parse(text) as Partial<Owner> | null;
  } catch (error) {
    throw new NatsError(`${file} says whose servers these are, and is no JSON: ${(error as Error).message}. ${fix}`);
  }
  if (typeof owner?.cluster !== "string") throw new NatsError(`${file} does not say whose servers these are. ${fix}`);
  return owner as Owner;
}
