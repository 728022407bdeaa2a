import { NatsError } from "../errors";
import type { GatewayLinksInputs, LinkedRegion } from "../model/gatewayLinks";
import { dialerOf } from "./dialers";
import { Reach } from "./rollout/reach";
import type { ServerConnection } from "./serverConnection";

/** System connections to one server of each region, made when they are first asked for. */
export class RegionConnections {
  readonly #regions: GatewayLinksInputs["regions"];
  readonly #reaches = new Map<string, Reach>();
  readonly #open = new Map<string, Promise<ServerConnection>>();

  constructor(regions: GatewayLinksInputs["regions"]) {
    this.#regions = regions;
  }

  /** A server of the region that answers; fails with what each of them said. */
  async to(region: string): Promise<ServerConnection> {
    const kept = await this.#open.get(region)?.catch(() => undefined);
    if (kept && !kept.isClosed) return kept;
    const opened = this.#connect(region, this.#regions[region]!);
    this.#open.set(region, opened);
    return opened;
  }

  /** A server of any region that answers. */
  async toAny(): Promise<ServerConnection> {
    const reasons: string[] = [];
    for (const region of Object.keys(this.#regions)) {
      try {
        return await this.to(region);
      } catch (error) {
        reasons.push((error as Error).message);
      }
    }
    throw new NatsError(reasons.join("\n"));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#reaches.values()].map((reach) => reach.close()));
  }

  async #connect(name: string, region: LinkedRegion): Promise<ServerConnection> {
    const reach = this.#reaches.get(name) ?? new Reach(region.through && dialerOf(region.through));
    this.#reaches.set(name, reach);
    const reasons: string[] = [];
    for (const [server, url] of Object.entries(region.servers)) {
      for (const handshakeFirst of [false, true]) {
        try {
          const candidates = { urls: [url], managements: [region.management], handshakeFirst };
          return await reach.to(server, candidates);
        } catch (error) {
          reasons.push((error as Error).message);
          if (!url.startsWith("tls:")) break;
        }
      }
    }
    throw new NatsError(`region ${name} can't be reached: ${[...new Set(reasons)].join("; ")}`);
  }
}
