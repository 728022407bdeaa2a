/** A time as the server writes it: UTC, "Z", no zeros at the end of the fraction; undefined when it is none. */
export function expandTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const match = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/.exec(value);
  if (!match) return undefined;
  const date = new Date(`${match[1]!.toUpperCase()}${match[3]!.toUpperCase()}`);
  if (Number.isNaN(date.getTime())) return undefined;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  return `${date.toISOString().slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}Z`;
}
