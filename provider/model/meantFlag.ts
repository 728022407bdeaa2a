const yes: readonly unknown[] = [true, 1, "1", "true", "yes", "y", "on", "enabled"];
const no: readonly unknown[] = [false, 0, "0", "false", "no", "n", "off", "disabled", "none"];

/** Whether what stands where true or false is wanted says yes or no; undefined where one can't tell. */
export function meantFlag(value: unknown): boolean | undefined {
  const plain = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (yes.includes(plain)) return true;
  return no.includes(plain) ? false : undefined;
}
