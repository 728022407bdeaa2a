import { formatSize } from "./units";

/** How much it is, for people: "309 bytes", "12 KiB", "10GiB" where that is exact. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  return bytes % 1024 === 0 ? formatSize(BigInt(bytes)) : `${Math.ceil(bytes / 1024)} KiB`;
}
