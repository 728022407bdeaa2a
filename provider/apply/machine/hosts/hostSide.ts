import type { HostInputs, HostsTargetInputs } from "../../../model/hosts";
import { dataFolder } from "../../../model/hosts";
import type { ServerProcess } from "../machine";
import { parseLook, processesOf } from "./hostSeen";
import type { HostSeen } from "./hostSeen";
import type { NodePlace } from "./hostScripts";
import { runAsRoot } from "./hostShell";
import type { HostShell } from "./hostShell";
import { lookScript, processScript } from "./lookScript";

/** How old a look at a host may be, in milliseconds. */
export interface LookAges {
  /** To tell what only this tool changes: files, units, owners. */
  readonly files: number;
  /** The same for what changes by itself: processes and ports. */
  readonly processes: number;
}

export const acting: LookAges = { files: 1000, processes: 250 };
/** One look, however long its use takes: what is seen of a host belongs together. */
export const glancing: LookAges = { files: Infinity, processes: Infinity };

interface Look {
  readonly at: number;
  readonly seen: Promise<HostSeen>;
}

/** One host of a cluster: looked at in one run, and changed by one run an operation. */
export class HostSide {
  readonly shell: HostShell;
  /** Address by which servers and clients dial it. */
  readonly address: string;
  /** Address by which the host dials itself. */
  readonly inside: string;
  /** For messages: where ssh goes. */
  readonly label: string;
  /** Nodes that live here as far as the program knows. */
  readonly nodes: string[] = [];
  readonly #target: HostsTargetInputs;
  readonly #ages: LookAges;
  #look: Look | undefined;

  constructor(target: HostsTargetInputs, host: HostInputs, shell: HostShell, ages = acting) {
    this.#target = target;
    this.#ages = ages;
    this.address = host.address;
    this.inside = host.inside ?? host.address;
    this.label = host.ssh.address;
    this.shell = shell;
  }

  place(node: string): NodePlace {
    const { dir, user, group } = this.#target;
    return { node, nodeDir: `${dir}/${node}`, dataDir: dataFolder(this.#target, node), user, group };
  }

  /** The host as it was a moment ago at most (no earlier than `since`), and after everything that was changed here. */
  look(since = Date.now() - this.#ages.files): Promise<HostSeen> {
    if (this.#look && this.#look.at > since) return this.#look.seen;
    const seen = this.#lookNow();
    // Whoever asks while it is under way shares it.
    const look = { at: Infinity, seen };
    this.#look = look;
    const end = (next: Look | undefined): void => {
      if (this.#look === look) this.#look = next;
    };
    seen.then(
      () => end({ at: Date.now(), seen }),
      () => end(undefined),
    );
    return seen;
  }

  async ports(since = Date.now() - this.#ages.processes): Promise<HostSeen["ports"]> {
    return (await this.look(since)).ports;
  }

  async process(node: string): Promise<ServerProcess | undefined> {
    if (this.#look && this.#look.at > Date.now() - this.#ages.processes)
      return (await this.#look.seen).processes.get(node);
    const text = await runAsRoot(this.shell, `a look at the process of ${node}`, processScript(node));
    const lines = text.split("\n").filter((line) => line.startsWith("process "));
    return processesOf(lines.map((line) => line.slice("process ".length))).get(node);
  }

  /** Changes something: what was seen before does not count any more. */
  async change(
    what: string,
    script: string,
    options: { readonly stdin?: string | Buffer; readonly timeout?: number } = {},
  ): Promise<string> {
    this.#look = undefined;
    try {
      return (await runAsRoot(this.shell, what, script, options)).trim();
    } finally {
      this.#look = undefined;
    }
  }

  async #lookNow(): Promise<HostSeen> {
    const installed = this.#target.binary?.kind === "installed";
    const script = lookScript(this.#target.dir, this.nodes, { installed });
    const text = await runAsRoot(this.shell, "a look at the host", script);
    return parseLook(text);
  }
}
