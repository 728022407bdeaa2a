import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Events } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections, openConnection } from "../../provider/apply/connect";
import { MonitorConnection } from "../../provider/apply/monitorConnection";
import { dialerOf } from "../../provider/apply/dialers";
import { HostsMachine } from "../../provider/apply/machine/hosts/hostsMachine";
import type { Machine } from "../../provider/apply/machine/machine";
import { SshHost } from "../../provider/apply/ssh/sshHost";
import type { ConnectionModel } from "../../provider/model/connection";
import type { SshSettings } from "../../provider/model/ssh";
import type { SshWay, Through } from "../../provider/model/through";
import { testAuthority, testCertificate } from "../bed/authority";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { requireTool } from "../bed/requireTool";

describe("Servers that only their own hosts can dial", function () {
  this.timeout(300_000);
  let bed: HostsBed;
  let through: Through;
  let ca: string;

  before(async function () {
    bed = await hostsBed(this, { hosts: 2 });
    const binary = readFileSync(await requireTool(this, "nats-server", "2.15.2"));
    const hosts: Record<string, SshSettings> = {};
    const authority = await testAuthority();
    ca = authority.cert;
    for (const { name, address } of bed.hosts) {
      hosts[address] = { address, user: "ops", privateKey: bed.key, knownHostsFile: bed.knownHostsFile };
      const { cert, key } = await testCertificate(authority, { ipAddresses: [address] });
      await bed.run(name, "cat > /usr/local/bin/nats-server && chmod 755 /usr/local/bin/nats-server", binary);
      await bed.run(name, `cat > /srv/server.pem`, cert);
      await bed.run(name, `cat > /srv/server.key`, key);
      const config = [
        `server_name: ${name}`,
        `http: "127.0.0.1:8222"`,
        `tls { cert_file: /srv/server.pem, key_file: /srv/server.key }`,
        `authorization { user: ann, password: anns-secret }`,
        `listen: "127.0.0.1:4222"`,
      ].join("\n");
      await bed.run(name, "cat > /srv/nats.conf", config);
      await bed.run(name, "systemd-run --unit nats /usr/local/bin/nats-server -c /srv/nats.conf");
      await bed.run(name, "timeout 60 sh -c 'until ss -Hltn | grep -q 127.0.0.1:4222; do sleep 0.05; done'");
    }
    through = { ways: [{ kind: "ssh", hosts: { ...hosts, "127.0.0.1": hosts[bed.hosts[0]!.address]! } }] };
  });
  after(async () => {
    await closeConnections();
    await bed?.down();
  });

  const model = (change: Partial<ConnectionModel> = {}): ConnectionModel => ({
    servers: ["127.0.0.1:4222"],
    auth: { kind: "user", user: "ann", password: "anns-secret" },
    tls: { ca, serverName: bed.hosts[0]!.address },
    tlsRequired: true,
    timeout: 20_000,
    name: "test",
    through,
    origins: { servers: "the test", auth: "the test" },
    ...change,
  });

  it("are reached through ssh, with TLS held against their own address", async () => {
    const connection = await openConnection(model());
    assert.equal(connection.info!.server_name, bed.hosts[0]!.name);
    const subscription = connection.subscribe("hello");
    connection.publish("hello", "x".repeat(500_000));
    for await (const message of subscription) {
      assert.equal(message.data.length, 500_000);
      break;
    }
  });

  it("are not reached without the way", async () => {
    const { through: _through, ...direct } = model({ timeout: 1000 });
    await assert.rejects(openConnection(direct), /can't connect to NATS at 127\.0\.0\.1:4222/);
  });

  it("say the same of a wrong password as they would directly", async () => {
    const wrong = model({ auth: { kind: "user", user: "ann", password: "wrong" } });
    await assert.rejects(openConnection(wrong), /the server refuses user "ann" \(Authorization Violation\)/);
  });

  it("are monitored through it too", async () => {
    const { name } = bed.hosts[0]!;
    const machine = { dialAt: undefined } as unknown as Machine;
    const monitor = await MonitorConnection.open({
      node: name,
      url: "http://127.0.0.1:8222",
      machine,
      dialer: dialerOf(through),
    });
    assert.equal((await monitor.ask<{ server_name: string }>("VARZ")).server_name, name);
    // The loopback address is each host's own.
    const [way] = through.ways as [SshWay];
    const hosts = bed.hosts.map(({ name, address }) => [name, { address, ssh: way.hosts[address]! }] as const);
    const target = {
      kind: "hosts",
      dir: "/srv",
      user: "nats",
      group: "nats",
      hosts: Object.fromEntries(hosts),
    } as const;
    const all = new HostsMachine(target, [], (host) => new SshHost(host.ssh));
    for (const one of bed.hosts) {
      const own = await MonitorConnection.open({ node: one.name, url: "http://127.0.0.1:8222", machine: all });
      assert.equal((await own.ask<{ server_name: string }>("VARZ")).server_name, one.name);
    }
    await all.close();
  });

  it("come back after their host's ssh was cut", async () => {
    const connection = await openConnection(model());
    const back = reconnected(connection);
    await bed.run(bed.hosts[0]!.name, "systemctl restart nats; pkill -f '[s]shd: ops'");
    await back;
    await connection.flush();
    assert.equal(connection.info!.server_name, bed.hosts[0]!.name);
  });
});

async function reconnected(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) if (status.type === Events.Reconnect) return;
}
