import type { Account } from "@nats-io/jwt";
import { accountStreams, emptyAccount, showStreams } from "../apply/accountStreams";
import { reachClaims } from "../apply/claimsTrust";
import { waitFor } from "../apply/wait";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { counted } from "../model/counted";
import type { AccountServers } from "../model/jwt/accountServers";
import { readClaims } from "../model/jwt/claims";
import { usesJetStream } from "./accountPush";
import { allowedForAll } from "./allowedForAll";
import { oneAtATime } from "./oneAtATime";
import type { AccountState } from "./accountState";
import { now } from "./jwtIssue";

/** Takes the account and its streams from every server; not one whose streams hold messages, unless the program lets them go. */
export async function deleteAccount(context: CallContext, id: string, state: AccountState): Promise<void> {
  const allowed = state.onDataLoss === "allow" || allowedForAll();
  await oneAtATime(id, async () => {
    if (!allowed) for (const servers of state.servers) await refuseLoss(servers, state);
    const failures: string[] = [];
    for (const servers of state.servers) {
      try {
        await remove(context, servers, state, allowed);
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    if (failures.length > 0) {
      const fix = `Fix: bring the servers back and run it again, or forget the account: pulumi state delete '${context.urn ?? "<urn>"}'`;
      throw new NatsError(`account "${state.name}" is not gone everywhere:\n${failures.join("\n")}\n${fix}`);
    }
  });
}

/** Its streams before its claims: without these nobody reaches them, and a server that restarts is not healthy with them. */
async function remove(
  context: CallContext,
  servers: AccountServers,
  state: AccountState,
  allowed: boolean,
): Promise<void> {
  const claims = await reachClaims(servers);
  const { publicKey, name } = state;
  const held = await accountStreams(claims, publicKey);
  // Servers show nothing of what an account holds whose JetStream is off.
  if (held !== undefined && (held.size > 0 || allowed || usesJetStream(readClaims<Account>(state.jwt)!.nats))) {
    if (held.size > 0) await context.info(`account "${name}" takes its streams with it: ${streamsText(servers, held)}`);
    await emptyAccount(claims, publicKey, name);
  }
  if ((await claims.lookup(publicKey)).every((jwt) => jwt === "")) return;
  await claims.remove([publicKey], state.operatorKey, now());
  await waitFor(`account "${name}" gone from cluster "${servers.cluster}"`, { timeout: 5000 }, async () => {
    const left = (await claims.lookup(publicKey)).filter((jwt) => jwt !== "").length;
    return left === 0 ? { value: true } : { pending: `${left} servers have it still` };
  });
}

async function refuseLoss(servers: AccountServers, { name, publicKey, jwt }: AccountState): Promise<void> {
  const claims = await reachClaims(servers);
  await showStreams(claims, publicKey, jwt);
  const held = (await accountStreams(claims, publicKey)) ?? new Map<string, number>();
  if ([...held.values()].every((messages) => messages === 0)) return;
  const fix =
    'set onDataLoss: "allow" on the account and run `pulumi up` before it is removed; or, for everything at once, ' +
    "`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`; or keep it on the servers with the option retainOnDelete: true " +
    "(or, where these go with it, deletedWith: cluster.servers), and its seed elsewhere, since the state forgets it";
  throw new NatsError(
    `account "${name}" holds messages, which would be deleted with it: ${streamsText(servers, held)}. Fix: ${fix}`,
  );
}

/** What an account that is replaced takes with it, before anything is done. */
export async function streamsLost(
  state: AccountState,
): Promise<{ readonly text: string; readonly isEmpty: boolean }[]> {
  const found = await Promise.all(
    state.servers.map(async (servers) => {
      const held = await accountStreams(await reachClaims(servers, "2s"), state.publicKey);
      if (held === undefined || held.size === 0) return [];
      return [{ text: streamsText(servers, held), isEmpty: [...held.values()].every((messages) => messages === 0) }];
    }),
  );
  return found.flat();
}

function streamsText({ cluster }: AccountServers, streams: ReadonlyMap<string, number>): string {
  const words = [...streams].map(([stream, messages]) => `${stream} (${counted(messages, "message")})`);
  return `${words.join(", ")} on cluster "${cluster}"`;
}
