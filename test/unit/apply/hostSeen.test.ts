import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { parseLook } from "../../../provider/apply/machine/hosts/hostSeen";
import type { HostSeen } from "../../../provider/apply/machine/hosts/hostSeen";
import { hostProblems } from "../../../provider/apply/machine/hosts/hostProblems";
import { SshError } from "../../../provider/apply/ssh/sshError";
import type { HostSide } from "../../../provider/apply/machine/hosts/hostSide";
import { lookScript } from "../../../provider/apply/machine/hosts/lookScript";
import { nodeFolder, nodeGeneration } from "../../../provider/apply/machine/hosts/nodeOnDisk";
import type { HostsTargetInputs } from "../../../provider/model/hosts";

const target: HostsTargetInputs = { kind: "hosts", dir: "/var/lib/nats/east", hosts: {}, user: "nats", group: "nats" };

const facts = `system Linux x86_64
time 1700000000
machine abc/def
systemd yes
free 4194304
folder east-1
unit east-1 644:root ${Buffer.from("[Service]\nWorkingDirectory=/var/lib/nats/east/east-1\n").toString("base64")}
starts east-1 /etc/systemd/system/nats-east-1.service.d/a b.conf=/usr/bin/numactl --membind=0 /opt/nats-server -c x=y
binary /usr/local/lib/pulumi-nats/nats-server-2.15.2
installed /usr/bin/nats-server nats-server: v2.14.9
service east-1 MainPID=123 ActiveState=active UnitFileState=disabled
process east-1 123 boot/456 /usr/local/lib/pulumi-nats/nats-server-2.15.2 (deleted)
port LISTEN 0 4096 0.0.0.0:4222 0.0.0.0:* users:(("nats-server",pid=123,fd=7))
port LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=9,fd=4))
port LISTEN 0 128 127.0.0.1:631 0.0.0.0:*
serves 123 nats-east-1.service
`;

describe("a look at a host", () => {
  it("is read into facts: processes, services, units and who holds which port", async () => {
    const seen = await parseLook(facts);
    assert.deepEqual(seen.processes.get("east-1"), {
      pid: 123,
      identity: "boot/456",
      binary: "/usr/local/lib/pulumi-nats/nats-server-2.15.2",
    });
    assert.deepEqual(seen.services.get("east-1"), { mainPid: 123, active: "active", file: "disabled" });
    assert.deepEqual(seen.starts.get("east-1"), [
      {
        file: "/etc/systemd/system/nats-east-1.service.d/a b.conf",
        command: "/usr/bin/numactl --membind=0 /opt/nats-server -c x=y",
      },
    ]);
    assert.deepEqual(seen.binaries, ["/usr/local/lib/pulumi-nats/nats-server-2.15.2"]);
    assert.deepEqual(seen.installed, { path: "/usr/bin/nats-server", says: "nats-server: v2.14.9" });
    assert.deepEqual(seen.ports.get(4222), { pid: 123, command: "nats-server", unit: "nats-east-1.service" });
    assert.deepEqual(seen.ports.get(22), { pid: 9, command: "sshd" });
    assert.deepEqual(seen.ports.get(631), { pid: undefined, command: undefined });
    assert.equal(seen.ports.get(4223), undefined);
  });

  it("reads a folder with its generations, links, modes and owners in one run", async function () {
    if (process.platform !== "linux") this.skip();
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-look-"));
    try {
      const generation = path.join(dir, "east-1/generations/3");
      mkdirSync(path.join(generation, "tls"), { recursive: true });
      writeFileSync(path.join(generation, "nats.conf"), "port: 4222 # ü\n", { mode: 0o644 });
      writeFileSync(path.join(generation, "tls/server.key"), "key", { mode: 0o600 });
      mkdirSync(path.join(dir, "east-1/generations/10"));
      symlinkSync("generations/3", path.join(dir, "east-1/current"));
      writeFileSync(path.join(dir, "owner.json"), "{}");
      mkdirSync(path.join(dir, "east-1/data"));
      const seen = await parseLook(execFileSync("sh", ["-c", lookScript(dir, ["east-2"])], { encoding: "utf8" }));
      assert.deepEqual(seen.folders, ["east-1"]);
      assert.equal(seen.disk.get("owner.json")?.content, "{}");
      const folder = nodeFolder(seen, "east-1");
      assert.equal(folder?.current, "3");
      assert.deepEqual(folder?.generations, ["3", "10"]);
      assert.ok(Math.abs(folder.switchedAt! - Date.now()) < 60_000);
      assert.equal(nodeFolder(seen, "east-2"), undefined);
      const me = userInfo().username;
      const files = nodeGeneration(seen, "east-1", "3", me);
      assert.deepEqual(files?.["tls/server.key"], { content: "key", mode: 0o600 });
      assert.deepEqual(files?.["nats.conf"]?.content, "port: 4222 # ü\n");
      // Another user's: no mode that a file is wanted with.
      assert.equal(nodeGeneration(seen, "east-1", "3", "someone-else")?.["tls/server.key"]?.mode, 0o10000);
      assert.equal(nodeGeneration(seen, "east-1", "4", me), undefined);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it("goes on where a process that listened has just ended", async function () {
    if (process.platform !== "linux") this.skip();
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-look-"));
    try {
      // Linux gives no process this number.
      const line = 'LISTEN 0 4096 *:4222 *:* users:(("nats-server",pid=4194305,fd=8))';
      writeFileSync(path.join(dir, "ss"), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
      const env = { ...process.env, PATH: `${dir}:${process.env["PATH"]}` };
      const text = execFileSync("sh", ["-c", lookScript(path.join(dir, "none"), [])], { encoding: "utf8", env });
      const { ports } = await parseLook(text);
      assert.deepEqual(ports.get(4222), { pid: 4194305, command: "nats-server" });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it("finds what stands against running servers there", async () => {
    const seen = await parseLook(facts);
    const problems = async (change: Partial<HostSeen>): Promise<string[]> => {
      const look = async (): Promise<HostSeen> => ({ ...seen, time: Date.now() / 1000, ...change });
      const side = { label: "10.0.0.1", look } as unknown as HostSide;
      return (await hostProblems(side, target, ["east-1"])).map(
        ({ severity = "error", reason }) => `${severity}: ${reason}`,
      );
    };
    assert.deepEqual(await problems({}), []);
    assert.match((await problems({ system: "Darwin" }))[0]!, /^error: 10\.0\.0\.1 runs Darwin: bare hosts are Linux/);
    assert.match((await problems({ hasSystemd: false }))[0]!, /^error: 10\.0\.0\.1 does not run systemd/);
    assert.match((await problems({ architecture: "sparc" }))[0]!, /^error: 10\.0\.0\.1 is of architecture sparc/);
    assert.match((await problems({ missingTools: ["flock", "tar"] }))[0]!, /^error: 10\.0\.0\.1 has no flock, tar/);
    assert.match((await problems({ freeKiB: 51200 }))[0]!, /^error: 10\.0\.0\.1 has 50 MiB free/);
    const [behind] = await problems({ time: Date.now() / 1000 - 60 });
    assert.match(behind!, /^warning: the clock of 10\.0\.0\.1 is 60 s behind this machine's/);
    const foreign = new Map([["east-1", { mode: 0o644, user: "root", content: "[Service]\nExecStart=/bin/true\n" }]]);
    assert.match((await problems({ units: foreign }))[0]!, /has a unit nats-east-1\.service already/);
    const down = {
      label: "x",
      shell: { label: "x" },
      look: () => Promise.reject(new SshError("unreachable", "x", "refused", "start sshd")),
    };
    assert.deepEqual(await hostProblems(down as unknown as HostSide, target, ["east-1"]), [
      { path: "target.hosts.east-1", reason: "ssh x: refused", fix: "start sshd" },
    ]);
  });
});
