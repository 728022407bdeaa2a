import { createHash } from "node:crypto";
import type { SshSettings } from "../../model/ssh";
import { sshConnect } from "./sshConnect";
import { SshConnection } from "./sshConnection";
import { SshError } from "./sshError";
import { sshLabel, sshPort } from "./sshUser";

/** A connection that nobody has in use ends after this. */
const linger = 5_000;

interface Shared {
  users: number;
  connection: Promise<SshConnection> | undefined;
  timer: NodeJS.Timeout | undefined;
}

const pool = new Map<string, Shared>();

/** One user's hold on the connection that all of a process share for the same settings; it is made when it is first needed. */
export class SshLease {
  readonly #settings: SshSettings;
  readonly #shared: Shared;
  readonly #key: string;
  #held = true;

  constructor(settings: SshSettings) {
    this.#settings = settings;
    this.#key = createHash("sha256")
      .update(JSON.stringify(sorted(settings)))
      .digest("hex");
    this.#shared = pool.get(this.#key) ?? { users: 0, connection: undefined, timer: undefined };
    pool.set(this.#key, this.#shared);
    this.#shared.users++;
    clearTimeout(this.#shared.timer);
  }

  /** The connection, made anew where it was lost. */
  async connection(): Promise<SshConnection> {
    const shared = this.#shared;
    for (;;) {
      const pending = (shared.connection ??= this.#connect());
      const forget = (): void => {
        if (shared.connection === pending) shared.connection = undefined;
      };
      const connection = await pending.catch((error: unknown) => {
        forget();
        throw error;
      });
      if (connection.alive) return connection;
      forget();
    }
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    const shared = this.#shared;
    if (--shared.users > 0) return;
    shared.timer = setTimeout(() => {
      if (pool.get(this.#key) === shared) pool.delete(this.#key);
      shared.connection?.then((connection) => connection.end()).catch(() => undefined);
    }, linger);
    shared.timer.unref();
  }

  async #connect(): Promise<SshConnection> {
    const { proxyJump, address } = this.#settings;
    if (!proxyJump)
      return new SshConnection(await sshConnect(this.#settings), sshLabel(this.#settings), () => undefined);
    // The way there stays open as long as the connection that goes over it.
    const jump = new SshLease(proxyJump);
    try {
      const way = await jump.connection();
      const client = await sshConnect(this.#settings, (timeout) =>
        way.forward(address, sshPort(this.#settings), timeout).catch((error: unknown) => {
          if (!(error instanceof SshError) || !["dial", "refused"].includes(error.failure)) throw error;
          // What is out of reach is the host itself; its label names those that lead there.
          throw new SshError("unreachable", sshLabel(this.#settings), error.reason, error.fix, error);
        }),
      );
      return new SshConnection(client, sshLabel(this.#settings), () => jump.release());
    } catch (error) {
      jump.release();
      throw error;
    }
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
