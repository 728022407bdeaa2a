import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { ClusterArgs } from "../../components/clusterArgs";
import { dialDirectly } from "../../provider/apply/dialers";
import { findTool } from "../../provider/tools/findTool";
import type { BedHost, HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import { withStack } from "../bed/stack";
import { hostsProgram, opsSsh } from "./hostsProgram";
import { Vm } from "./vm";

const unit = "nats-one";
const node = "/srv/nats/one";

describe("A host with everything otherwise", function () {
  this.timeout(300_000);
  let bed: HostsBed;
  before(async function () {
    bed = await hostsBed(this, { hosts: 2 });
  });
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-options-"));
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bed?.down();
  });

  it("is made by the same up and still boots; has its own folders, user, binary and ports, another host that leads there, and a name that nobody knows", async () => {
    const [host, jump] = bed.hosts as [BedHost, BedHost];
    const { address } = host;
    await bed.run(host.name, "echo Port 2222 > /etc/ssh/sshd_config.d/00-port.conf; systemctl restart ssh");
    const file = path.join(folder, "nats-server");
    copyFileSync(await findTool("nats-server", "2.15.2"), file);
    const shaOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
    const program = (args: Partial<ClusterArgs> = {}): PulumiFn =>
      hostsProgram(bed, {
        // Nobody resolves this name: the rollout and the stream's provider come from inside.
        hosts: () => {
          const vm = new Vm(host);
          return [{ address: vm.privateIp, name: "one", advertise: "one.example.com", ssh: { hostKey: vm.hostKey } }];
        },
        options: {
          ssh: {
            ...opsSsh(bed),
            user: "admin",
            port: 2222,
            sudo: { password: bed.password },
            connectTimeout: "10s",
            proxyJump: { ...opsSsh(bed), user: "guest", address: jump.address },
          },
          listen: "address",
          monitorListen: "127.0.0.1",
          dir: "/srv/nats",
          dataDir: "/data",
          user: "broker",
          group: "messaging",
          binary: { file },
          ports: { websocket: 443 },
        },
        args: { websocket: {}, onDataLoss: "allow", ...args },
        replicas: 1,
      });
    await withStack(
      program(),
      async (stack) => {
        await bed.unplug(host.name);
        const preview = await stack.preview();
        assert.deepEqual(preview.counts, { create: 8 }, preview.text);
        assert.match(
          preview.messages("east-servers").join("\n"),
          /one: the address is known only after its host is made; what stands in the way on that host is looked for then/,
        );
        // Of all that there is, only the other host can dial it.
        const boots = async (): Promise<void> => {
          await bed.heal();
          await bed.partition(host.name, "tester");
        };
        // It is on the network from the moment that somebody waits for it.
        let boot: Promise<void> | undefined;
        const { outputs } = await stack.stack.up({
          onEvent: ({ diagnosticEvent }) => {
            if (/waiting for a new host to boot: ssh admin@/.test(diagnosticEvent?.message ?? "")) boot ??= boots();
          },
        });
        assert.ok(boot, "up waited for the host");
        assert.deepEqual(outputs["urls"]!.value, ["tls://one.example.com:4222"]);
        const run = (script: string): Promise<string> => bed.run("r1h1", script);
        const listening = (await run("ss -Hltn | awk '{ print $4 }'")).trim().split("\n").sort();
        const declared = [`${address}:4222`, `${address}:443`, "127.0.0.1:8222"];
        assert.deepEqual(
          listening,
          [...declared, "0.0.0.0:2222", "[::]:2222"].sort(),
          "its sshd, and nothing undeclared",
        );
        assert.deepEqual(outputs["monitorUrls"]!.value, ["http://127.0.0.1:8222"]);
        const pid = (await run(`systemctl show -p MainPID --value ${unit}`)).trim();
        const status = await run(`cat /proc/${pid}/status`);
        assert.match(status, /^CapEff:\s+0000000000000400$/m, "to bind port 443, and nothing else");
        assert.equal(await run(`stat -c '%U:%G %a' ${node}/current/secrets.conf`), "broker:messaging 600\n");
        assert.equal(await run(`readlink ${node}/data; ls /data/east/one/jetstream`), "/data/east/one\nAPP\n");
        assert.match(await run(`cat ${node}/current/node.conf`), /ADVERTISE_CLIENT: "?one\.example\.com:4222/);
        const again = await stack.preview();
        assert.deepEqual(again.counts, { same: 8 }, again.text);
        for (const port of [22, 2222, 4222]) await assert.rejects(dialDirectly(address, port, 500), /does not answer/);
        const before = (await run(`systemctl show -p MainPID --value ${unit}`)).trim();
        stack.program = program({ config: { maxPayload: "2MiB" } });
        const reload = await stack.preview();
        assert.match(
          reload.messages("east-servers").join("\n"),
          /^hot reload on one: max_payload \(none\) → 2097152$/m,
        );
        await stack.up();
        assert.equal((await run(`systemctl show -p MainPID --value ${unit}`)).trim(), before);
        assert.match(await run(`cat ${node}/current/nats.conf`), /^max_payload: "?(2097152|2MiB)/m);
        const first = shaOf(readFileSync(file));
        const own = (sha256: string): string => `/usr/local/lib/pulumi-nats/nats-server-2.15.2-${sha256.slice(0, 12)}`;
        assert.equal(await run(`readlink /proc/${pid}/exe`), `${own(first)}\n`);
        // Another build of the same version.
        appendFileSync(file, "another build");
        const second = shaOf(readFileSync(file));
        const changed = await stack.preview();
        assert.deepEqual(changed.counts, { same: 7, update: 1 }, changed.text);
        assert.equal(
          changed.messages("east-servers").join("\n"),
          `restart of one: another program: ${own(first)} → ${own(second)}`,
        );
        await stack.up();
        const now = (await run(`systemctl show -p MainPID --value ${unit}`)).trim();
        assert.equal((await run(`sha256sum < /proc/${now}/exe`)).slice(0, 64), second);
        assert.deepEqual((await stack.preview()).counts, { same: 8 });
        await stack.destroy();
        assert.equal(
          await run("ls -d /srv/nats /data/east/one 2>/dev/null || true"),
          "",
          "onDataLoss: allow takes all",
        );
      },
      { keep: true },
    );
  });
});
