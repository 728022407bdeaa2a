import type { ClaimsData, Operator } from "@nats-io/jwt";
import { NatsError } from "../errors";
import type { AccountServers } from "../model/jwt/accountServers";
import { Claims } from "./claims";

interface TrustVarz {
  readonly trusted_operators_claim?: readonly ClaimsData<Operator>[];
  readonly jetstream?: {
    readonly config?: { readonly max_memory?: number; readonly max_storage?: number };
    /** In a cluster only. */
    readonly meta?: object;
  };
}

/** What accounts need of a cluster: whom it trusts, and whether JetStream is there. */
export interface ClusterTrust {
  /** Per server, the keys that may sign accounts. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly jetStream: boolean;
  /** Bytes that JetStream may use of servers that stand alone; in a cluster the limits of accounts may go beyond. */
  readonly room: ReadonlyMap<string, { readonly memory: number; readonly storage: number }>;
}

interface Look {
  /** Known again for so long; what is under way has no end. */
  until: number;
  /** How patiently it was asked: who was silent for a preview's two seconds may answer an `up`. */
  readonly timeout: string | undefined;
  hasAnswered: boolean;
  readonly answer: Promise<{ readonly claims: Claims; readonly trust: ClusterTrust }>;
}

const freshFor = 3000;
/** Whoever is silent is waited for once; what fails at once may be asked again at once. */
const silentFor = 10_000;
const slow = 2000;
const looks = new Map<string, Look>();

/** The claims of a cluster all of whose servers answer. One that does not is waited for once, not for every account. */
export async function reachClaims(servers: AccountServers, timeout?: string): Promise<Claims> {
  return (await lookAt(servers, timeout)).claims;
}

/** What {@link reachClaims} has found. */
export async function trustOf(claims: Claims): Promise<ClusterTrust> {
  return (await lookAt(claims.servers)).trust;
}

function lookAt(servers: AccountServers, timeout?: string): Look["answer"] {
  const key = JSON.stringify(servers);
  const known = looks.get(key);
  if (known && Date.now() < known.until && (known.hasAnswered || known.timeout === timeout)) return known.answer;
  const answer = Claims.open(servers, timeout).then(async (claims) => ({ claims, trust: await look(claims) }));
  const entry: Look = { until: Infinity, timeout, hasAnswered: false, answer };
  looks.set(key, entry);
  const begin = Date.now();
  answer.then(
    () => Object.assign(entry, { until: Date.now() + freshFor, hasAnswered: true }),
    () => (entry.until = Date.now() - begin > slow ? Date.now() + silentFor : 0),
  );
  return answer;
}

/** Why accounts that a key signs are nothing to a cluster, or undefined. A server that does not know the key stores them all the same. */
export async function distrust(claims: Claims, signer: string): Promise<string | undefined> {
  const { keys, names } = await trustOf(claims);
  const strangers = [...keys].filter(([, known]) => !known.has(signer)).map(([server]) => server);
  if (strangers.length === 0) return undefined;
  const { cluster } = claims.servers;
  const who =
    strangers.length === keys.size ? `cluster "${cluster}" does` : `${strangers.join(", ")} of cluster "${cluster}" do`;
  const known = names.get(strangers[0]!)!;
  const whom = known.length === 0 ? "it has no operator" : `it trusts ${known.join(", ")}`;
  return (
    `${who} not trust the operator's key ${signer}: ${whom}. ` +
    `Fix: operator: … of the cluster must be the account's; a new signing key reaches the servers (pulumi up) before accounts are signed by it`
  );
}

async function look(claims: Claims): Promise<ClusterTrust> {
  const answers = await claims.ping<TrustVarz>("VARZ");
  const keys = new Map<string, ReadonlySet<string>>();
  const names = new Map<string, readonly string[]>();
  const room = new Map<string, { memory: number; storage: number }>();
  let jetStream = true;
  for (const [server, varz] of answers) {
    if (varz instanceof NatsError) throw varz;
    const operators = varz.trusted_operators_claim ?? [];
    keys.set(server, new Set(operators.flatMap(({ sub, nats }) => [sub, ...((nats.signing_keys ?? []) as string[])])));
    names.set(
      server,
      operators.map(({ name, sub }) => `"${name}" (${sub})`),
    );
    const { config, meta } = varz.jetstream ?? {};
    if (!config) jetStream = false;
    else if (!meta)
      room.set(server, { memory: config.max_memory ?? Infinity, storage: config.max_storage ?? Infinity });
  }
  return { keys, names, jetStream, room };
}
