import type { Problem } from "../errors";
import { moreProblems } from "../model/moreProblems";
import { titleOf } from "../model/titleOf";
import { ofProgram } from "../resources/ofProgram";
import type { DeclaredObject } from "./handler";

/** What the resources are that one provider process has been asked about: those of one preview, or of one `up`. */
interface Declared {
  /** URN of the first that said so, by object. */
  readonly owners: Map<string, string>;
  readonly keys: Map<string, readonly string[]>;
}

const declared = ofProgram((): Declared => ({ owners: new Map(), keys: new Map() }));

/** More than so many of one other resource are counted. */
const mostLines = 10;

/** Remembers what the resource is; a problem for each object that another resource of the program is already. */
export function declaredTwice(
  config: ReadonlyMap<string, string>,
  urn: string | undefined,
  objects: readonly DeclaredObject[],
): Problem[] {
  if (urn === undefined) return [];
  const { owners, keys } = declared({ config });
  for (const each of keys.get(urn) ?? []) if (owners.get(each) === urn) owners.delete(each);
  keys.set(
    urn,
    objects.map((object) => object.key),
  );
  const taken = objects.flatMap((object): Problem[] => {
    const other = owners.get(object.key);
    if (other === undefined) owners.set(object.key, urn);
    if (other === undefined || other === urn) return [];
    const reason = `${object.words} is that of ${titleOf(other)} of this program already`;
    return [{ path: object.path, reason, fix: "leave it out of one of the two, or give it another name" }];
  });
  if (taken.length <= mostLines) return taken;
  return [...taken.slice(0, mostLines), moreProblems(taken.slice(mostLines))];
}
