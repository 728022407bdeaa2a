import { consumerFields } from "../model/consumerFields";
import type { Field } from "../model/jsonFields";
import { streamFields } from "../model/streamFields";
import { formatSize, shortDuration } from "../model/units";

const kinds = new Map<string, Field["kind"]>(
  [...Object.values<Field>(streamFields), ...Object.values<Field>(consumerFields)].map(({ json, kind }) => [
    json,
    kind,
  ]),
);

/** A field's value as a program writes it: durations and sizes with their units. `path` is the server's name. */
export function fieldText(path: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  const kind = kinds.get(path);
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (isWhole && kind === "duration" && value != 0) return shortDuration(BigInt(value as number));
  if (isWhole && kind === "size" && BigInt(value as number) > 0n) return formatSize(BigInt(value as number));
  if (kind === "durations" && Array.isArray(value)) {
    value = (value as readonly (number | bigint)[]).map((each) => shortDuration(BigInt(each)));
  }
  const text = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "bigint" ? member.toString() : member,
  );
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
