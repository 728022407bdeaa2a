import type { Problem } from "../../errors";
import { isObject } from "../exactJson";
import type { Json, JsonObject } from "../exactJson";
import { expandFields } from "../jsonFields";
import type { FieldKind, Fields } from "../jsonFields";
import { formatDuration } from "../units";

/** The `spec` of an object of nack's, from what the program says. What can't be read is added to `problems`. */
export function nackSpec(fields: Fields, inputs: Readonly<Record<string, unknown>>, problems: Problem[]): JsonObject {
  return written(fields, expandFields(fields, inputs, problems));
}

/** The controller reads durations as Go writes them. */
function written(fields: Fields, json: JsonObject): JsonObject {
  const kinds = Object.fromEntries(Object.values(fields).map(({ json: name, kind }) => [name, kind]));
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      value === undefined ? value : writtenValue(kinds[name]!, value),
    ]),
  );
}

function writtenValue(kind: FieldKind, value: Json): Json {
  if (kind === "duration") return formatDuration(BigInt(value as number | bigint));
  if (kind === "durations") return (value as readonly number[]).map((span) => formatDuration(BigInt(span)));
  if (typeof kind !== "object") return value;
  if ("object" in kind && isObject(value)) return written(kind.object, value);
  if ("list" in kind) return (value as readonly JsonObject[]).map((one) => written(kind.list, one));
  return value;
}
