import { randomBytes } from "node:crypto";
import type { NatsConnection } from "nats";

export interface RequestReport {
  readonly answered: number;
  /** Requests that nobody answered within two seconds. */
  readonly unanswered: number;
  /** Longest time without an answer, in milliseconds. */
  readonly longestGap: number;
}

/** Requests of one connection that another one answers, one after the other until it is stopped. Begins with the first answer. */
export class RequestLoad {
  readonly #from: NatsConnection;
  readonly #to: NatsConnection;
  readonly #subject = `asked.${randomBytes(4).toString("hex")}`;
  #worker: Promise<void> = Promise.resolve();
  #running = true;
  #answered = 0;
  #unanswered = 0;
  #last = 0;
  #longestGap = 0;

  private constructor(from: NatsConnection, to: NatsConnection) {
    this.#from = from;
    this.#to = to;
  }

  static async start(from: NatsConnection, to: NatsConnection): Promise<RequestLoad> {
    const load = new RequestLoad(from, to);
    to.subscribe(load.#subject, { callback: (_error, message) => void message.respond() });
    await to.flush();
    const deadline = Date.now() + 60_000;
    while (!(await load.#ask())) if (Date.now() > deadline) throw new Error(`nobody answers on ${load.#subject}`);
    load.#last = Date.now();
    load.#worker = load.#work();
    return load;
  }

  /** Ends both connections too. */
  async stop(): Promise<RequestReport> {
    this.#running = false;
    await this.#worker;
    await Promise.all([this.#from.close(), this.#to.close()]);
    return { answered: this.#answered, unanswered: this.#unanswered, longestGap: this.#longestGap };
  }

  async #work(): Promise<void> {
    while (this.#running) {
      const isAnswered = await this.#ask();
      const now = Date.now();
      this.#longestGap = Math.max(this.#longestGap, now - this.#last);
      if (isAnswered) {
        this.#answered++;
        this.#last = now;
      } else this.#unanswered++;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #ask(): Promise<boolean> {
    return this.#from.request(this.#subject, "", { timeout: 2000 }).then(
      () => true,
      () => false,
    );
  }
}
