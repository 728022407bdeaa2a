import type { NatsConnection } from "nats";
import { NatsError } from "../errors";
import type { ManagementInputs } from "../model/servers";
import type { Dialer } from "./dial";
import { hasExpired } from "./expiredServer";
import { credsParts } from "../model/jwt/creds";
import { connectNats } from "./natsClient";
import { nkeyLogin } from "./nkeyLogin";
import type { AllLimits, AnswerOf, ServerConnection } from "./serverConnection";
import { hostOf, serverIdentity } from "./serverIdentity";
import { ServerRefusal } from "./serverRefusal";

export interface SystemTarget {
  /** server_name that must answer there. */
  readonly node: string;
  readonly url: string;
  readonly management: ManagementInputs;
  /** The listener speaks TLS before INFO. */
  readonly handshakeFirst?: boolean;
  /** The way there, where this machine can't dial it by itself. */
  readonly dialer?: Dialer;
}

/**
 * A connection to exactly one server as the management user: no gossip, no reconnect, so that what is asked and answered is
 * this server's own. Its certificate may have expired, as a rollout brings the new one.
 */
export class SystemConnection implements ServerConnection {
  readonly node: string;
  readonly url: string;
  readonly serverId: string;
  readonly version: string;
  readonly canManageJetStream = true;
  readonly #connection: NatsConnection;

  private constructor(target: SystemTarget, connection: NatsConnection) {
    this.node = target.node;
    this.url = target.url;
    this.#connection = connection;
    this.serverId = connection.info!.server_id;
    this.version = connection.info!.version;
  }

  static async open(target: SystemTarget, timeout = 3000): Promise<SystemConnection> {
    const { credsAuthenticator, ErrorCode } = await import("nats");
    const { seed = "", creds, ca, cert, key } = target.management;
    const parts = creds === undefined ? { seed } : credsParts(creds);
    const tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(target.handshakeFirst ? { handshakeFirst: true } : {}),
      checkServerIdentity: serverIdentity([hostOf(target.url)]),
    };
    const options = {
      servers: [target.url],
      authenticator: parts ? nkeyLogin(parts.seed, parts.jwt) : credsAuthenticator(new TextEncoder().encode(creds)),
      name: "pulumi-nats",
      timeout,
      reconnect: false,
      ignoreClusterUpdates: true,
      noRandomize: true,
      ...(target.dialer ? { dialer: target.dialer } : {}),
    };
    const mustEncrypt = target.url.startsWith("tls://");
    const attempt =
      ca === undefined && !mustEncrypt
        ? connectNats(options)
        : connectNats({ ...options, tls }).catch((error: Error & { code?: string }) => {
            // A server that had no TLS so far is still to be reached at its plain address.
            const isPlain = error.code === String(ErrorCode.ServerOptionNotAvailable);
            if (mustEncrypt || !isPlain) throw error;
            return connectNats(options);
          });
    const byTheOld = async (error: Error): Promise<NatsConnection> => {
      if (ca === undefined || !hasExpired(error)) throw error;
      // A rollout that renews a certificate has to come in by the old one.
      return connectNats({ ...options, tls, expired: { ca, host: hostOf(target.url) } });
    };
    const connection = await attempt.catch(byTheOld).catch((error: Error) => {
      throw new NatsError(`${target.node} does not answer at ${target.url}: ${error.message}`, { cause: error });
    });
    const name = connection.info!.server_name;
    if (name !== target.node) {
      await connection.close();
      throw new NatsError(`${target.url} is answered by server "${name}", not by ${target.node}`);
    }
    return new SystemConnection(target, connection);
  }

  get isClosed(): boolean {
    return this.#connection.isClosed();
  }

  /** `$SYS.REQ.SERVER.<this server>.<name>`; its `data`. */
  async ask<Data>(name: string, options: object = {}, timeout = 5000): Promise<Data> {
    const answer = await this.#request(`$SYS.REQ.SERVER.${this.serverId}.${name}`, options, timeout);
    const { data, error } = answer as { data?: Data; error?: { code: number; description: string } };
    if (error) throw new ServerRefusal(`${this.node} refuses ${name}: ${error.description}`);
    return (data ?? {}) as Data;
  }

  /** A request of JetStream's own interface, such as `$JS.API.META.LEADER.STEPDOWN`. */
  async askJetStream<Answer>(subject: string, payload: object = {}, timeout = 5000): Promise<Answer> {
    const answer = await this.#request(subject, payload, timeout);
    const { error } = answer as { error?: { code: number; err_code?: number; description: string } };
    if (error) {
      const { err_code: code, description } = error;
      throw new ServerRefusal(`${this.node} refuses ${subject}: ${description} (${code})`, code);
    }
    return answer as Answer;
  }

  /** `$SYS.REQ.SERVER.PING.<name>`. */
  async askAll<Data>(name: string, options: object = {}, limits: AllLimits = {}): Promise<AnswerOf<Data>[]> {
    const subject = `$SYS.REQ.SERVER.PING.${name}`;
    const { wait = 1000, expected } = limits;
    const { RequestStrategy } = await import("nats");
    const answers: AnswerOf<Data>[] = [];
    try {
      const strategy = expected === undefined ? RequestStrategy.Timer : RequestStrategy.Count;
      const count = expected === undefined ? {} : { maxMessages: expected };
      const all = await this.#connection.requestMany(subject, JSON.stringify(options), {
        strategy,
        maxWait: wait,
        ...count,
      });
      for await (const message of all) {
        const { server, data } = message.json<{ server: { name: string; cluster?: string }; data?: Data }>();
        if (data !== undefined) answers.push({ server: server.name, cluster: server.cluster ?? "", data });
      }
    } catch (error) {
      const reason = (error as Error).message;
      throw new NatsError(`${this.node} at ${this.url} gives no answer to ${subject} (${reason})`, { cause: error });
    }
    return answers;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #request(subject: string, payload: object, timeout: number): Promise<unknown> {
    const body = Object.keys(payload).length === 0 ? "" : JSON.stringify(payload);
    try {
      return (await this.#connection.request(subject, body, { timeout })).json();
    } catch (error) {
      const reason = (error as Error).message;
      throw new NatsError(`${this.node} at ${this.url} gives no answer to ${subject} (${reason})`, { cause: error });
    }
  }
}
