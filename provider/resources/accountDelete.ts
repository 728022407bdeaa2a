import { reachClaims } from "../apply/claimsTrust";
import { waitFor } from "../apply/wait";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import type { AccountServers } from "../model/jwt/accountServers";
import { allowedForAll } from "./allowedForAll";
import { oneAtATime } from "./oneAtATime";
import type { AccountState } from "./accountState";
import { now } from "./jwtIssue";

interface Jsz {
  readonly account_details?: readonly {
    readonly id?: string;
    readonly name: string;
    readonly stream_detail?: readonly { readonly name: string; readonly state: { readonly messages: number } }[];
  }[];
}

/** Takes the account from every server; not one whose streams hold messages, unless the program lets them go. */
export async function deleteAccount(context: CallContext, id: string, state: AccountState): Promise<void> {
  const allowed = state.onDataLoss === "allow" || allowedForAll();
  await oneAtATime(id, async () => {
    if (!allowed) for (const servers of state.servers) await refuseLoss(servers, state);
    const failures: string[] = [];
    for (const servers of state.servers) {
      try {
        await remove(servers, state);
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

async function remove(servers: AccountServers, state: AccountState): Promise<void> {
  const claims = await reachClaims(servers);
  if ((await claims.lookup(state.publicKey)).every((jwt) => jwt === "")) return;
  await claims.remove([state.publicKey], state.operatorKey, now());
  await waitFor(`account "${state.name}" gone from cluster "${servers.cluster}"`, { timeout: 5000 }, async () => {
    const left = (await claims.lookup(state.publicKey)).filter((jwt) => jwt !== "").length;
    return left === 0 ? { value: true } : { pending: `${left} servers have it still` };
  });
}

async function refuseLoss(servers: AccountServers, { name, publicKey }: AccountState): Promise<void> {
  const claims = await reachClaims(servers);
  const held = new Map<string, number>();
  for (const [, jsz] of await claims.ping<Jsz>("JSZ", { account: publicKey, streams: true })) {
    if (jsz instanceof NatsError) continue;
    const own = (jsz.account_details ?? []).filter((one) => one.id === publicKey || one.name === publicKey);
    for (const { name: stream, state } of own.flatMap((one) => one.stream_detail ?? [])) {
      held.set(stream, Math.max(held.get(stream) ?? 0, state.messages));
    }
  }
  const full = [...held].filter(([, messages]) => messages > 0);
  if (full.length === 0) return;
  const what = full.map(([stream, messages]) => `${stream} (${messages} messages)`).join(", ");
  const fix =
    'set onDataLoss: "allow" on the account and run `pulumi up` before it is removed; or, for everything at once, ' +
    "`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`; or keep it with the option retainOnDelete: true";
  throw new NatsError(
    `account "${name}" holds streams on cluster "${servers.cluster}", which nobody could reach without it: ${what}. Fix: ${fix}`,
  );
}
