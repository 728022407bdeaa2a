import assert from "node:assert/strict";
import { connect, Events } from "nats";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { managerOf } from "../bed/managerOf";
import { appPassword, hostsProgram } from "./hostsProgram";

const node = "/var/lib/nats/east/east-1";

describe("A cluster on bare hosts", function () {
  this.timeout(600_000);
  let bed: HostsBed;
  let outputs: Readonly<Record<string, unknown>> = {};
  before(async function () {
    bed = await hostsBed(this, { hosts: 3 });
  });
  after(() => bed?.down());

  const pids = async (): Promise<string[]> =>
    Promise.all(
      bed.hosts.map(async ({ name }, index) =>
        (await bed.run(name, `systemctl show -p MainPID --value nats-east-${index + 1}`)).trim(),
      ),
    );
  /** How often each host's sshd has let somebody in. */
  const logins = async (): Promise<number[]> =>
    Promise.all(
      bed.hosts.map(async ({ name }) =>
        Number(
          await bed.run(name, "journalctl --sync; journalctl -u ssh -o cat --no-pager | grep -c ^Accepted || true"),
        ),
      ),
    );
  const load = (): Promise<PublishLoad> =>
    PublishLoad.start({
      servers: outputs["urls"] as string[],
      user: "app",
      password: appPassword,
      ca: outputs["ca"] as string,
      stream: "ORDERS",
      subject: "orders.load",
    });

  it("comes up from nothing, reloads, restarts and upgrades under load, is repaired, and goes without its data", async () => {
    await withStack(
      hostsProgram(bed, { args: { version: "2.14.9" } }),
      async (stack) => {
        await comesUp(stack);
        await isHardened();
        await reloads(stack);
        await restarts(stack);
        await upgrades(stack);
        await isRepaired(stack);
        await isAnotherVersion(stack);
        await goes(stack);
      },
      { keep: true },
    );
  });

  async function comesUp(stack: TestStack): Promise<void> {
    const preview = await stack.preview();
    assert.equal(preview.counts["create"], 7, preview.text);
    const began = Date.now();
    const up = await stack.up();
    outputs = up.outputs;
    console.log(`      up from nothing on three hosts: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    assert.deepEqual(
      outputs["urls"],
      bed.hosts.map(({ address }) => `tls://${address}:4222`),
    );
    const connection = await connect({
      servers: outputs["urls"][2]!,
      tls: { ca: outputs["ca"] as string },
      user: "app",
      pass: appPassword,
    });
    const { config } = (await (await managerOf(connection)).streams.info("ORDERS")) as {
      config: { num_replicas: number };
    };
    assert.equal(config.num_replicas, 3);
    assert.deepEqual(
      [...(connection.info!.connect_urls ?? [])].sort(),
      bed.hosts.map(({ address }) => `${address}:4222`),
      "clients are told the addresses that they can dial, and no others",
    );
    await connection.close();
    const before = await logins();
    const again = await timed("no-change preview", () => stack.preview());
    assert.deepEqual(again.counts, { same: 7 }, again.text);
    const between = await logins();
    const noop = await timed("up with nothing to do", () => stack.up());
    assert.deepEqual(noop.counts, { same: 7 }, noop.text);
    const after = await logins();
    const each = [
      between.map((count, index) => count - before[index]!),
      after.map((count, index) => count - between[index]!),
    ];
    assert.deepEqual(
      each,
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
      "one connection a host for a preview and for an up",
    );
    const refresh = await stack.refresh();
    assert.doesNotMatch(refresh.text, /~ .*update/, refresh.text);
    assert.ok(!stack.state().includes("BEGIN OPENSSH PRIVATE KEY"), "the ssh key is a secret of the state");
  }

  async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const began = Date.now();
    const result = await work();
    console.log(`      ${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return result;
  }

  async function isHardened(): Promise<void> {
    const [{ name } = { name: "" }] = bed.hosts;
    assert.equal(await bed.run(name, "systemctl is-enabled nats-east-1"), "enabled\n");
    const modes = await bed.run(name, `stat -c '%a %U %n' ${node}/current/* ${node}/current/tls/* ${node}/data`);
    assert.match(modes, /^600 nats .*secrets\.conf$/m);
    assert.match(modes, /^600 nats .*server\.key$/m);
    assert.match(modes, /^644 root .*nats\.conf$/m);
    assert.match(modes, /^700 nats .*data$/m);
    const pid = (await bed.run(name, "systemctl show -p MainPID --value nats-east-1")).trim();
    const status = await bed.run(name, `cat /proc/${pid}/status`);
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    assert.match(status, /^CapBnd:\s+0+$/m);
    assert.match(status, /^Seccomp:\s+2$/m);
    const outside = await bed.tryRun(name, `nsenter -t ${pid} -m -S $(id -u nats) touch /var/lib/nats/east/x /etc/x`);
    assert.match(outside.stderr, /Read-only file system|Permission denied/);
  }

  async function reloads(stack: TestStack): Promise<void> {
    const before = await pids();
    stack.program = hostsProgram(bed, { args: { version: "2.14.9", config: { maxPayload: "2MiB" } } });
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /hot reload on east-1, east-2, east-3: max_payload/);
    await stack.up();
    assert.deepEqual(await pids(), before, "nothing was restarted");
    const varz = (await (await fetch(`${(outputs["monitorUrls"] as string[])[1]}/varz`)).json()) as {
      max_payload: number;
    };
    assert.equal(varz.max_payload, 2 * 1024 * 1024);
  }

  async function restarts(stack: TestStack): Promise<void> {
    const before = await pids();
    stack.program = hostsProgram(bed, {
      args: { version: "2.14.9", config: { maxPayload: "2MiB", maxSubscriptions: 10_000 } },
    });
    const running = await load();
    const warned = await isWarned();
    const up = await timed("rolling restart under load", () => stack.up());
    assert.ok(await warned(), "a client of one server is told that it goes, before it goes");
    const report = await running.stop();
    assert.match(up.text, /rolling restart, one server at a time/);
    assert.ok((await pids()).every((pid, index) => pid !== before[index] && pid !== "0"));
    for (const [index, { name }] of bed.hosts.entries()) {
      const log = await bed.run(name, `journalctl -u nats-east-${index + 1} -o cat --no-pager`);
      assert.match(log, /Entering lame duck mode.*nats-east-\d\.service: Deactivated successfully/s, log);
      assert.doesNotMatch(log, /SIGKILL|Main process exited|Failed with result/, "it ended by itself, with 0");
    }
    assert.equal(report.lost, 0, JSON.stringify(report));
    assert.ok(report.acknowledged > 100, JSON.stringify(report));
    console.log(`      ${JSON.stringify(report)}`);
  }

  /** A client that knows one server alone; gives whether it was told of that server's lame duck mode before it lost it. */
  async function isWarned(): Promise<() => Promise<boolean>> {
    const connection = await connect({
      servers: (outputs["urls"] as string[])[0]!,
      tls: { ca: outputs["ca"] as string },
      user: "app",
      pass: appPassword,
      ignoreClusterUpdates: true,
      maxReconnectAttempts: -1,
    });
    const told: string[] = [];
    void (async () => {
      for await (const { type } of connection.status()) told.push(type);
    })();
    return async () => {
      await connection.close();
      const [warning, loss] = [told.indexOf(Events.LDM), told.indexOf(Events.Disconnect)];
      return warning >= 0 && warning < loss;
    };
  }

  async function upgrades(stack: TestStack): Promise<void> {
    stack.program = hostsProgram(bed, { args: { version: "2.15.2", config: { maxPayload: "2MiB" } } });
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /nats-server 2\.14\.9 → 2\.15\.2/);
    const running = await load();
    await timed("upgrade 2.14.9 → 2.15.2 under load", () => stack.up());
    const report = await running.stop();
    assert.equal(report.lost, 0, JSON.stringify(report));
    console.log(`      ${JSON.stringify(report)}`);
    for (const url of outputs["monitorUrls"] as string[]) {
      assert.equal(((await (await fetch(`${url}/varz`)).json()) as { version: string }).version, "2.15.2");
    }
  }

  async function isRepaired(stack: TestStack): Promise<void> {
    const [first, second, third] = bed.hosts.map(({ name }) => name) as [string, string, string];
    await bed.run(first, `sed -i 's/max_payload: .*/max_payload: 3145728/' ${node}/current/nats.conf`);
    await bed.run(second, "systemctl disable -q nats-east-2; chmod 644 /var/lib/nats/east/east-2/current/secrets.conf");
    await bed.run(
      third,
      "sed -i s/^Restart=.*/Restart=no/ /etc/systemd/system/nats-east-3.service; systemctl daemon-reload",
    );
    await bed.run(third, "systemctl stop nats-east-3");
    const preview = await stack.preview();
    const said = preview.messages("east-servers").join("\n");
    assert.match(said, /east-3 is stopped: will be started/);
    assert.match(said, /its service is not started at boot/);
    const refresh = await stack.refresh();
    assert.match(refresh.text, /east-servers updated .*\[diff: ~config,nodes,secrets\]/, refresh.text);
    const found = refresh.messages("east-servers").join("\n");
    assert.match(found, /^not as the last `pulumi up` left it: .*east-1: another nats\.conf.*east-3: stopped/m);
    assert.match(found, /^the next `pulumi up`: .*east-3 is stopped: will be started/m);
    const shown = await stack.preview({ diff: true });
    assert.match(shown.text, /- max_payload: 3145728/, shown.text);
    assert.match(shown.text, /- Restart=no/, shown.text);
    await stack.up();
    assert.match(await bed.run(first, `cat ${node}/current/nats.conf`), /max_payload: 2097152|max_payload: "?2MiB/);
    assert.equal(await bed.run(second, "systemctl is-enabled nats-east-2"), "enabled\n");
    assert.equal(await bed.run(second, "stat -c %a /var/lib/nats/east/east-2/current/secrets.conf"), "600\n");
    assert.match(await bed.run(third, "cat /etc/systemd/system/nats-east-3.service"), /^Restart=always$/m);
    const after = await stack.preview();
    assert.deepEqual(after.counts, { same: 7 }, after.text);
  }

  /** Somebody has gone back to the old version by hand, and has seen to it that it stays. */
  async function isAnotherVersion(stack: TestStack): Promise<void> {
    const [, { name: second }] = bed.hosts as [HostsBed["hosts"][0], HostsBed["hosts"][0]];
    const folder = "/etc/systemd/system/nats-east-2.service.d";
    const [old, own] = ["2.14.9", "2.15.2"].map((version) => `/usr/local/lib/pulumi-nats/nats-server-${version}`);
    const file = `[Service]\nLimitNOFILE=4096\nExecStart=\nExecStart=${old} -c ${node.replace("-1", "-2")}/current/nats.conf\n`;
    await bed.run(second, `mkdir -p ${folder} && cat > ${folder}/old.conf && systemctl daemon-reload`, file);
    await bed.run(second, "systemctl restart nats-east-2");
    const refresh = await stack.refresh();
    const found = refresh.messages("east-servers").join("\n");
    assert.match(found, /^not as the last `pulumi up` left it: east-2: nats-server 2\.14\.9;/m, found);
    assert.match(
      found,
      /^the next `pulumi up` is refused: \/etc\/systemd\/system\/nats-east-2\.service\.d\/old\.conf on /m,
    );
    const refused = await stack.attempt("preview");
    const [, fix = ""] =
      /nodes\.east-2: \S+\/old\.conf on \S+1\.12 starts east-2 by "\S+-2\.14\.9 -c \S+" and not by \S+-2\.15\.2, .*? Fix: on \S+1\.12: (rm .*?);/.exec(
        refused.text.replace(/\s+/g, " "),
      ) ?? [];
    assert.ok(refused.error && fix !== "", refused.text);
    await bed.run(second, `${fix}; rmdir ${folder}`);
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /^restart of east-2: nats-server 2\.14\.9 → 2\.15\.2$/m);
    await stack.up();
    const pid = (await pids())[1]!;
    assert.equal(await bed.run(second, `readlink /proc/${pid}/exe`), `${own}\n`);
    const after = await stack.preview();
    assert.deepEqual(after.counts, { same: 7 }, after.text);
  }

  async function goes(stack: TestStack): Promise<void> {
    const destroy = await stack.destroy();
    assert.match(destroy.text, /JetStream's files stay, .*\/var\/lib\/nats\/east\/east-1\/data on /);
    for (const [index, { name }] of bed.hosts.entries()) {
      const left = await bed.run(
        name,
        `ls -A /var/lib/nats/east/east-${index + 1}; ls /etc/systemd/system | grep nats- || true`,
      );
      assert.equal(left, "data\n");
      assert.equal((await bed.tryRun(name, "pidof nats-server")).stdout, "");
    }
  }
});
