import { NatsError } from "../../errors";
import type { ManagementInputs } from "../../model/servers";
import { SystemConnection } from "../systemConnection";

/** Where a node may answer and as whom: in the midst of a change the old or the new address and key may hold. */
export interface Candidates {
  readonly urls: readonly string[];
  readonly managements: readonly ManagementInputs[];
  readonly handshakeFirst: boolean;
}

/** System connections to the servers of one cluster, kept while a rollout or a look at it lasts. */
export class Reach {
  readonly #open = new Map<string, SystemConnection>();

  /** The node's connection, made when there is none; fails with what every address said. */
  async to(node: string, candidates: Candidates, timeout = 3000): Promise<SystemConnection> {
    const kept = this.#open.get(node);
    if (kept && !kept.isClosed) return kept;
    const reasons: string[] = [];
    for (const url of candidates.urls) {
      for (const management of candidates.managements) {
        try {
          const target = { node, url, management, handshakeFirst: candidates.handshakeFirst };
          const connection = await SystemConnection.open(target, timeout);
          this.#open.set(node, connection);
          return connection;
        } catch (error) {
          reasons.push((error as Error).message);
          // Nobody listens there, so another key is of no use.
          if (reasons.at(-1)!.includes("CONNECTION_REFUSED") || reasons.at(-1)!.includes("ECONNREFUSED")) break;
        }
      }
    }
    throw new NatsError([...new Set(reasons)].join("; ") || `${node}: no address of it is known`);
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
