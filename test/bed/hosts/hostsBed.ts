/**
 * Real hosts for tests: Debian with systemd and sshd, each with its own disk, in network namespaces of this machine.
 *
 *     let bed: HostsBed;
 *     before(async function () { bed = await hostsBed(this, { hosts: 3 }); });      // 3 s; the first time ever 1 min
 *     after(() => bed?.down());
 *     it("…", async () => {
 *       const [one] = bed.hosts;                                // name "r1h1", address "10.99.1.11"
 *       const ssh = { address: one.address, user: "ops", privateKey: bed.key, knownHostsFile: bed.knownHostsFile };
 *       assert.equal(await bed.run(one.name, "systemctl is-active nats"), "active\n");     // as root, past ssh and network
 *     });
 *
 * Host <h> of region <r> is r<r>h<h> with address <net>.<r>.<10+h>; the test itself is `bed.tester`; hosts know each other's names.
 * Users, all with `bed.key` and all but root with `bed.password`: root, ops (sudo), admin (sudo by password), guest (no sudo).
 * Needs root on Linux; elsewhere the test is skipped by name, in CI it fails. Several beds may be up at once, in several processes.
 * A bed goes with its process, however that ends; one that is left over all the same goes when the next one starts.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "mocha";
import { command, mustRun, systemPath } from "../bedCommand";
import type { Ended } from "../bedCommand";
import { installPackages } from "../debianPackages";
import { skipWithout } from "../requireTool";
import { hostsImage, hostsPassword, hostsWan } from "./hostsImage";
import { packages } from "./packages";

export interface BedHost {
  /** "r1h1" */
  readonly name: string;
  readonly region: number;
  readonly address: string;
  /** Its ssh host key, "ssh-ed25519 AAAA…"; it has an ecdsa one too, which stands in no known_hosts file. */
  readonly hostKey: string;
  readonly ecdsaHostKey: string;
}

export interface WantedHosts {
  /** Default 1. */
  readonly regions?: number;
  /** In each region; default 3. */
  readonly hosts?: number;
}

const scripts = path.join(__dirname, "scripts");
/** Not among temporary files: all runs of this machine must see the same places. */
const places = "/var/tmp/pulumi-nats-hosts";
const mostBeds = 20;

/** A bed for a test or for the tests of a hook's block; they are skipped where there can be none. */
export async function hostsBed(test: Context, wanted: WantedHosts = {}): Promise<HostsBed> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    skipWithout(test, "root on Linux", new Error("The tests on hosts need root on Linux: run them as root"));
  }
  // The very first bed on a machine makes the image.
  test.timeout(600_000);
  return HostsBed.up(wanted);
}

export class HostsBed {
  readonly hosts: readonly BedHost[];
  /** Private key of all users (PEM text), and the file that holds it. */
  readonly key: string;
  readonly keyFile: string;
  /** known_hosts with every host's ed25519 key. */
  readonly knownHostsFile: string;
  readonly password = hostsPassword;
  /** Address of the test itself in the hosts' network. */
  readonly tester: string;
  /** First two octets of all addresses. */
  readonly net: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #keeper: ChildProcess;

  private constructor(environment: NodeJS.ProcessEnv, keeper: ChildProcess) {
    const folder = environment["BED"]!;
    this.#environment = environment;
    this.#keeper = keeper;
    this.net = environment["NET"]!;
    this.tester = `${this.net}.0.2`;
    this.keyFile = path.join(folder, "id_ed25519");
    this.key = readFileSync(this.keyFile, "utf8");
    this.knownHostsFile = path.join(folder, "known_hosts");
    const addresses = readFileSync(this.knownHostsFile, "utf8").trim().split("\n");
    this.hosts = addresses.map((line) => bedHost(folder, line.split(" ")[0]!));
  }

  static async up({ regions = 1, hosts = 3 }: WantedHosts): Promise<HostsBed> {
    await installPackages(packages);
    const shared = { BASE: await hostsImage(), WAN: regions > 1 ? await hostsWan() : "none", PATH: systemPath() };
    for (let place = 0; place < mostBeds; place++) {
      const own = { NS: `pn${place}`, NET: `10.${99 + place}`, BED: path.join(places, String(place)) };
      const environment = { ...process.env, ...shared, ...own };
      const keeper = await keep(environment);
      if (!keeper) continue;
      try {
        await mustRun(path.join(scripts, "up.sh"), [String(regions), String(hosts)], { env: environment });
        return new HostsBed(environment, keeper);
      } catch (error) {
        await leave(keeper);
        throw error;
      }
    }
    throw new Error(`All ${mostBeds} places for beds of hosts (10.99 to 10.${98 + mostBeds}) are taken`);
  }

  /** Runs a shell script on a host as root and gives its output; fails where it ends with anything but 0. */
  async run(host: string, script: string, stdin?: string | Buffer): Promise<string> {
    const ended = await this.tryRun(host, script, stdin);
    if (ended.code === 0) return ended.stdout;
    throw new Error(`${host}: ${script} ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
  }

  /** The same for scripts that may fail. */
  tryRun(host: string, script: string, stdin?: string | Buffer): Promise<Ended> {
    return command(path.join(scripts, "run.sh"), [host, script], { env: this.#environment, stdin });
  }

  /** Silence at once, unsynced writes lost, all processes gone. */
  async powercut(host: string): Promise<void> {
    await this.#script("powercut.sh", host);
  }

  /** Boots a host that was cut or powered off; returns when it has ssh. */
  async poweron(host: string): Promise<void> {
    await this.#script("poweron.sh", host);
  }

  /** All processes of the host stand still while its kernel goes on answering. */
  async freeze(host: string): Promise<void> {
    await this.#script("freeze.sh", "freeze", host);
  }

  async thaw(host: string): Promise<void> {
    await this.#script("freeze.sh", "thaw", host);
  }

  /** Drops all frames between two hosts; `b` may be "tester". */
  async partition(a: string, b: string): Promise<void> {
    await this.#script("partition.sh", "cut", a, b);
  }

  /** Cuts a host off from all others, not from the test. */
  async isolate(host: string): Promise<void> {
    await this.#script("partition.sh", "isolate", host);
  }

  /** Takes a host off the network. */
  async unplug(host: string): Promise<void> {
    await this.#script("partition.sh", "unplug", host);
  }

  /** Undoes one partition, or all of them and all unplugging. */
  async heal(a?: string, b?: string): Promise<void> {
    await this.#script("partition.sh", "heal", ...(a && b ? [a, b] : []));
  }

  /** One-way delay between two regions, in milliseconds; a round trip takes it twice. */
  async latency(a: number, b: number, milliseconds: number): Promise<void> {
    await this.#script("latency.sh", String(a), String(b), `${milliseconds}ms`);
  }

  /** Nothing passes between two regions until a latency is set again. */
  async cutRegions(a: number, b: number): Promise<void> {
    await this.#script("latency.sh", String(a), String(b), "down");
  }

  /** How much reaches a host in a second, such as "512kbit"; "none" lifts the limit. */
  async rate(host: string, rate: string): Promise<void> {
    await this.#script("rate.sh", host, rate);
  }

  /** Ends all hosts and removes all that they had. */
  async down(): Promise<void> {
    await leave(this.#keeper);
  }

  async #script(name: string, ...args: string[]): Promise<void> {
    await mustRun(path.join(scripts, name), args, { env: this.#environment });
  }
}

function bedHost(folder: string, address: string): BedHost {
  const [region, number] = address.split(".").slice(2).map(Number) as [number, number];
  const name = `r${region}h${number - 10}`;
  const key = (type: string): string =>
    readFileSync(path.join(folder, "hosts", name, `ssh_host_${type}_key.pub`), "utf8")
      .split(" ", 2)
      .join(" ");
  return { name, region, address, hostKey: key("ed25519"), ecdsaHostKey: key("ecdsa") };
}

/** Takes a place for a bed; undefined where it is another one's. Apart from this process's group, so that it can clean up after it. */
async function keep(environment: NodeJS.ProcessEnv): Promise<ChildProcess | undefined> {
  const keeper = spawn(path.join(scripts, "keep.sh"), [], { env: environment, detached: true });
  let errors = "";
  keeper.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(keeper, "exit") as Promise<[number | null]>;
  const first = await Promise.race([once(keeper.stdout, "data"), ended]);
  if (String(first[0]).trim() === "ready") return keeper;
  const [code] = await ended;
  if (code === 75) return undefined;
  throw new Error(`A bed of hosts has no place: keep.sh ended with ${code}: ${errors}`);
}

async function leave(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  const ended = once(keeper, "exit");
  keeper.stdin!.end();
  await ended;
}
