import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ConnectionOptions, NatsConnection, TlsOptions } from "nats";
import type { WantedOfExpired } from "../model/expiredCertificate";
import { clientSocket } from "./clientSocket";
import { clientTls } from "./clientTls";
import { insulated } from "./dial";
import type { Dialer } from "./dial";
import { refuseUnlessExpired } from "./expiredServer";
import { greeted } from "./noGreeting";

/** Options of the client, with the way to the servers where this machine can't dial them by itself. */
export interface ClientOptions extends ConnectionOptions {
  readonly dialer?: Dialer;
  /** The server's certificate may have expired, where it is this one in all else. */
  readonly expired?: WantedOfExpired;
}

/** What the client's transport is given and does; it hands through options that it does not know. */
interface Transport {
  socket?: Duplex;
  options: ClientOptions;
  readonly tlsName: string;
  dial(address: Address): Promise<Duplex>;
  peekInfo(): Promise<unknown>;
  loadClientCerts(): Promise<TlsOptions>;
  startTLS(): Promise<TLSSocket>;
  tlsFirst(address: Address): Promise<TLSSocket>;
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
      if (!dialer) return clientSocket(await greeted(super.dial(address)));
      return clientSocket(insulated(await dialer.dial(address.hostname, address.port, timeout)));
    }

    override peekInfo(): Promise<unknown> {
      return greeted(super.peekInfo());
    }

    override async startTLS(): Promise<TLSSocket> {
      const { tls } = this.options;
      const files = tls ? await this.loadClientCerts() : {};
      const options = { servername: this.tlsName, rejectUnauthorized: true, ...tls, ...files };
      return this.#admitted(await clientTls(this.socket!, options));
    }

    override async tlsFirst(address: Address): Promise<TLSSocket> {
      this.socket = await this.dial(address);
      return this.startTLS();
    }

    #admitted(socket: TLSSocket): TLSSocket {
      const { expired } = this.options;
      if (expired) refuseUnlessExpired(socket, expired);
      return socket;
    }
  }

  setTransportFactory({ factory: () => new DialingTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect({
    ...options,
    // What a name means is for the other end to say.
    ...(options.dialer ? { resolve: false } : {}),
    ...(options.expired ? { tls: { ...options.tls, rejectUnauthorized: false } } : {}),
  } as ClientOptions);
}

interface InternalModule {
  readonly NatsConnectionImpl: { connect(options: ClientOptions): Promise<NatsConnection> };
  readonly setTransportFactory: (config: { readonly factory: () => Transport; readonly dnsResolveFn: unknown }) => void;
}

interface TransportModule {
  readonly NodeTransport: new () => Transport;
  readonly nodeResolveHost: unknown;
}
