import { randomUUID } from "node:crypto";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";

export interface LoadOptions {
  readonly servers: readonly string[];
  readonly user?: string;
  readonly password?: string;
  /** Content of a creds file, in place of a user and a password. */
  readonly creds?: string;
  /** PEM of the CA where the servers speak TLS. */
  readonly ca?: string;
  /** PEM of the client's own certificate and its key, where the servers verify them. */
  readonly cert?: string;
  readonly key?: string;
  readonly stream: string;
  readonly subject: string;
  /** Messages in flight at once. Default 8. */
  readonly publishers?: number;
  /** Milliseconds that each publisher waits after an acknowledgement. Default 25: some three hundred messages a second. */
  readonly pause?: number;
}

export interface LoadReport {
  /** Messages that the stream acknowledged. */
  readonly acknowledged: number;
  /** Acknowledged messages that are not in the stream. */
  readonly lost: number;
  /** Messages that are in the stream more than once. */
  readonly duplicated: number;
  /** Longest time without an acknowledgement, in milliseconds. */
  readonly longestGap: number;
}

/**
 * Publishes steadily until it is stopped, then reads the whole stream back and compares. A publish that fails is
 * repeated under the same message id, as a careful client does.
 */
export class PublishLoad {
  readonly #options: LoadOptions;
  readonly #connection: NatsConnection;
  readonly #run = randomUUID().slice(0, 8);
  readonly #acknowledged = new Set<string>();
  readonly #workers: Promise<void>[];
  #running = true;
  #next = 0;
  #lastAcknowledgement = Date.now();
  #longestGap = 0;

  private constructor(options: LoadOptions, connection: NatsConnection) {
    this.#options = options;
    this.#connection = connection;
    this.#workers = Array.from({ length: options.publishers ?? 8 }, () => this.#publish());
  }

  static async start(options: LoadOptions): Promise<PublishLoad> {
    const { connect, credsAuthenticator } = await import("nats");
    const { servers, user, password, creds, ca, cert, key } = options;
    const connection = await connect({
      servers: [...servers],
      ...(user === undefined ? {} : { user, pass: password ?? "" }),
      ...(creds === undefined ? {} : { authenticator: credsAuthenticator(Buffer.from(creds)) }),
      ...(ca === undefined ? {} : { tls: { ca, ...(cert === undefined || key === undefined ? {} : { cert, key }) } }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    return new PublishLoad(options, connection);
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** The server's number of this connection: another one after a reconnect. */
  get clientId(): number {
    return this.#connection.info!.client_id;
  }

  async stop(): Promise<LoadReport> {
    this.#running = false;
    await Promise.all(this.#workers);
    const stored = await this.#readBack();
    await this.#connection.close();
    const counts = new Map<string, number>();
    for (const id of stored) counts.set(id, (counts.get(id) ?? 0) + 1);
    return {
      acknowledged: this.#acknowledged.size,
      lost: [...this.#acknowledged].filter((id) => !counts.has(id)).length,
      duplicated: [...counts.values()].filter((count) => count > 1).length,
      longestGap: this.#longestGap,
    };
  }

  async #publish(): Promise<void> {
    const jetstream = this.#connection.jetstream({ timeout: 2000 });
    while (this.#running) {
      const id = `${this.#run}-${this.#next++}`;
      await this.#untilAcknowledged(id, () => jetstream.publish(this.#options.subject, id, { msgID: id }));
      await new Promise((resolve) => setTimeout(resolve, this.#options.pause ?? 25));
    }
  }

  async #untilAcknowledged(id: string, publish: () => Promise<unknown>): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      try {
        await publish();
        const now = Date.now();
        this.#longestGap = Math.max(this.#longestGap, now - this.#lastAcknowledgement);
        this.#lastAcknowledgement = now;
        this.#acknowledged.add(id);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** Text of every message of this run in the stream, by an ordered consumer. */
  async #readBack(): Promise<string[]> {
    const { state } = (await streamInfo(new JetStream(this.#connection, { timeout: 60_000 }), this.#options.stream))!;
    if (state.messages === 0) return [];
    const consumer = await this.#connection.jetstream({ timeout: 20_000 }).consumers.get(this.#options.stream);
    const found: string[] = [];
    for await (const message of await consumer.consume({ max_messages: 1000 })) {
      const text = message.string();
      if (text.startsWith(this.#run)) found.push(text);
      if (message.seq >= (state.last_seq ?? 0)) break;
    }
    return found;
  }
}
