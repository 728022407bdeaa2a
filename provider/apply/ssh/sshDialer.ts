import type { Duplex } from "node:stream";
import type { SshWay } from "../../model/through";
import type { Dialer } from "../dial";
import { SshHost } from "./sshHost";

/** Each server by an ssh connection to its own host, which dials the address as it knows it itself. */
export class SshDialer implements Dialer {
  readonly label: string;
  readonly #hosts: ReadonlyMap<string, SshHost>;
  readonly #inside: Readonly<Record<string, string>>;

  constructor({ hosts, inside = {} }: SshWay) {
    this.#inside = inside;
    this.#hosts = new Map(Object.entries(hosts).map(([address, settings]) => [address, new SshHost(settings)]));
    this.label = `ssh to ${[...this.#hosts.values()].map((host) => host.label).join(", ")}`;
  }

  dial(host: string, port: number, timeout: number): Promise<Duplex> {
    return this.#hosts.get(host)!.dial(this.#inside[host] ?? host, port, timeout);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }
}
