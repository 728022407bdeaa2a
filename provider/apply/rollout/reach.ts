import { NatsError } from "../../errors";
import type { ManagementInputs } from "../../model/servers";
import { wasRefused } from "../causes";
import type { Dialer } from "../dial";
import type { Machine } from "../machine/machine";
import { MonitorConnection } from "../monitorConnection";
import type { ServerConnection } from "../serverConnection";
import { ServerRefusal } from "../serverRefusal";
import { SystemConnection } from "../systemConnection";
import type { SystemTarget } from "../systemConnection";

/** Where a node may answer and as whom: in the midst of a change the old or the new address and key may hold. */
export interface Candidates {
  readonly urls: readonly string[];
  readonly managements: readonly ManagementInputs[];
  readonly handshakeFirst: boolean;
  /** For servers without a user of the system account. */
  readonly monitor?: { readonly urls: readonly string[]; readonly machine: Machine };
}

/** System connections to the servers of one cluster, kept while a rollout or a look at it lasts. */
export class Reach {
  readonly #open = new Map<string, ServerConnection>();
  readonly #dialer: Dialer | undefined;

  /** `dialer` is the way to servers that this machine can't dial by itself. */
  constructor(dialer?: Dialer) {
    this.#dialer = dialer;
  }

  /** The node's connection, made when there is none; fails with what every address said. */
  async to(node: string, candidates: Candidates, timeout = 3000): Promise<ServerConnection> {
    const kept = this.#open.get(node);
    if (kept && !kept.isClosed) return kept;
    const failures: Error[] = [];
    const dialer = this.#dialer ? { dialer: this.#dialer } : {};
    const attempt = async (open: () => Promise<ServerConnection>): Promise<ServerConnection | undefined> => {
      try {
        const connection = await open();
        this.#open.set(node, connection);
        return connection;
      } catch (error) {
        failures.push(error as Error);
        return undefined;
      }
    };
    for (const url of candidates.urls) {
      for (const way of waysOf(candidates)) {
        const connection = await attempt(() => SystemConnection.open({ node, url, ...way, ...dialer }, timeout));
        if (connection) return connection;
        // Nobody listens there, so another key is of no use.
        if (wasRefused(failures.at(-1))) break;
      }
    }
    const { urls = [], machine } = candidates.monitor ?? {};
    for (const url of urls) {
      const connection = await attempt(() =>
        MonitorConnection.open({ node, url, machine: machine!, ...dialer }, timeout),
      );
      if (connection) return connection;
    }
    throw new NatsError(
      [...new Set(failures.map(({ message }) => message))].join("; ") || `${node}: no address of it is known`,
    );
  }

  /**
   * False where the files that a server was given back are still not those that it has. Here it finds them once they are written, and
   * has them once it has loaded them: its configuration may be the same all the while.
   */
  async hasFiles(node: string, candidates: Candidates): Promise<boolean> {
    const connection = await this.to(node, candidates);
    try {
      await connection.ask("RELOAD");
    } catch (error) {
      if (error instanceof ServerRefusal) return false;
      // The reload may have ended the very connection that asked for it.
      await this.drop(node);
    }
    return true;
  }

  /** Forgets a connection, so that the next request finds out anew. */
  async drop(node: string): Promise<void> {
    const kept = this.#open.get(node);
    this.#open.delete(node);
    await kept?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((node) => this.drop(node)));
  }
}

/** In the midst of a change a listener may speak TLS first or not yet; the wrong way round fails at once. */
function waysOf(candidates: Candidates): Pick<SystemTarget, "management" | "handshakeFirst">[] {
  const orders = candidates.handshakeFirst ? [true, false] : [false];
  const managements = candidates.managements.filter(({ seed, creds }) => seed !== undefined || creds !== undefined);
  return orders.flatMap((handshakeFirst) => managements.map((management) => ({ management, handshakeFirst })));
}
