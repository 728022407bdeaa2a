import type { Duplex } from "node:stream";
import type { ConnectionOptions, NatsConnection } from "nats";
import { insulated } from "./dial";
import type { Dialer } from "./dial";

/** Options of the client, with the way to the servers where this machine can't dial them by itself. */
export interface ClientOptions extends ConnectionOptions {
  readonly dialer?: Dialer;
}

/** What the client's transport is given and does; it hands through options that it does not know. */
interface Transport {
  socket?: Duplex;
  options: ClientOptions;
  dial(address: Address): Promise<Duplex>;
  tlsFirst(address: Address): Promise<Duplex>;
}

interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** `connect` of the nats library, over a {@link Dialer} where one is given. */
export async function connectNats(options: ClientOptions): Promise<NatsConnection> {
  await options.dialer?.prepare?.();
  const { NatsConnectionImpl, setTransportFactory } =
    require("nats/lib/nats-base-client/internal_mod") as InternalModule;
  const { NodeTransport, nodeResolveHost } = require("nats/lib/src/node_transport") as TransportModule;

  class DialingTransport extends NodeTransport {
    override async dial(address: Address): Promise<Duplex> {
      const { dialer, timeout = 20_000 } = this.options;
      if (!dialer) return super.dial(address);
      return insulated(await dialer.dial(address.hostname, address.port, timeout));
    }

    override async tlsFirst(address: Address): Promise<Duplex> {
      if (this.options.dialer) this.socket = await this.dial(address);
      return super.tlsFirst(address);
    }
  }

  setTransportFactory({ factory: () => new DialingTransport(), dnsResolveFn: nodeResolveHost });
  // What a name means is for the other end to say.
  return NatsConnectionImpl.connect(options.dialer ? { ...options, resolve: false } : options);
}

interface InternalModule {
  readonly NatsConnectionImpl: { connect(options: ClientOptions): Promise<NatsConnection> };
  readonly setTransportFactory: (config: { readonly factory: () => Transport; readonly dnsResolveFn: unknown }) => void;
}

interface TransportModule {
  readonly NodeTransport: new () => Transport;
  readonly nodeResolveHost: unknown;
}
