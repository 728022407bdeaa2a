import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { Argument } from "../model/argument";
import { usable } from "../model/argument";

/** What is wrong with the shape of a resource's inputs, and the rest of them; what is known only later is left for then. */
export function shapeOf<Inputs extends object>(
  shape: Argument,
  inputs: Inputs,
): { readonly problems: Problem[]; readonly sound: Inputs } {
  const given = Object.entries(inputs).filter(([, value]) => value !== null);
  const problems = shape(Object.fromEntries(given.filter(([, value]) => !hasUnknown(value))), "");
  return { problems, sound: usable(Object.fromEntries(given) as Inputs, problems) };
}
