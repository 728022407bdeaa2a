import assert from "node:assert/strict";
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
    bed = await hostsBed(this, { hosts: 1 });
  });
  after(() => bed?.down());

  it("is made by the same up and still boots; has its own folders, user, binary and ports, and a name that only others know", async () => {
    const [host] = bed.hosts as [BedHost];
    const { address } = host;
    const file = await findTool("nats-server", "2.15.2");
    const program = hostsProgram(bed, {
      // Nobody resolves this name: the rollout and the stream's provider come from inside.
      hosts: () => {
        const vm = new Vm(host);
        return [{ address: vm.privateIp, name: "one", advertise: "one.example.com", ssh: { hostKey: vm.hostKey } }];
      },
      options: {
        ssh: { ...opsSsh(bed), user: "admin", sudo: { password: bed.password }, connectTimeout: "3s" },
        listen: "address",
        dir: "/srv/nats",
        dataDir: "/data",
        user: "broker",
        group: "messaging",
        binary: { file },
        ports: { websocket: 443 },
      },
      args: { websocket: {}, onDataLoss: "allow" },
      replicas: 1,
    });
    await withStack(
      program,
      async (stack) => {
        await bed.unplug(host.name);
        const preview = await stack.preview();
        assert.deepEqual(preview.counts, { create: 8 }, preview.text);
        assert.match(
          preview.messages("east-servers").join("\n"),
          /one: the address is known only after its host is made; what stands in the way on that host is looked for then/,
        );
        // It is on the network from the moment that somebody waits for it.
        let boot: Promise<void> | undefined;
        const { outputs } = await stack.stack.up({
          onEvent: ({ diagnosticEvent }) => {
            if (/waiting for a new host to boot: ssh admin@/.test(diagnosticEvent?.message ?? "")) boot ??= bed.heal();
          },
        });
        assert.ok(boot, "up waited for the host");
        assert.deepEqual(outputs["urls"]!.value, ["tls://one.example.com:4222"]);
        const run = (script: string): Promise<string> => bed.run("r1h1", script);
        const listening = await run("ss -Hltn | awk '{ print $4 }'");
        for (const port of [4222, 8222, 443]) assert.ok(listening.includes(`${address}:${port}\n`), listening);
        assert.ok(!/0\.0\.0\.0:4222/.test(listening), listening);
        const pid = (await run(`systemctl show -p MainPID --value ${unit}`)).trim();
        const status = await run(`cat /proc/${pid}/status`);
        assert.match(status, /^CapEff:\s+0000000000000400$/m, "to bind port 443, and nothing else");
        assert.equal(await run(`stat -c '%U:%G %a' ${node}/current/secrets.conf`), "broker:messaging 600\n");
        assert.equal(await run(`readlink ${node}/data; ls /data/east/one/jetstream`), "/data/east/one\nAPP\n");
        assert.match(await run(`cat ${node}/current/node.conf`), /ADVERTISE_CLIENT: "?one\.example\.com:4222/);
        const again = await stack.preview();
        assert.deepEqual(again.counts, { same: 8 }, again.text);
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
