import type { JsonObject } from "../../provider/model/exactJson";

/** Both ways between two values of one field, with the same company. */
export function both(
  field: string,
  one: JsonObject[string],
  other: JsonObject[string],
  beside: JsonObject = {},
): { readonly what: string; readonly before: JsonObject; readonly after: JsonObject }[] {
  const value = (each: JsonObject[string]) => ({ ...beside, ...(each === undefined ? {} : { [field]: each }) });
  const text = (each: JsonObject[string]) => (each === undefined ? "nothing" : JSON.stringify(each));
  return [
    { what: `${field}: ${text(one)} → ${text(other)}`, before: value(one), after: value(other) },
    { what: `${field}: ${text(other)} → ${text(one)}`, before: value(other), after: value(one) },
  ];
}
