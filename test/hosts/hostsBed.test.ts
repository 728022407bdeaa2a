import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../../provider/apply/wait";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";

/** Milliseconds that a TCP connection from one host to another's sshd takes; undefined where there is none within 2 s. */
async function connects(bed: HostsBed, from: string, to: string): Promise<number | undefined> {
  const script = `s=$(date +%s%N); timeout 2 bash -c ': </dev/tcp/${to}/22' 2>/dev/null || exit 1; echo $(( ($(date +%s%N) - s) / 1000000 ))`;
  const { code, stdout } = await bed.tryRun(from, script);
  return code === 0 ? Number(stdout) : undefined;
}

describe("The bed of hosts", () => {
  let bed: HostsBed;
  before(async function () {
    bed = await hostsBed(this, { regions: 2, hosts: 2 });
  });
  after(() => bed?.down());

  const untilConnected = (from: string, to: string): Promise<number> =>
    waitFor<number>(`a connection from ${from} to ${to}`, { timeout: 60_000 }, async () => {
      const took = await connects(bed, from, to);
      return took === undefined ? { pending: "none within 2 s" } : { value: took };
    });

  it("has hosts with systemd that know each other", async () => {
    assert.deepEqual(
      bed.hosts.map(({ name, region, address }) => [name, region, address]),
      ["r1h1", "r1h2", "r2h1", "r2h2"].map((name) => {
        const [region, number] = [Number(name[1]), Number(name[3])];
        return [name, region, `${bed.net}.${region}.${10 + number}`];
      }),
    );
    for (const { name } of bed.hosts) {
      assert.equal(await bed.run(name, "systemctl is-system-running --wait; hostname"), `running\n${name}\n`);
    }
    await assert.rejects(bed.run("r1h1", "echo no >&2; exit 3"), /r1h1: .* ended with 3:\nno/);
  });

  it("has distances between regions, and none within", async () => {
    await bed.latency(1, 2, 60);
    const far = (await connects(bed, "r1h1", "r2h1"))!;
    assert.ok(far >= 120, `${far} ms for a round trip of 120`);
    // A busy machine makes a single one slow.
    await waitFor("a quick connection", { timeout: 60_000 }, async () => {
      const near = await connects(bed, "r1h1", "r1h2");
      return near !== undefined && near < 60 ? { value: near } : { pending: `${near} ms` };
    });
    await bed.cutRegions(1, 2);
    assert.equal(await connects(bed, "r2h2", "r1h2"), undefined);
    await bed.latency(1, 2, 0);
    await untilConnected("r2h2", "r1h2");
  });

  it("parts hosts, and joins them again", async () => {
    await bed.partition("r1h1", "r1h2");
    assert.equal(await connects(bed, "r1h1", "r1h2"), undefined);
    await untilConnected("r1h1", "r2h2");
    await bed.isolate("r2h2");
    assert.equal(await connects(bed, "r1h1", "r2h2"), undefined);
    await bed.heal();
    await untilConnected("r1h1", "r1h2");
    await untilConnected("r1h1", "r2h2");
  });

  it("loses what was not synced when the power goes", async () => {
    await bed.run("r1h1", "echo kept > /srv/synced; sync /srv/synced /srv; echo lost > /srv/unsynced");
    await bed.powercut("r1h1");
    await assert.rejects(bed.run("r1h1", "true"), /r1h1 is not running/);
    await bed.poweron("r1h1");
    assert.equal(await bed.run("r1h1", "cat /srv/synced /srv/unsynced 2>/dev/null || true"), "kept\n");
  });

  it("goes with its process, however that ends", async () => {
    const program = `require("./test/bed/hosts/hostsBed").HostsBed.up({ hosts: 1 }).then((bed) => { console.log(bed.keyFile); setInterval(() => 0, 1000); });`;
    const root = path.resolve(__dirname, "../..");
    const args = ["-r", "ts-node/register/transpile-only", "-e", program];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const folder = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(path.dirname(String(chunk).trim())));
      child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
    });
    assert.ok(existsSync(path.join(folder, "hosts/r1h1/disk.img")), folder);
    assert.notEqual(folder, path.dirname(bed.keyFile), "beside this one");
    child.kill("SIGKILL");
    await waitFor("the end of the bed", { timeout: 120_000 }, async () =>
      existsSync(folder) ? { pending: `${folder} is there` } : { value: true },
    );
    assert.equal(await bed.run("r2h1", "hostname"), "r2h1\n");
  });
});
