import type { Claims } from "../apply/claims";
import { ClusterError } from "../apply/clusterError";
import { distrust, reachClaims, trustOf } from "../apply/claimsTrust";
import { waitFor } from "../apply/wait";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import type { AccountServers } from "../model/jwt/accountServers";
import { readClaims } from "../model/jwt/claims";
import { formatSize } from "../model/units";
import type { Account } from "@nats-io/jwt";

interface Accountz {
  readonly account_detail?: { readonly jwt?: string; readonly jetstream_enabled?: boolean };
}

/** Gives an account's JWT to every server of a cluster and waits until each has it in use; fails with what is in the way. */
export async function pushAccount(servers: AccountServers, jwt: string): Promise<void> {
  const claims = await reachClaims(servers);
  const { sub, iss, nats, name } = readClaims<Account>(jwt)!;
  const reason = await distrust(claims, iss);
  if (reason !== undefined) throw new ClusterError(reason);
  const wantsJetStream = usesJetStream(nats);
  const lack = wantsJetStream ? await jetStreamLack(claims, name, nats) : undefined;
  if (lack) throw new ClusterError(lack.reason, lack);
  await claims.push(jwt);
  await waitFor(`account "${name}" on cluster "${servers.cluster}"`, { timeout: 5000 }, async () => {
    const kept = await claims.lookup(sub);
    const older = kept.filter((text) => text !== jwt).length;
    if (older > 0)
      return { pending: `${older} of ${kept.length} servers keep other claims than those that were pushed` };
    const inUse = await claims.ping<Accountz>("ACCOUNTZ", { account: sub });
    for (const [server, answer] of inUse) {
      const info = answer instanceof NatsError ? undefined : answer.account_detail;
      // A server loads an account when somebody needs it.
      if (info === undefined) continue;
      if (info.jwt !== jwt) {
        return { pending: `${server} uses other claims than those that were pushed; its log says why` };
      }
      if (wantsJetStream && !info.jetstream_enabled) {
        return { pending: `${server} does not enable JetStream for it: its limits are more than the server has left` };
      }
    }
    return { value: true };
  });
}

/** The JWT that the servers of a cluster have of an account: one, none, or not the same everywhere. */
export async function liveAccount(servers: AccountServers, account: string): Promise<readonly string[]> {
  const claims = await reachClaims(servers);
  return [...new Set(await claims.lookup(account))];
}

/** A server has an account loaded whose claims were taken away: by the same JWT once more it does not wake it, JetStream least of all. */
export async function isForgotten(servers: AccountServers, account: string): Promise<boolean> {
  const claims = await reachClaims(servers);
  const loaded = await claims.ping<Accountz>("ACCOUNTZ", { account });
  return [...loaded.values()].some((answer) => !(answer instanceof NatsError) && answer.account_detail !== undefined);
}

/** What stands in the way of an account with JetStream, or undefined. */
export async function jetStreamLack(
  claims: Claims,
  name: string,
  { limits }: Partial<Account>,
): Promise<Problem | undefined> {
  const { jetStream, room } = await trustOf(claims);
  const { cluster } = claims.servers;
  if (!jetStream) {
    return {
      path: "clusters",
      reason: `account "${name}" has JetStream, and cluster "${cluster}" has it not on every server`,
      fix: "jetstream: {} of the cluster, or an account without jsDiskStorage and jsMemStorage",
    };
  }
  for (const [server, { memory, storage }] of room) {
    for (const [path, wanted = 0, most, key] of [
      ["jsDiskStorage", limits?.disk_storage, storage, "maxFileStore"],
      ["jsMemStorage", limits?.mem_storage, memory, "maxMemoryStore"],
    ] as const) {
      if (wanted <= most) continue;
      const size = formatSize(BigInt(wanted));
      const reason = `account "${name}" wants ${size}, and ${server} of cluster "${cluster}" has ${formatSize(BigInt(most))} for all accounts`;
      return { path, reason, fix: `jetstream: { ${key}: "${size}" } of the cluster, or ${path}: -1` };
    }
  }
  return undefined;
}

export function usesJetStream({ limits }: Partial<Account>): boolean {
  const all = [limits ?? {}, ...Object.values(limits?.tiered_limits ?? {})];
  return all.some((one) => (one.disk_storage ?? 0) !== 0 || (one.mem_storage ?? 0) !== 0);
}
