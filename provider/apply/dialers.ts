import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import type { Through, Way } from "../model/through";
import type { Dialer } from "./dial";

const dialers = new Map<string, Dialer>();

/** The dialer of these ways, shared by everything in this process; each server by the first way that knows its address. */
export function dialerOf(through: Through): Dialer {
  const key = JSON.stringify(through);
  const dialer = dialers.get(key) ?? new WaysDialer(through);
  dialers.set(key, dialer);
  return dialer;
}

/** Ends every way that this process has opened. */
export async function closeDialers(): Promise<void> {
  const all = [...dialers.values()];
  dialers.clear();
  await Promise.allSettled(all.map((dialer) => dialer.close()));
}

class WaysDialer implements Dialer {
  readonly label: string;
  readonly #ways: readonly { readonly knows: (host: string) => boolean; readonly dialer: Dialer }[];

  constructor({ ways }: Through) {
    this.#ways = ways.map((way) => ({ knows: (host) => Object.hasOwn(hostsOf(way), host), dialer: dialerOfWay(way) }));
    this.label = this.#ways.map(({ dialer }) => dialer.label).join(", ");
  }

  async prepare(): Promise<void> {
    for (const { dialer } of this.#ways) await dialer.prepare?.();
  }

  dial(host: string, port: number, timeout: number): Promise<Duplex> {
    const way = this.#ways.find(({ knows }) => knows(host));
    return way ? way.dialer.dial(host, port, timeout) : dialDirectly(host, port, timeout);
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map(({ dialer }) => dialer.close()));
  }
}

function hostsOf(way: Way): Readonly<Record<string, unknown>> {
  return way.kind === "ssh" ? way.hosts : way.pods;
}

function dialerOfWay(way: Way): Dialer {
  return dialersByKind[way.kind](way as never);
}

/** By kind of way, loaded when first needed. */
const dialersByKind: { readonly [Kind in Way["kind"]]: (way: Extract<Way, { kind: Kind }>) => Dialer } = {
  ssh: (way) => new (require("./ssh/sshDialer") as typeof import("./ssh/sshDialer")).SshDialer(way),
  kubernetes: (way) =>
    new (require("./kubernetes/portForward") as typeof import("./kubernetes/portForward")).PortForward(way),
};

/** An ordinary TCP connection. */
export function dialDirectly(host: string, port: number, timeout: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, timeout });
    socket.setNoDelay(true);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once("error", fail);
    socket.once("timeout", () => fail(new Error(`${host}:${port} does not answer within ${timeout} ms`)));
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    });
  });
}
