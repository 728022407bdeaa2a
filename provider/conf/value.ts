/**
 * A value of the nats.conf language, as the server's parser sees it: `bigint` is its int64, `number` its float64.
 * Maps keep the order they were written in and the spelling of their keys.
 */
export type ConfValue = string | bigint | number | boolean | Date | Reference | readonly ConfValue[] | ConfMap;
export type ConfMap = ReadonlyMap<string, ConfValue>;

/** `$name`: a value that stands elsewhere (in an included file, or in the environment). Only the writer takes it; a parse resolves it. */
export class Reference {
  readonly variable: string;
  constructor(variable: string) {
    this.variable = variable;
  }
}

export function isConfMap(value: unknown): value is ConfMap {
  return value instanceof Map;
}

export function isConfList(value: ConfValue | undefined): value is readonly ConfValue[] {
  return Array.isArray(value);
}

/** What a literal of plain objects means as conf: whole numbers become int64, undefined members are left out. */
export function toConfValue(value: unknown): ConfValue {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toConfValue);
  if (value instanceof Map || value instanceof Date || value instanceof Reference) return value as ConfValue;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return new Map(entries.map(([key, member]) => [key, toConfValue(member)]));
  }
  return value as string | bigint | boolean;
}
