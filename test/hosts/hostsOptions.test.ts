import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { connect } from "nats";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { hosts } from "../../components/hosts";
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
          /^hot reload on one: max_payload \(default 1MB, 1048576\) → 2097152$/m,
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

  it("lets clients in by a token, and answers the tool alone, by a monitor on its loopback: up, drift, destroy", async () => {
    const [, { name, address }] = bed.hosts as [BedHost, BedHost];
    const run = (script: string): Promise<string> => bed.run(name, script);
    const program =
      (token: string, config: ClusterArgs["config"] = {}): PulumiFn =>
      async () => {
        const options = { ssh: opsSsh(bed), monitorListen: "127.0.0.1" };
        const cluster = new Cluster("west", {
          target: hosts([{ address, name: "two" }], options),
          authorization: { token: pulumi.secret(token) },
          jetstream: { maxFileStore: "64MiB", maxMemoryStore: "16MiB" },
          rollout: { timeout: "60s" },
          config,
        });
        return { urls: cluster.urls, monitorUrls: cluster.monitorUrls };
      };
    const maxPayload = async (token: string): Promise<number> => {
      const connection = await connect({ servers: `${address}:4222`, token, reconnect: false, timeout: 20_000 });
      const { max_payload: size } = connection.info!;
      await connection.close();
      return size;
    };
    const pid = async (): Promise<string> => (await run("systemctl show -p MainPID --value nats-two")).trim();
    await withStack(
      program("first-token-1"),
      async (stack) => {
        const { outputs } = await stack.up();
        assert.deepEqual(outputs["monitorUrls"], ["http://127.0.0.1:8222"]);
        assert.equal(await run("ss -Hltn 'sport = 8222' | awk '{ print $4 }'"), "127.0.0.1:8222\n");
        await assert.rejects(fetch(`http://${address}:8222/varz`, { signal: AbortSignal.timeout(5000) }));
        assert.equal(await maxPayload("first-token-1"), 1024 * 1024);
        await assert.rejects(maxPayload("wrong-token-1"), /Authorization Violation/);
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);

        const before = await pid();
        stack.program = program("second-token-2", { maxPayload: "2MiB" });
        const preview = await stack.preview({ diff: true });
        const said = preview.messages("west-servers").join("\n");
        assert.match(said, /^hot reload on two: /);
        assert.match(said, /authorization\.token changes/);
        assert.match(said, /max_payload \(default 1MB, 1048576\) → 2097152/);
        await stack.up();
        assert.equal(await pid(), before);
        assert.equal(await maxPayload("second-token-2"), 2 * 1024 * 1024);
        await assert.rejects(maxPayload("first-token-1"), /Authorization Violation/);
        for (const text of [preview.text, stack.state()]) assert.doesNotMatch(text, /(first|second)-token/);

        const conf = "/var/lib/nats/west/two/current/nats.conf";
        await run(`sed -i 's/max_payload: .*/max_payload: 3145728/' ${conf}; systemctl reload nats-two`);
        assert.equal(await maxPayload("second-token-2"), 3 * 1024 * 1024);
        const refresh = await stack.refresh();
        assert.match(
          refresh.messages("west-servers").join("\n"),
          /^not as the last `pulumi up` left it: two: another nats\.conf/m,
        );
        const drift = await stack.preview();
        assert.match(drift.messages("west-servers").join("\n"), /^hot reload on two: .*(nats\.conf|max_payload)/m);
        await stack.up();
        assert.equal(await maxPayload("second-token-2"), 2 * 1024 * 1024);
        assert.equal(await pid(), before);
        await run("systemctl stop nats-two");
        assert.match((await stack.preview()).messages("west-servers").join("\n"), /^two is stopped: will be started$/m);
        await stack.up();
        assert.equal(await maxPayload("second-token-2"), 2 * 1024 * 1024);
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);

        const gone = await stack.destroy();
        assert.match(gone.text, /JetStream's files stay, .*\/var\/lib\/nats\/west\/two\/data on /);
        assert.equal(await run("systemctl is-active nats-two || true"), "inactive\n");
        assert.equal(await run("ls /etc/systemd/system/nats-two.service 2>/dev/null || true"), "");
        assert.equal(
          await run("ls -d /var/lib/nats/west/two/data/jetstream"),
          "/var/lib/nats/west/two/data/jetstream\n",
        );
      },
      { keep: true },
    );
  });
});
