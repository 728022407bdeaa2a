import { NatsError } from "../errors";
import type { Claims } from "./claims";
import { trustOf } from "./claimsTrust";
import type { Jsz } from "./serverAnswers";
import { waitFor } from "./wait";

/** Streams of an account with their messages, on all servers that have its claims; undefined where there is no JetStream. */
export async function accountStreams(
  claims: Claims,
  publicKey: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const answers = await claims.pingAll<Jsz>("JSZ", { account: publicKey, streams: true });
  const all = answers.filter((answer): answer is Jsz => !(answer instanceof NatsError));
  if (all.every(({ disabled }) => disabled)) return undefined;
  const held = new Map<string, number>();
  for (const { account_details: accounts = [] } of all) {
    const own = accounts.filter((one) => one.id === publicKey || one.name === publicKey);
    for (const { name, state } of own.flatMap((one) => one.stream_detail ?? [])) {
      held.set(name, Math.max(held.get(name) ?? 0, state?.messages ?? 0));
    }
  }
  return held;
}

/** Servers that have lost an account's claims see nothing of its streams: they get the claims back, and look for what is stored. */
export async function showStreams(claims: Claims, publicKey: string, jwt: string): Promise<void> {
  if ((await claims.lookup(publicKey)).some((kept) => kept !== "")) return;
  if (!(await trustOf(claims)).jetStream) return;
  await claims.push(jwt);
  await waitFor(`JetStream of cluster "${claims.servers.cluster}"`, { timeout: 20_000 }, async () => {
    const all = await claims.ping<Jsz>("JSZ");
    const leaderless = [...all].filter(
      ([, jsz]) => !(jsz instanceof NatsError) && jsz.meta_cluster && !jsz.meta_cluster.leader,
    );
    return leaderless.length === 0 ? { value: true } : { pending: `${leaderless[0]![0]} knows no leader` };
  });
  // A server loads an account when somebody needs it, as this look does.
  await claims.ping("HEALTHZ");
}

/**
 * Deletes an account's streams with their consumers and files. A server that finds files of an account which it can't resolve any
 * more is unhealthy from its next start on.
 */
export async function emptyAccount(claims: Claims, publicKey: string, name: string): Promise<void> {
  const what = `the streams of account "${name}" gone from cluster "${claims.servers.cluster}"`;
  await waitFor(what, { timeout: 20_000 }, async () => {
    if (!(await claims.purgeJetStream(publicKey))) return { pending: "no leader of JetStream answers" };
    const left = [...((await accountStreams(claims, publicKey)) ?? [])].map(([stream]) => stream);
    return left.length === 0 ? { value: true } : { pending: `${left.join(", ")} still there` };
  });
}
