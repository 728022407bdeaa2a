import type { Duplex } from "node:stream";
import { isError } from "../../../errors";
import type { Problem } from "../../../errors";
import { isUnknown } from "../../../host/handler";
import { binaryPath } from "../../../model/hosts";
import type { HostInputs, HostsTargetInputs } from "../../../model/hosts";
import type { ServersInputs } from "../../../model/servers";
import type { Dialer } from "../../dial";
import type {
  GenerationFiles,
  Launch,
  Machine,
  NodeFolder,
  Owner,
  OwnerSeen,
  PortHolder,
  ServerProcess,
} from "../machine";
import { readOwner } from "../readOwner";
import { binaryProblems } from "./binaryProblems";
import { provideBinary } from "./hostBinary";
import { bootProblems } from "./hostBoot";
import { lossWarning, lostAmong } from "./hostLoss";
import { forwardProblems, hostProblems, movedProblem, withoutRepeats } from "./hostProblems";
import * as scripts from "./hostScripts";
import { acting, glancing, HostSide } from "./hostSide";
import { quoted } from "../../ssh/shellQuote";
import type { HostShell } from "./hostShell";
import { lockHost } from "./hostLock";
import { launchOf } from "./launch";
import { nodeFolder, nodeGeneration } from "./nodeOnDisk";

/**
 * Hosts under systemd, reached over ssh: each node's operations go to its own host, one run each. Hosts that only earlier inputs
 * know take part too, so that what left the program can be taken down. A glance looks at each host once and changes nothing.
 */
export class HostsMachine implements Machine {
  readonly label = "the hosts";
  readonly dir: string;
  readonly dialer: Dialer;
  readonly #target: HostsTargetInputs;
  readonly #known: readonly HostsTargetInputs[];
  readonly #hosts = new Map<string, HostSide>();
  readonly #byNode = new Map<string, HostSide>();
  readonly #binaries = new Map<string, Promise<string>>();
  /** Nodes of lost hosts that their peers have let go. */
  readonly #forgotten = new Set<string>();
  #lost: Promise<Map<HostSide, string>> | undefined;

  constructor(
    target: HostsTargetInputs,
    known: readonly HostsTargetInputs[],
    connect: (host: HostInputs) => HostShell,
    { isGlance = false } = {},
  ) {
    const ages = isGlance ? glancing : acting;
    this.dir = target.dir;
    this.#target = target;
    this.#known = known;
    for (const { hosts } of [target, ...known]) {
      for (const [node, host] of Object.entries(hosts)) {
        if (this.#byNode.has(node)) continue;
        const key = `${host.ssh.address} ${host.ssh.port ?? 22} ${host.ssh.user ?? ""}`;
        const side = this.#hosts.get(key) ?? new HostSide(target, host, connect(host), ages);
        side.nodes.push(node);
        this.#hosts.set(key, side);
        this.#byNode.set(node, side);
      }
    }
    this.dialer = this.#makeDialer();
  }

  async booted(say: (message: string) => Promise<void>): Promise<Problem[]> {
    const login = ({ ssh }: HostInputs): string => JSON.stringify([ssh.address, ssh.port, ssh.hostKey]);
    const known = new Set(this.#known.flatMap(({ hosts }) => Object.values(hosts).map(login)));
    const added = Object.entries(this.#target.hosts).filter(([, host]) => !known.has(login(host)));
    const sides = new Map(added.map(([node, { ssh }]) => [this.#side(node), ssh]));
    const found = await Promise.all([...sides].map(([host, ssh]) => bootProblems(host, ssh, say)));
    return found.flat();
  }

  async problems(wanted: ServersInputs): Promise<Problem[]> {
    const losses = await this.#losses();
    const found = await this.#onAll(async (host) => {
      const wanted = host.nodes.filter((node) => this.#target.hosts[node] !== undefined);
      const placed = host.nodes.filter((node) => this.#known.some(({ hosts }) => hosts[node] !== undefined));
      return { host, problems: await hostProblems(host, this.#target, wanted, placed) };
    });
    const sound = found.filter(({ host, problems }) => this.#isWanted(host) && !problems.some(isError));
    const problems = [
      ...[...losses].map(([host, reason]) => lossWarning(host, reason)),
      ...withoutRepeats(found.flatMap((one) => one.problems)),
      ...(isUnknown(wanted.version)
        ? []
        : await binaryProblems(
            sound.map(({ host }) => host),
            wanted.version,
            this.#target.binary,
          )),
    ];
    if (problems.some(isError)) return problems;
    const forwards = Object.keys(this.#target.hosts).map(async (node) => {
      const port = wanted.nodes[node]?.ports["client"];
      return port === undefined ? [] : forwardProblems(this.#side(node), node, port);
    });
    problems.push(...(await Promise.all(forwards)).flat());
    return [...problems, ...(await this.#movedProblems(wanted)), ...(await this.#twiceProblems())];
  }

  hostOf(node: string): string {
    return this.#side(node).label;
  }

  dialAt(node: string, host: string, port: number, timeout: number): Promise<Duplex> {
    const side = this.#side(node);
    return side.shell.dial(host === side.address ? side.inside : host, port, timeout);
  }

  async identityOf(node: string): Promise<string> {
    const side = this.#side(node);
    const { machine } = await side.look();
    return isIdentity(machine) ? machine : side.label;
  }

  addressOf(node: string): string {
    return this.#side(node).address;
  }

  async owners(): Promise<OwnerSeen[]> {
    const found = await this.#onAll(async (host) => {
      const { disk, folders } = await host.look();
      const text = disk.get("owner.json")?.content;
      if (text === undefined) return [];
      const owner = readOwner(text, `${this.dir}/owner.json on ${host.label}`);
      return [{ ...owner, place: `${this.dir} on ${host.label}`, host: host.label, nodes: folders }];
    });
    return found.flat();
  }

  async unowned(): Promise<string[]> {
    const found = await this.#onAll(async (host) => ((await host.look()).disk.has("owner.json") ? [] : [host.label]));
    return found.flat();
  }

  async lossOf(node: string): Promise<string | undefined> {
    return (await this.#losses()).get(this.#side(node));
  }

  async writeOwner(owner: Owner | undefined): Promise<void> {
    const stdin = owner === undefined ? "" : `${JSON.stringify(owner, undefined, 2)}\n`;
    await this.#onAll((host) =>
      host.change("writing owner.json", scripts.ownerScript(this.dir, owner !== undefined), { stdin }),
    );
  }

  async lock(): Promise<() => Promise<void>> {
    const hosts = await this.#reachable();
    const results = await Promise.allSettled(hosts.map((host) => lockHost(host, this.dir)));
    const releases = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const unlock = async (): Promise<void> => {
      await Promise.allSettled(releases.map((release) => release()));
    };
    const failed = results.find((result) => result.status === "rejected");
    if (!failed) return unlock;
    await unlock();
    throw failed.reason;
  }

  async nodes(): Promise<string[]> {
    await this.#onAll(async (host) => {
      for (const node of (await host.look()).folders) if (!this.#byNode.has(node)) this.#byNode.set(node, host);
    });
    const losses = await this.#losses();
    const present = await Promise.all(
      [...this.#byNode].map(async ([node, host]) => {
        const isThere = losses.has(host) ? !this.#forgotten.has(node) : (await host.look()).folders.includes(node);
        return isThere ? [node] : [];
      }),
    );
    return present.flat();
  }

  async folder(node: string): Promise<NodeFolder | undefined> {
    if ((await this.lossOf(node)) !== undefined) return undefined;
    return nodeFolder(await this.#side(node).look(), node);
  }

  async readGeneration(node: string, generation: string): Promise<GenerationFiles | undefined> {
    return nodeGeneration(await this.#side(node).look(), node, generation, this.#target.user);
  }

  writeGeneration(node: string, files: GenerationFiles): Promise<string> {
    const place = this.#place(node);
    const stdin = scripts.writeLines(place, files);
    return this.#side(node).change(`writing the configuration of ${node}`, scripts.writeScript(place), { stdin });
  }

  async switchTo(node: string, generation: string, switchedAt?: number): Promise<void> {
    const script = scripts.switchScript(this.#place(node), generation, switchedAt);
    await this.#side(node).change(`switching ${node} to generation ${generation}`, script);
  }

  async prune(node: string, keep: readonly string[]): Promise<void> {
    await this.#side(node).change(`tidying ${node}`, scripts.pruneScript(this.#place(node), keep));
  }

  async markRestart(node: string, reason: string): Promise<void> {
    await this.#mark(node, "restart-needed", reason);
  }

  async markRemoved(node: string): Promise<void> {
    await this.#mark(node, "removed", new Date().toISOString());
  }

  async remove(
    node: string,
    what: { readonly data: boolean; readonly cluster?: boolean },
  ): Promise<string | undefined> {
    if ((await this.lossOf(node)) !== undefined) {
      this.#forgotten.add(node);
      return undefined;
    }
    const left = await this.#side(node).change(`removing ${node}`, scripts.removeScript(this.#place(node), what));
    return left === "" ? undefined : `${left} on ${this.hostOf(node)}`;
  }

  async setDataAside(node: string): Promise<string | undefined> {
    const aside = await this.#side(node).change(`setting ${node}'s data aside`, scripts.asideScript(this.#place(node)));
    return aside === "" ? undefined : `${aside} on ${this.hostOf(node)}`;
  }

  async validate(node: string, generation: string, version: string): Promise<string | undefined> {
    const binary = await this.#binary(node, version);
    const script = `said=$( (${scripts.validateScript(this.#place(node), generation, binary)}) 2>&1) && exit 0
echo "refused"; echo "$said"; exit 0
`;
    const said = await this.#side(node).change(`the check of ${node}'s configuration`, script, { timeout: 60_000 });
    return said.startsWith("refused") ? said.slice("refused".length).trim() : undefined;
  }

  async launch(node: string, version: string): Promise<Launch> {
    const side = this.#side(node);
    return launchOf(node, side.label, await side.look(), binaryPath(version, this.#target.binary), this.#target.binary);
  }

  async start(node: string, version: string): Promise<ServerProcess> {
    const binary = await this.#binary(node, version);
    const side = this.#side(node);
    await side.change(`starting ${node}`, scripts.startScript(this.#place(node)), { timeout: 60_000 });
    // It may have ended already; whoever waits for it sees that.
    return (await side.process(node)) ?? { pid: 0, identity: "", binary };
  }

  async processes(node: string): Promise<ServerProcess[]> {
    if ((await this.lossOf(node)) !== undefined) return [];
    const process = await this.#side(node).process(node);
    return process ? [process] : [];
  }

  async signal(node: string, process: ServerProcess, signal: NodeJS.Signals): Promise<boolean> {
    const script = scripts.signalScript(this.#place(node), process.pid, process.identity, signal);
    return (await this.#side(node).change(`${signal} to ${node}`, script)) === "sent";
  }

  async rest(node: string): Promise<void> {
    await this.#side(node).change(`stopping ${node}`, scripts.restScript(this.#place(node)));
  }

  async logTail(node: string, lines: number): Promise<string> {
    const unit = quoted(`nats-${node}.service`);
    const said = await this.#side(node).change(
      `reading the log of ${node}`,
      `journalctl -u ${unit} -n ${lines} -o cat --no-pager 2>/dev/null; exit 0\n`,
    );
    return said.trimEnd();
  }

  async portHolder(node: string, port: number, since?: number): Promise<PortHolder | undefined> {
    return (await this.#side(node).ports(since)).get(port);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.shell.close()));
  }

  #side(node: string): HostSide {
    const side = this.#byNode.get(node);
    if (!side) throw new Error(`no host is known for ${node}`);
    return side;
  }

  #place(node: string): scripts.NodePlace {
    return this.#side(node).place(node);
  }

  async #onAll<Result>(work: (host: HostSide) => Promise<Result>): Promise<Result[]> {
    return Promise.all((await this.#reachable()).map(work));
  }

  async #reachable(): Promise<HostSide[]> {
    const losses = await this.#losses();
    return [...this.#hosts.values()].filter((host) => !losses.has(host));
  }

  /** Hosts without any wanted server that can't be reached, with the reason. */
  #losses(): Promise<Map<HostSide, string>> {
    this.#lost ??= lostAmong([...this.#hosts.values()].filter((host) => !this.#isWanted(host)));
    return this.#lost;
  }

  #isWanted(host: HostSide): boolean {
    return host.nodes.some((node) => this.#target.hosts[node] !== undefined);
  }

  async #mark(node: string, name: string, text: string): Promise<void> {
    await this.#side(node).change(`marking ${node}`, scripts.markScript(this.#place(node), name), {
      stdin: `${text}\n`,
    });
  }

  /** Once for each host and version while this rollout lasts. */
  #binary(node: string, version: string): Promise<string> {
    const side = this.#side(node);
    const key = `${side.label} ${binaryPath(version, this.#target.binary)}`;
    const kept = this.#binaries.get(key) ?? provideBinary(side, version, this.#target.binary);
    this.#binaries.set(key, kept);
    kept.catch(() => this.#binaries.delete(key));
    return kept;
  }

  async #movedProblems(wanted: ServersInputs): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const [node, now] of Object.entries(this.#target.hosts)) {
      const before = this.#known.map(({ hosts }) => hosts[node]).find((host) => host !== undefined);
      if (!before || !wanted.nodes[node]) continue;
      const isThere = (await this.folder(node))?.current !== undefined;
      const names = this.#known.flatMap(({ hosts }) =>
        Object.entries(hosts).map(([name, host]) => `{ address: "${host.address}", name: "${name}" }`),
      );
      const problem = movedProblem(node, before, now, isThere, names.join(", "));
      if (problem) problems.push(problem);
    }
    return problems;
  }

  /** One machine under two addresses. */
  async #twiceProblems(): Promise<Problem[]> {
    const problems: Problem[] = [];
    const first = new Map<string, HostSide>();
    for (const host of await this.#reachable()) {
      const { machine } = await host.look();
      const other = first.get(machine);
      first.set(machine, other ?? host);
      if (!other || !isIdentity(machine)) continue;
      const reason = `${host.label} is the same machine as ${other.label}`;
      problems.push({ path: `target.hosts.${host.nodes[0]}`, reason, fix: "each host once, by one address" });
    }
    return problems;
  }

  #makeDialer(): Dialer {
    const sides = new Map([...this.#hosts.values()].map((side) => [side.address, side]));
    return {
      label: [...sides.values()].map((side) => side.label).join(", "),
      dial: (host, port, timeout) => {
        const side = sides.get(host);
        if (!side) return Promise.reject(new Error(`${host} is the address of none of the hosts`));
        return side.shell.dial(side.inside, port, timeout);
      },
      // The connections are the process's, not this rollout's.
      close: () => Promise.resolve(),
    };
  }
}

/** Without a machine id there is only that of the boot, which containers share. */
function isIdentity(machine: string): boolean {
  return machine !== "" && !machine.startsWith("/");
}
