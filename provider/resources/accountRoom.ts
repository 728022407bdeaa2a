import type { AccountInfo } from "../apply/jetstream";

/** Bytes that the account lets one stream take; undefined for any number. */
export function roomIn(account: AccountInfo, medium: "file" | "memory", replicas: number): number | undefined {
  const tier = account.tiers?.[`R${replicas}`];
  const { limits, memory, storage } = tier ?? account;
  const isMemory = medium === "memory";
  const most = isMemory ? limits.max_memory : limits.max_storage;
  if (most < 0) return undefined;
  return Math.floor((most - (isMemory ? memory : storage)) / (tier ? 1 : replicas));
}
