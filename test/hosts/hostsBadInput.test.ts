import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Cluster } from "../../components/cluster";
import { hosts } from "../../components/hosts";
import type { HostBinary, HostsOptions, HostSshArgs } from "../../components/hostsArgs";
import { findTool } from "../../provider/tools/findTool";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { hostsProgram, opsSsh } from "./hostsProgram";
import type { WantedProgram } from "./hostsProgram";

describe("What stands against a cluster on hosts", function () {
  this.timeout(600_000);
  let bed: HostsBed;
  before(async function () {
    bed = await hostsBed(this, { hosts: 3 });
  });
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-bad-"));
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bed?.down();
  });

  const program = (wanted: WantedProgram = {}): PulumiFn => hostsProgram(bed, { replicas: 0, ...wanted });
  const withSsh = (ssh: Partial<HostSshArgs>): PulumiFn => program({ options: { ssh: { ...opsSsh(bed), ...ssh } } });

  /** A preview that must fail, with the words of its error. */
  async function refusal(stack: TestStack, wanted: PulumiFn): Promise<string> {
    stack.program = wanted;
    const preview = await stack.attempt("preview");
    assert.ok(preview.error, preview.text);
    return preview.text.replace(/\s+/g, " ");
  }

  it("is said in the preview: host, reason and fix, and no host is touched", async () => {
    await withStack(program(), async (stack) => {
      await access(stack);
      await places(stack);
      await squatters(stack);
      await binaries(stack);
      for (const { name } of bed.hosts) {
        assert.equal(await bed.run(name, "ls -d /var/lib/nats /usr/local/lib/pulumi-nats 2>/dev/null || true"), "");
      }
      await others(stack);
    });
  });

  async function access(stack: TestStack): Promise<void> {
    const [first, second] = bed.hosts as [(typeof bed.hosts)[0], (typeof bed.hosts)[0]];
    const unknown = await refusal(stack, withSsh({ knownHostsFile: "/dev/null" }));
    assert.match(unknown, /target\.hosts\.east-1: ssh ops@\S+: the host key is not known: it shows SHA256:\S+/);
    assert.match(unknown, /target\.hosts\.east-3: ssh ops@/, "every host at once");
    const changed = await refusal(
      stack,
      program({ hosts: [{ address: first.address, ssh: { hostKey: second.hostKey } }] }),
    );
    assert.match(changed, /THE HOST KEY IS NOT THE PINNED ONE/);
    const login = await refusal(stack, withSsh({ user: "nobody-there" }));
    assert.match(login, /target\.hosts\.east-1: ssh nobody-there@/);
    const guest = await refusal(stack, withSsh({ user: "guest" }));
    assert.match(guest, /ssh guest@\S+: (guest is not allowed to use sudo|sudo asks guest for a password)/);
    const sshd = "/etc/ssh/sshd_config.d/00-test.conf";
    await bed.run(second.name, `echo AllowTcpForwarding no > ${sshd}; systemctl reload ssh`);
    const closed = await refusal(stack, program());
    assert.match(closed, /target\.hosts\.east-2: ssh ops@\S+: its sshd forbids connections to \S+:4222/);
    await bed.run(second.name, `rm ${sshd}; systemctl reload ssh`);
    const nowhere = await refusal(
      stack,
      program({
        hosts: [...bed.hosts.slice(0, 2), { address: `${bed.net}.1.99` }].map(({ address }) => ({ address })),
        options: { ssh: { ...opsSsh(bed), connectTimeout: "12s" } },
      }),
    );
    assert.match(nowhere, /target\.hosts\.east-3: ssh ops@\S+\.1\.99/);
    assert.doesNotMatch(nowhere, /target\.hosts\.east-1/);
    await jump(stack);
  }

  /** The host that leads to all others is the only one that is out of reach. */
  async function jump(stack: TestStack): Promise<void> {
    const [first, ...others] = bed.hosts as [(typeof bed.hosts)[0], ...(typeof bed.hosts)[0][]];
    const ssh = opsSsh(bed);
    const proxyJump = { ...ssh, user: "guest", address: first.address, connectTimeout: "2s" };
    await bed.partition(first.name, "tester");
    const said = await refusal(
      stack,
      program({ hosts: others.map(({ address }) => ({ address })), options: { ssh: { ...ssh, proxyJump } } }),
    );
    await bed.heal();
    assert.match(
      said,
      /target\.hosts: ssh guest@\S+1\.11:22: no answer within \d(\.\d)? s; it leads to east-1, east-2\. Fix: see that the host is up/,
    );
    // On the resource's row, and again among the diagnostics.
    assert.equal(said.match(/no answer within \d/g)?.length, 2, said);
    assert.doesNotMatch(said, /take it out of hosts/);
  }

  async function places(stack: TestStack): Promise<void> {
    const [first] = bed.hosts as [(typeof bed.hosts)[0]];
    const alias = `${bed.net}.1.211`;
    await bed.run(
      first.name,
      `ip address add ${alias}/32 dev $(ip -o route get ${bed.tester} | sed 's/.* dev \\([^ ]*\\).*/\\1/')`,
    );
    const twice = await refusal(
      stack,
      program({ hosts: [{ address: first.address }, { address: alias, ssh: { hostKey: first.hostKey } }] }),
    );
    assert.match(twice, /1\.211 is the same machine as \S+1\.11\b/);
    await neighbours(stack, alias);
    await bed.run(first.name, "fallocate -l $(($(df -Pk / | awk 'NR == 2 { print $4 }') - 51200))k /full");
    assert.match(await refusal(stack, program()), /1\.11 has \d+ MiB free where \/var\/lib\/nats\/east lies/);
    await bed.run(first.name, "rm /full");
    const unit = "/etc/systemd/system/nats-east-1.service";
    await bed.run(first.name, `printf '[Service]\\nExecStart=/bin/true\\n' > ${unit}`);
    assert.match(await refusal(stack, program()), /has a unit nats-east-1\.service already, which is none of this/);
    await bed.run(first.name, `rm ${unit}`);
    await otherSystems(stack);
  }

  /** Two clusters of one program on one host, which the second calls by another name. */
  async function neighbours(stack: TestStack, alias: string): Promise<void> {
    const [{ address, hostKey }] = bed.hosts as [(typeof bed.hosts)[0]];
    const both =
      (name: string, ports: HostsOptions["ports"]): PulumiFn =>
      async () => {
        const accounts = { APP: { users: [{ user: "app", password: "app-password-1" }] } };
        const own = { ssh: opsSsh(bed), ...(ports ? { ports } : {}) };
        new Cluster("first", { name: "east", target: hosts([address], { ssh: opsSsh(bed) }), accounts });
        new Cluster("second", { name, target: hosts([{ address: alias, ssh: { hostKey } }], own), accounts });
      };
    const shared = await refusal(stack, both("east", undefined));
    // Pulumi asks about several resources in any order.
    const [other, host] = /'first-servers' has a problem/.test(shared)
      ? ["second", `${address} (${alias} in nats.Cluster "second")`]
      : ["first", `${alias} (${address} in nats.Cluster "first")`];
    for (const what of [
      `target.dir: /var/lib/nats/east on ${host} is the folder of nats.Cluster "${other}" of this program already`,
      `nodes: nats-east-1.service on ${host} is a systemd unit of nats.Cluster "${other}"`,
      `target.ports: 4222 (client), 8222 (monitor) of ${host}: ports on which nats.Cluster "${other}"`,
    ])
      assert.ok(shared.includes(what), `${what}\n${shared}`);
    stack.program = both("west", { client: 4322, monitor: 8322 });
    assert.deepEqual((await stack.preview()).counts["update"], undefined);
  }

  /** What a host says of itself is what counts. */
  async function otherSystems(stack: TestStack): Promise<void> {
    const uname = "/usr/local/sbin/uname";
    const saying = async (host: string, system: string, machine: string): Promise<void> => {
      const script = `#!/bin/sh\ncase $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac\n`;
      await bed.run(host, `cat > ${uname} && chmod 755 ${uname}`, script);
    };
    await saying("r1h1", "Darwin", "arm64");
    await saying("r1h2", "Linux", "mips64");
    const said = await refusal(stack, program());
    assert.match(said, /target\.hosts\.east-1: \S+1\.11 runs Darwin: bare hosts are Linux with systemd/);
    assert.match(said, /target\.hosts\.east-2: \S+1\.12 is of architecture mips64, for which there is no nats-server/);
    assert.doesNotMatch(said, /target\.hosts\.east-3/);
    for (const host of ["r1h1", "r1h2"]) await bed.run(host, `rm ${uname}`);
  }

  /** nats-server itself, which no host has yet. */
  async function binaries(stack: TestStack): Promise<void> {
    const [first] = bed.hosts as [(typeof bed.hosts)[0]];
    const [own, other] = process.arch === "arm64" ? ["arm64", "x64"] : ["x64", "arm64"];
    const by = (binary: HostBinary): PulumiFn => program({ options: { ssh: opsSsh(bed), binary } });
    const nowhere = await refusal(stack, program({ args: { version: "2.15.99" } }));
    assert.match(
      nowhere,
      new RegExp(
        `version: nats-server 2\\.15\\.99 for linux on ${own} \\(\\S+1\\.11, \\S+1\\.12, \\S+1\\.13\\) is not to be had: .* Fix: another`,
      ),
    );
    await bed.run(
      first.name,
      "printf '#!/bin/sh\\necho nats-server: v2.10.1\\n' > /usr/local/bin/nats-server; chmod 755 /usr/local/bin/nats-server",
    );
    const installed = await refusal(stack, by("installed"));
    assert.match(
      installed,
      /target\.hosts\.east-1: \S+1\.11 has nats-server 2\.10\.1 in \/usr\/local\/bin\/nats-server, not 2\.15\.2\. Fix: version: "2\.10\.1", or install 2\.15\.2 there/,
    );
    assert.match(installed, /target\.hosts\.east-3: \S+1\.13 has no nats-server on its PATH\. Fix: install it there/);
    await bed.run(first.name, "rm /usr/local/bin/nats-server");
    const missing = await refusal(stack, by({ file: "/nowhere/nats-server" }));
    assert.match(missing, /target\.binary\.file: there is no file "\/nowhere\/nats-server"/);
    const file = path.join(folder, "nats-server");
    writeFileSync(file, "#!/bin/sh\n");
    assert.match(await refusal(stack, by({ file })), /target\.binary\.file: "\S+" is no program for Linux/);
    const foreign = Buffer.from(readFileSync(process.execPath).subarray(0, 64));
    foreign.writeUInt16LE(other === "arm64" ? 0xb7 : 0x3e, 18);
    writeFileSync(file, foreign);
    const wanted = `is a program for ${other}, and \\S+1\\.11, \\S+1\\.12, \\S+1\\.13 can only run one for ${own}`;
    assert.match(await refusal(stack, by({ file })), new RegExp(`target\\.binary\\.file: \\S+ ${wanted}`));
    const older = await refusal(stack, by({ file: await findTool("nats-server", "2.14.9") }));
    assert.match(older, /target\.binary\.file: \S+ is nats-server 2\.14\.9, not 2\.15\.2\. Fix: version: "2\.14\.9"/);
    const server = createServer((_request, response) => response.end(foreign)).listen(0, bed.tester);
    await once(server, "listening");
    const url = `http://${bed.tester}:${(server.address() as AddressInfo).port}/nats-server`;
    const fetched = await refusal(stack, by({ url, sha256: "0".repeat(64) }));
    server.close();
    assert.match(fetched, new RegExp(`target\\.binary\\.url: ${url} ${wanted}`));
  }

  async function squatters(stack: TestStack): Promise<void> {
    await bed.run("r1h2", "systemd-run -q --unit=nats-server systemd-socket-activate -l 4222 /bin/cat");
    const taken = await refusal(stack, program());
    assert.match(
      taken,
      /port 4222 of \S+1\.12 is in use by process \d+ \(systemd-socket-\w* of nats-server\.service\)\. Fix: another port: hosts\(\[…\], \{ ports \}\); or end it: systemctl disable --now nats-server\.service/,
    );
    await bed.run("r1h2", "systemctl stop nats-server");
    stack.program = program({ hosts: bed.hosts.slice(0, 2).map(({ address }) => ({ address })) });
    const even = await stack.preview();
    assert.match(even.text.replace(/\s+/g, " "), /2 servers with JetStream survive the loss of no more servers than 1/);
  }

  /** Another stack's cluster in the same folder, and another rollout at the same moment. */
  async function others(stack: TestStack): Promise<void> {
    stack.program = program();
    const place = "/run/pulumi-nats/var-lib-nats-east";
    await bed.run(
      "r1h2",
      `mkdir -p /run/pulumi-nats && echo 'x root@elsewhere' > ${place}.holder && systemd-run -q --unit=elsewhere flock ${place}.lock sleep 300`,
    );
    const busy = await stack.attempt("up");
    assert.match(busy.text, /\/var\/lib\/nats\/east on \S+1\.12 is being changed by root@elsewhere/, busy.text);
    await bed.run("r1h2", "systemctl stop elsewhere");
    await stack.up();
    await withStack(program({ resource: "another" }), async (second) => {
      const preview = await second.attempt("preview");
      assert.match(
        preview.text,
        /\/var\/lib\/nats\/east on \S+ holds the servers of urn:pulumi:test::bed::/,
        preview.text,
      );
    });
    const west = await refusal(stack, program({ resource: "west", args: { name: "west" } }));
    assert.match(
      west,
      /nodes\.west-1\.ports\.client: port 4222 of \S+1\.11 is in use by process \d+ \(nats-server\S* of nats-east-1\.service\)\. Fix: another port: hosts/,
    );
    const shifted = await refusal(stack, program({ hosts: bed.hosts.slice(1).map(({ address }) => ({ address })) }));
    assert.match(shifted, /east-1 lives on \S+1\.11; on \S+1\.12 it would start without its data/);
    stack.program = program();
  }
});
