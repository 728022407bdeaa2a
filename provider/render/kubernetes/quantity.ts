import { parseSize } from "../../model/units";

/** A size as Kubernetes writes it: "10GiB" → "10Gi", "1000" → "1000". */
export function quantity(size: string | number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
  let rest = parseSize(size);
  let index = 0;
  while (index < units.length - 1 && rest !== 0n && rest % 1024n === 0n) {
    rest /= 1024n;
    index++;
  }
  return `${rest}${units[index]}`;
}

/** Bytes of a quantity; undefined for one that can't be read. */
export function bytesOf(text: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d+))?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$/.exec(text);
  if (!match) return undefined;
  const [, whole = "0", part = "", unit = ""] = match;
  const power = "KMGTPE".indexOf(unit.charAt(0).toUpperCase()) + 1;
  const factor = unit === "" ? 1n : (unit.endsWith("i") ? 1024n : 1000n) ** BigInt(power);
  return (BigInt(whole + part) * factor) / 10n ** BigInt(part.length);
}
