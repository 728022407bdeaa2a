import type { NatsConnection } from "nats";
import { NatsError } from "../errors";
import { formatJson, parseJson } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { graceOf, isPassing, JetStreamError } from "./jetstreamErrors";
import type { ApiError } from "./jetstreamErrors";
import { endedLogin, expiredFix } from "./loginClaims";
import { Disconnected, NoAnswer } from "./noAnswer";
import { known, notKnownYet } from "./notKnownYet";
import { isLost, unlessReconnected } from "./reconnection";
import { sleep } from "./wait";

export interface JetStreamOptions {
  /** JetStream domain, as in `$JS.<domain>.API`. */
  readonly domain?: string;
  /** Prefix of the interface where it is imported under another name; goes before `domain`. */
  readonly prefix?: string;
  /** Milliseconds for one operation with its retries. Default 10 s. */
  readonly timeout?: number;
}

/** What an account may and does use. -1 is unlimited. */
export interface AccountInfo {
  readonly memory: number;
  readonly storage: number;
  readonly reserved_memory?: number;
  readonly reserved_storage?: number;
  readonly streams: number;
  readonly consumers: number;
  readonly domain?: string;
  readonly limits: AccountLimits;
  readonly tiers?: Readonly<Record<string, Omit<AccountInfo, "api" | "tiers" | "domain">>>;
  readonly api?: { readonly level?: number; readonly total?: number };
}

export interface AccountLimits {
  readonly max_memory: number;
  readonly max_storage: number;
  readonly max_streams: number;
  readonly max_consumers: number;
  readonly memory_max_stream_bytes?: number;
  readonly storage_max_stream_bytes?: number;
  readonly max_bytes_required?: boolean;
}

/**
 * JetStream's own interface over a connection: requests and JSON answers, so that a new field of the server needs no new
 * client. What a server without a leader can't answer is asked again until the time is over: every operation here may be
 * repeated.
 */
export class JetStream {
  readonly connection: NatsConnection;
  readonly options: JetStreamOptions;
  readonly #prefix: string;
  readonly #timeout: number;

  constructor(connection: NatsConnection, options: JetStreamOptions = {}) {
    this.connection = connection;
    this.options = options;
    this.#prefix = options.prefix ?? (options.domain ? `$JS.${options.domain}.API` : "$JS.API");
    this.#timeout = options.timeout ?? 10_000;
  }

  /** The same with no more patience than that, in milliseconds: for one look of a wait that has its own time. */
  within(patience: number): JetStream {
    const timeout = Math.min(this.#timeout, Math.max(1000, patience));
    return new JetStream(this.connection, { ...this.options, timeout });
  }

  /** Milliseconds for one operation. */
  get timeout(): number {
    return this.#timeout;
  }

  /** Where a client of this account publishes what a key-value bucket stores: through the domain, where there is one. */
  keySubject(subject: string): string {
    return this.#prefix === "$JS.API" ? subject : `${this.#prefix}.${subject}`;
  }

  /** Release of the server at the other end of the connection. */
  get serverVersion(): string {
    return this.connection.info?.version ?? "0.0.0";
  }

  /** The server at the other end belongs to a cluster. */
  get isClustered(): boolean {
    return this.connection.info?.cluster !== undefined;
  }

  /** JetStream may have a leader and others: through a domain or another's prefix it is elsewhere. */
  get #hasMembers(): boolean {
    return this.isClustered || this.options.domain !== undefined || this.options.prefix !== undefined;
  }

  /** True where it is known already that what `subject` asks about is not there: an error for each of thousands takes its time. */
  lacks(_subject: string): boolean {
    return false;
  }

  async accountInfo(): Promise<AccountInfo> {
    return (await this.request("INFO", undefined, "JetStream")) as unknown as AccountInfo;
  }

  /**
   * One request under the prefix. `what` names the object in errors; `there` is a stream that was there a moment ago: a member of
   * a cluster that says otherwise is asked again. Throws {@link JetStreamError} for what the server refuses, NatsError for what it does
   * not answer in time.
   */
  async request(subject: string, payload: JsonObject | undefined, what: string, there?: string): Promise<JsonObject> {
    const started = Date.now();
    const deadline = started + this.#timeout;
    const mayBeNews = (error: unknown): boolean =>
      there !== undefined && this.#hasMembers && notKnownYet(this.connection, there, error);
    for (let pause = 100; ; pause = Math.min(pause * 2, 1000)) {
      let evidence: Error;
      try {
        const answer = await this.#once(subject, payload, what, deadline);
        if (there !== undefined) known(this.connection, there);
        return answer;
      } catch (error) {
        const isPlain = !(error instanceof NoAnswer) && !isPassing(error) && !mayBeNews(error);
        if (isPlain && Date.now() >= started + graceOf(error)) throw error;
        evidence = error as Error;
      }
      if (Date.now() + pause >= deadline) throw evidence;
      await sleep(pause);
    }
  }

  async #once(subject: string, payload: JsonObject | undefined, what: string, deadline: number): Promise<JsonObject> {
    const full = `${this.#prefix}.${subject}`;
    // A lost answer must not use up the time: half of what is left, so that there is a second try.
    const timeout = Math.max(250, Math.min(5000, (deadline - Date.now()) / 2));
    let answer: JsonObject;
    try {
      const text = payload === undefined ? "" : formatJson(payload);
      const message = await unlessReconnected(this.connection, () => this.connection.request(full, text, { timeout }));
      if (!message) throw new Error("the connection was lost meanwhile");
      answer = parseJson(message.string()) as JsonObject;
    } catch (error) {
      throw noAnswer(what, full, this.connection, error as Error & { code?: string });
    }
    const refusal = answer["error"] as ApiError | undefined;
    if (refusal) throw new JetStreamError(what, refusal);
    return answer;
  }
}

function noAnswer(
  what: string,
  subject: string,
  connection: NatsConnection,
  error: Error & { code?: string },
): NatsError {
  const at = connection.getServer();
  const ended = endedLogin(connection);
  if (ended !== undefined && (isLost(connection) || connection.isClosed())) {
    return new Disconnected(`${what}: the servers have ended the connection to ${at}: ${ended}. Fix: ${expiredFix}`, {
      cause: error,
    });
  }
  if (connection.isClosed()) return new Disconnected(`${what}: the connection to ${at} is closed`, { cause: error });
  if (error.code === "503") {
    const fix = "enable JetStream on the servers and for the account, and check the domain";
    const evidence = `nobody answers ${subject} at ${at} (no JetStream there?)`;
    return new NoAnswer(`${what}: ${evidence}`, { fix, evidence, cause: error });
  }
  if (error.code === "PERMISSIONS_VIOLATION") {
    const fix = `Fix: allow the user to publish to "${subject}" and to subscribe to "_INBOX.>"`;
    return new NatsError(`${what}: the user may not publish to ${subject}. ${fix}`, { cause: error });
  }
  const reason = isLost(connection) ? "the connection was lost, and the server is not there again" : error.message;
  const fix =
    'see that the server is up and answers (`nats rtt`), then run it again; or, on nats.Provider, timeout: "30s"';
  const evidence = `no answer to ${subject} from ${at} (${reason})`;
  return new NoAnswer(`${what}: ${evidence}`, { fix, evidence, cause: error });
}
