import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../model/exactJson";
import type { AccountInfo, JetStream } from "./jetstream";
import { deleteStream } from "./jetstreamStreams";
import { errorCodes, JetStreamError } from "./jetstreamErrors";

/** Where streams are wanted. */
export interface Place {
  readonly cluster?: string | undefined;
  readonly tags: readonly string[];
}

/** "all": some server is in that cluster and has all the tags; "tags": none has all of them; "cluster": there is no such cluster. */
export type Missing = "all" | "tags" | "cluster" | undefined;

const probes = new WeakMap<object, Map<string, { readonly at: number; readonly answer: Promise<Missing> }>>();
const freshFor = 3000;

/**
 * Asks what an account's user can't look up: it wants a stream on servers that have one more tag, which no server has, and the
 * refusal names the tags that were missed. Two replicas, since a server without a cluster looks at no tags but refuses those.
 * undefined where the servers don't say, or refuse for another reason first.
 */
export async function missingOf(js: JetStream, account: AccountInfo, place: Place): Promise<Missing> {
  const known = probes.get(js.connection) ?? new Map<string, { at: number; answer: Promise<Missing> }>();
  probes.set(js.connection, known);
  const key = JSON.stringify([js.options, place]);
  const last = known.get(key);
  if (last && Date.now() - last.at < freshFor) return last.answer;
  const answer = probe(js, account, place).catch(() => undefined);
  known.set(key, { at: Date.now(), answer });
  return answer;
}

async function probe(js: JetStream, account: AccountInfo, { cluster, tags }: Place): Promise<Missing> {
  const replicas = replicasOf(account);
  if (replicas === undefined) return undefined;
  const nonce = `pulumi-nats-${randomUUID()}`;
  const wanted: JsonObject = {
    name: nonce,
    subjects: [nonce],
    num_replicas: replicas,
    max_bytes: 1,
    placement: { ...(cluster === undefined ? {} : { cluster }), tags: [...tags, nonce] as Json },
  };
  try {
    await js.request(`STREAM.CREATE.${nonce}`, wanted, "placement");
  } catch (error) {
    if (!(error instanceof JetStreamError) || error.code !== errorCodes.noPeers) return undefined;
    const missed = /tags not matched \[(.*)\]/.exec(error.description)?.[1];
    if (missed !== undefined) return missed.includes(`'${nonce}'`) ? "all" : "tags";
    return error.description === noneAtAll && cluster !== undefined ? "cluster" : undefined;
  }
  // No server that we know takes it; one that does must not keep it.
  await deleteStream(js, nonce);
  return undefined;
}

/** What servers say when each of them is in another cluster. */
const noneAtAll = "no suitable peers for placement";

/** More than one, where the account has limits for that many. */
function replicasOf({ tiers }: AccountInfo): number | undefined {
  if (!tiers || Object.keys(tiers).length === 0) return 2;
  const given = Object.keys(tiers).map((name) => Number(/^R(\d+)$/.exec(name)?.[1] ?? 0));
  return given.filter((count) => count > 1).sort((left, right) => left - right)[0];
}
