import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import type { Fields } from "../../provider/model/jsonFields";

/** Fields of the model that no transition changes. */
export function untold(
  fields: Fields,
  transitions: readonly { readonly before: JsonObject; readonly after: JsonObject }[],
): string[] {
  return Object.values(fields)
    .map(({ json }) => json)
    .filter((name) => transitions.every(({ before, after }) => sameJson(before[name], after[name])));
}
