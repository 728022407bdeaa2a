import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { ChannelQueue } from "./channelQueue";
import { ChannelRefused, sshCommand } from "./sshCommand";
import type { CommandEnd, CommandRun } from "./sshCommand";
import { SshError } from "./sshError";
import { seconds, within } from "../within";

/** sshd's own default of MaxSessions. */
const mostCommands = 10;
const refusedTries = 5;

/** A connection that has logged in: commands and forwarded streams over it. */
export class SshConnection {
  readonly #client: Client;
  readonly #label: string;
  readonly #queue = new ChannelQueue(mostCommands);
  #alive = true;

  constructor(client: Client, label: string, onEnd: () => void) {
    this.#client = client;
    this.#label = label;
    client.removeAllListeners("error").removeAllListeners("close");
    // The reason reaches those who wait by their own channels.
    client.on("error", () => (this.#alive = false));
    client.on("close", () => {
      this.#alive = false;
      onEnd();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Waits for its turn: a host runs a few commands at once over one connection, ten where it says nothing else. */
  async run(command: CommandRun): Promise<CommandEnd> {
    for (let refused = 1; ; refused++) {
      await this.#queue.enter();
      try {
        if (!this.#alive) throw this.#gone(command.title);
        return await sshCommand(this.#client, command);
      } catch (error) {
        if (!(error instanceof ChannelRefused)) throw error;
        const beside = this.#queue.running - 1;
        if (beside > 0) this.#queue.allow(beside);
        if (refused >= refusedTries) throw this.#noSession();
      } finally {
        this.#queue.leave();
      }
      // A place that has just become free is not free for the host yet.
      await new Promise((resolve) => setTimeout(resolve, 50 * refused));
    }
  }

  async forward(host: string, port: number, timeout: number): Promise<Duplex> {
    if (!this.#alive) throw this.#gone(`a connection to ${host}:${port}`);
    let late = false;
    const opened = new Promise<Duplex>((resolve, reject) => {
      this.#client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        if (error) reject(this.#dialFailure(host, port, error));
        else if (late) channel.close();
        else resolve(channel);
      });
    });
    return within(opened, timeout, () => {
      late = true;
      return new SshError(
        "dial",
        this.#label,
        `no connection from there to ${host}:${port} within ${seconds(timeout)}`,
        "see that the server is up, and the firewalls between the two",
      );
    });
  }

  end(): void {
    this.#alive = false;
    this.#client.end();
  }

  destroy(): void {
    this.#alive = false;
    this.#client.destroy();
  }

  #dialFailure(host: string, port: number, error: Error & { reason?: number | string }): SshError {
    const words = error.message.replace(/^\(SSH\) Channel open failure: /, "");
    // 1 is "administratively prohibited", 2 "connect failed"; without a reason there is no connection any more.
    if (error.reason === undefined) return this.#gone(`a connection to ${host}:${port}`);
    if (error.reason === 1 || /prohibited/i.test(words)) {
      return new SshError(
        "forbidden",
        this.#label,
        `its sshd forbids connections to ${host}:${port} (${words})`,
        "AllowTcpForwarding local in /etc/ssh/sshd_config on the host (and PermitOpen, DisableForwarding, restrict in authorized_keys), then systemctl reload ssh",
      );
    }
    return new SshError(
      // sshd has no number for it: it hands on what its system says.
      /connection refused/i.test(words) ? "refused" : "dial",
      this.#label,
      `no connection from there to ${host}:${port} (${words})`,
      "see that a server listens there, and the firewalls between the two",
    );
  }

  #noSession(): SshError {
    return new SshError(
      "forbidden",
      this.#label,
      "its sshd opens no session for a command",
      "MaxSessions 10 in /etc/ssh/sshd_config on the host, no restrict or ForceCommand for this user, then systemctl reload ssh",
    );
  }

  #gone(what: string): SshError {
    return new SshError(
      "lost",
      this.#label,
      `the connection is gone, before ${what}`,
      "see that the host is up, then run this again",
    );
  }
}
