import type { NatsConnection } from "nats";
import { NatsError } from "../errors";
import { mergeConnection } from "../model/connection";
import type { AccountServers } from "../model/jwt/accountServers";
import { signedClaims } from "../model/jwt/claims";
import { publicKeyOf } from "../model/jwt/nkeys";
import { ClusterError } from "./clusterError";
import { openConnection } from "./connect";
import { requestAll } from "./requestAll";

/** Milliseconds in which every server must have answered. */
const patience = 10_000;
/** The same where servers are waited for that may be gone since they were counted. */
const shortPatience = 4000;
/** After so many, those are asked again that have not answered: a server that was just joining the others has not heard it. */
const askedAgain = 3000;

/** The servers of a cluster as their system account sees them, over one connection to any of them. */
export class Claims {
  readonly servers: AccountServers;
  readonly #connection: NatsConnection;

  private constructor(servers: AccountServers, connection: NatsConnection) {
    this.servers = servers;
    this.#connection = connection;
  }

  /** Over the connection that all accounts of this process share. */
  static async open(servers: AccountServers, timeout = "5s"): Promise<Claims> {
    const { cluster, urls, creds, through, ca, cert, key, handshakeFirst } = servers;
    const tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert, key: key! }),
      ...(handshakeFirst ? { handshakeFirst } : {}),
    };
    const settings = {
      servers: urls,
      creds,
      timeout,
      ...(Object.keys(tls).length === 0 ? {} : { tls }),
      ...(through === undefined ? {} : { through }),
    };
    const model = mergeConnection([{ origin: `cluster "${cluster}"`, settings, scope: 1 }]);
    return new Claims(servers, await openConnection(model));
  }

  /** Gives an account's JWT to every server; fails with what each that has not taken it says. */
  async push(jwt: string): Promise<void> {
    await this.#told("$SYS.REQ.CLAIMS.UPDATE", jwt, "push");
  }

  /** Takes accounts from every server; signed by an operator's key. */
  async remove(accounts: readonly string[], operatorSeed: string, issuedAt: number): Promise<void> {
    const key = publicKeyOf(operatorSeed);
    const claims = { name: key, sub: key, nats: { accounts, type: "generic" } };
    await this.#told("$SYS.REQ.CLAIMS.DELETE", signedClaims(claims, operatorSeed, issuedAt), "delete");
  }

  /** The JWT of an account as each server keeps it, "" where one has none. Of servers that clusters beside this one have, too. */
  async lookup(account: string): Promise<string[]> {
    const subject = `$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`;
    const total = await this.#total();
    const answers = await this.#ask(subject, "", (all) => all.length >= total, shortPatience);
    if (answers.length >= this.servers.names.length) return answers;
    const count = `${answers.length} of ${total} servers`;
    throw new ClusterError(
      `cluster "${this.servers.cluster}": only ${count} said which claims they have for account ${account}`,
    );
  }

  /** What the servers of the cluster say to `$SYS.REQ.SERVER.PING.<name>`, by their names. */
  async ping<Data>(name: string, options: object = {}): Promise<Map<string, Data | NatsError>> {
    const answers = await this.#askOwn(`$SYS.REQ.SERVER.PING.${name}`, JSON.stringify(options));
    const missing = this.#missing(answers);
    if (missing.length > 0) throw this.#silence(missing, name);
    return new Map(
      answers.map(read<Data>).flatMap(({ server, data, error }): [string, Data | NatsError][] => {
        if (!this.servers.names.includes(server)) return [];
        return [[server, error === undefined ? data! : new NatsError(`${server}: ${error}`)]];
      }),
    );
  }

  /** What all servers say to `$SYS.REQ.SERVER.PING.<name>` that the system account reaches: those of clusters beside this one, too. */
  async pingAll<Data>(name: string, options: object = {}): Promise<(Data | NatsError)[]> {
    const total = await this.#total();
    const payload = JSON.stringify(options);
    const isEnough = (all: readonly string[]): boolean => all.length >= total;
    const answers = await this.#ask(`$SYS.REQ.SERVER.PING.${name}`, payload, isEnough, shortPatience);
    const missing = this.#missing(answers);
    if (missing.length > 0) throw this.#silence(missing, name);
    return answers
      .map(read<Data>)
      .map(({ server, data, error }) => (error === undefined ? data! : new NatsError(`${server}: ${error}`)));
  }

  /**
   * Has JetStream delete what it keeps of an account; a server that stands alone deletes its folder too. In a cluster the leader
   * answers, and the others follow. False where none answers.
   */
  async purgeJetStream(account: string): Promise<boolean> {
    const subject = `$JS.API.ACCOUNT.PURGE.${account}`;
    const [answer] = await this.#ask(subject, "", (all) => all.length > 0, shortPatience);
    if (answer === undefined) return false;
    const { error } = JSON.parse(answer) as { error?: { description: string } };
    if (error === undefined) return true;
    const what = `cluster "${this.servers.cluster}" does not delete the streams of account ${account}`;
    throw new ClusterError(`${what}: ${error.description}`);
  }

  async #told(subject: string, payload: string, verb: string): Promise<void> {
    const answers = await this.#askOwn(subject, payload);
    const own = answers.map(read).filter(({ server }) => this.servers.names.includes(server));
    const refused = own.flatMap(({ server, error }) => (error === undefined ? [] : [{ server, error }]));
    if (refused.length > 0) {
      const reasons = new Set(refused.map(({ error }) => error));
      const who = this.servers.names.filter((name) => refused.some(({ server }) => server === name)).join(", ");
      throw new ClusterError(
        `cluster "${this.servers.cluster}" refuses the ${verb} (${who}): ${[...reasons].join("; ")}`,
      );
    }
    const missing = this.#missing(answers);
    if (missing.length > 0) throw this.#silence(missing, verb);
  }

  /** The first answer of each server; until all of the cluster have given one, or the time is over. */
  async #askOwn(subject: string, payload: string): Promise<string[]> {
    const first = new Map<string, string>();
    const deadline = Date.now() + patience;
    for (let left = patience; left > 0; left = deadline - Date.now()) {
      const isEnough = (all: readonly string[]): boolean => this.#missing([...first.values(), ...all]).length === 0;
      for (const answer of await this.#ask(subject, payload, isEnough, Math.min(left, askedAgain))) {
        const { server } = read(answer);
        if (!first.has(server)) first.set(server, answer);
      }
      if (this.#missing([...first.values()]).length === 0) break;
    }
    return [...first.values()];
  }

  #missing(answers: readonly string[]): string[] {
    const there = new Set(answers.map((answer) => read(answer).server));
    return this.servers.names.filter((name) => !there.has(name));
  }

  #silence(missing: readonly string[], what: string): NatsError {
    const others = this.servers.names.filter((name) => !missing.includes(name));
    const rest = others.length > 0 ? ` (${others.join(", ")} did)` : "";
    return new ClusterError(
      `cluster "${this.servers.cluster}": ${missing.join(", ")} gave no answer to the ${what} in ${patience / 1000} s${rest}`,
    );
  }

  /** How many servers the system account reaches: those of clusters that gateways join too. */
  async #total(): Promise<number> {
    const known = totals.get(this.#connection);
    if (known && Date.now() < known.until) return known.count;
    const entry = { until: Infinity, count: this.#count() };
    totals.set(this.#connection, entry);
    entry.count.then(
      () => (entry.until = Date.now() + freshFor),
      () => totals.delete(this.#connection),
    );
    return entry.count;
  }

  async #count(): Promise<number> {
    const answers = await this.#ask(
      "$SYS.REQ.SERVER.PING.STATSZ",
      "",
      (all) => {
        const active = all.map(
          (answer) => (JSON.parse(answer) as { statsz?: { active_servers?: number } }).statsz?.active_servers,
        );
        return all.length >= Math.max(this.servers.names.length, ...active.map((count) => count ?? 0));
      },
      shortPatience,
    );
    return answers.length;
  }

  async #ask(
    subject: string,
    payload: string,
    isEnough: (answers: readonly string[]) => boolean,
    timeout = patience,
  ): Promise<string[]> {
    try {
      return await requestAll(this.#connection, subject, payload, { timeout, isEnough });
    } catch (error) {
      throw new ClusterError(`cluster "${this.servers.cluster}": ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Who is away is waited for once, not for every account. */
const freshFor = 10_000;
const totals = new WeakMap<object, { readonly until: number; readonly count: Promise<number> }>();

interface Answer<Data> {
  readonly server: string;
  readonly data?: Data;
  readonly error?: string;
}

function read<Data = unknown>(text: string): Answer<Data> {
  const { server, data, error } = JSON.parse(text) as {
    server?: { name: string };
    data?: Data;
    error?: { description?: string };
  };
  const reason = error && (error.description ?? JSON.stringify(error));
  return { server: server?.name ?? "", ...(data === undefined ? {} : { data }), ...(reason ? { error: reason } : {}) };
}
