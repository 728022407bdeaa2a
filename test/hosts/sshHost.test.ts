import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { SshHost } from "../../provider/apply/ssh/sshHost";
import { waitFor } from "../../provider/apply/wait";
import type { SshSettings } from "../../provider/model/ssh";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { BedHost, HostsBed } from "../bed/hosts/hostsBed";
import { sshFailure, timed } from "../bed/hosts/sshFailure";

describe("A host over ssh", () => {
  let bed: HostsBed;
  let one: BedHost;
  let host: SshHost;
  const opened: SshHost[] = [];
  const on = (settings: Partial<SshSettings> = {}): SshHost => {
    const base = { address: one.address, user: "ops", privateKey: bed.key, knownHostsFile: bed.knownHostsFile };
    const made = new SshHost({ ...base, ...settings });
    opened.push(made);
    return made;
  };
  const sessions = async (): Promise<number> =>
    Number(await bed.run(one.name, `ss -Hnt state established '( sport = :22 )' | grep -c ${bed.tester} || true`));

  before(async function () {
    bed = await hostsBed(this, { hosts: 2 });
    one = bed.hosts[0]!;
    host = on();
  });
  after(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await bed?.down();
  });

  it("runs scripts and words, and says how they ended", async () => {
    const script = await host.run("echo out; echo err >&2; exit 3");
    assert.deepEqual(script, { code: 3, stdout: "out\n", stderr: "err\n" });
    const odd = ["a b", "it's", "$HOME", "*", 'dou"ble', "back\\slash", "", "ü\nline"];
    assert.equal((await host.run(["printf", "[%s]", ...odd])).stdout, odd.map((word) => `[${word}]`).join(""));
    assert.equal((await host.run("kill -9 $$")).code, 137);
    assert.equal((await host.run(["no-such-command"])).code, 127);
    assert.equal((await host.run("cat; id -un", { stdin: "from here\n" })).stdout, "from here\nops\n");
    assert.equal((await host.run("cat; id -un", { stdin: "from here\n", sudo: true })).stdout, "from here\nroot\n");
  });

  it("gives the output of a command that leaves something running behind it", async () => {
    const { value, took } = await timed(host.run("sleep 60 & echo $!"));
    await bed.run(one.name, `kill ${value.stdout}`);
    assert.equal(value.code, 0);
    assert.ok(took < 30_000, `${took} ms`);
  });

  it("runs fifty commands at once over one connection, ten at a time", async () => {
    // Each waits for company, so that a slow start of one does not let it run alone.
    const script = `mkdir -p /tmp/now && touch /tmp/now/$$
for i in $(seq 600); do most=$(ls /tmp/now | wc -l); [ $most -le 4 ] || touch /tmp/enough; [ ! -e /tmp/enough ] || break; sleep 0.05; done
sleep 0.1; ls /tmp/now | wc -l; rm /tmp/now/$$`;
    const hosts = [host, on(), on()];
    const ends = await Promise.all(Array.from({ length: 50 }, (_, index) => hosts[index % 3]!.run(script)));
    const most = Math.max(...ends.map(({ stdout }) => Number(stdout)));
    assert.ok(ends.every(({ code }) => code === 0) && most > 4 && most <= 10, `at most ${most} at once`);
    assert.equal(await sessions(), 1);
  });

  it("makes do with fewer sessions where sshd allows no more", async () => {
    const two = bed.hosts[1]!;
    await bed.run(two.name, "echo MaxSessions 2 > /etc/ssh/sshd_config.d/less.conf; systemctl restart ssh");
    const fewer = on({ address: two.address });
    const ends = await Promise.all(Array.from({ length: 12 }, (_, index) => fewer.run(`sleep 0.05; echo ${index}`)));
    assert.deepEqual(
      ends.map(({ stdout }) => Number(stdout)),
      ends.map((_, index) => index),
    );
    await bed.run(two.name, "echo MaxSessions 0 > /etc/ssh/sshd_config.d/less.conf; systemctl restart ssh");
    await sshFailure(on({ address: two.address, user: "root" }).run("id"), "forbidden", /no session.*MaxSessions 10/);
    await bed.run(two.name, "rm /etc/ssh/sshd_config.d/less.conf; systemctl restart ssh");
  });

  it("writes files whole, with mode and owner, and reads them", async () => {
    const content = randomBytes(20_000_000);
    const sum = createHash("sha256").update(content).digest("hex");
    const whole = await timed(host.upload("/srv/whole file", content, { sudo: true, mode: 0o640, owner: "ops:ops" }));
    const pieces = Readable.from([content.subarray(0, 7_000_001), content.subarray(7_000_001)]);
    await host.upload("/srv/pieces", pieces, { sudo: true });
    const seen = await bed.run(
      one.name,
      "cd /srv; stat -c '%n %a %U:%G' *; sha256sum < pieces; sha256sum < whole*; ls -A | wc -l",
    );
    assert.deepEqual(seen.trim().split(/ *-?\n/), [
      "pieces 600 root:root",
      "whole file 640 ops:ops",
      sum,
      `${sum}`,
      "2",
    ]);
    assert.ok((await host.read("/srv/whole file"))!.equals(content));
    assert.ok(whole.took < 60_000, `20 MB in ${whole.took} ms`);
    await host.upload("/tmp/text", "grüße\n");
    assert.equal(String(await host.read("/tmp/text")), "grüße\n");
    assert.equal(await host.read("/tmp/none"), undefined);
    await sshFailure(host.read("/srv/pieces"), "file", /\/srv\/pieces can't be read: .*Permission denied.*sudo/);
    await sshFailure(host.read("/srv", { sudo: true }), "file", /Is a directory/);
  });

  it("takes a slow line for what it is, and not for a dead one", async () => {
    await bed.rate(one.name, "256kbit");
    const { took } = await timed(host.upload("/tmp/slow", randomBytes(900_000)));
    await bed.rate(one.name, "none");
    assert.ok(took > 25_000, `0.9 MB in ${took} ms`);
  });

  it("leaves a file as it was where a new one can't be written", async () => {
    await bed.run(
      one.name,
      "mkdir /small && mount -t tmpfs -o size=1m none /small && echo old > /small/file && mkdir /small/folder",
    );
    const big = randomBytes(3_000_000);
    await sshFailure(host.upload("/small/file", big, { sudo: true }), "file", /as it was: .*No space.*df -h \/small/);
    await sshFailure(host.upload("/small/folder", "x", { sudo: true }), "file", /overwrite directory/);
    await sshFailure(
      host.upload("/small/file", "x", { sudo: true, owner: "nobody2" }),
      "file",
      /invalid user.*make that user/,
    );
    await sshFailure(host.upload("/none/file", "x", { sudo: true }), "file", /mkdir -p \/none/);
    await sshFailure(host.upload("/srv/file", "x"), "file", /Permission denied.*sudo/);
    assert.equal(
      await bed.run(one.name, "cat /small/file; ls -A /small /small/folder"),
      "old\n/small:\nfile\nfolder\n\n/small/folder:\n",
    );
  });

  it("leaves a file as it was where the connection breaks in the middle", async () => {
    const lone = on({ user: "root" });
    await lone.upload("/srv/cut", "old\n");
    const stalled = new Readable({ read: () => undefined });
    stalled.push(randomBytes(1_000_000));
    const upload = sshFailure(
      lone.upload("/srv/cut", stalled),
      "lost",
      /connection broke while the upload of \/srv\/cut/,
    );
    await waitFor("half a file", { timeout: 60_000 }, async () => {
      const size = await bed.run(one.name, "stat -c %s /srv/.cut.upload-* 2>/dev/null || echo none");
      return Number(size) > 0 ? { value: size } : { pending: size };
    });
    assert.equal(await bed.run(one.name, "stat -c %a /srv/.cut.upload-*"), "600\n");
    await bed.run(one.name, "pkill -KILL -f 'sshd: root'");
    await upload;
    assert.ok(stalled.destroyed);
    assert.equal(String(await lone.read("/srv/cut")), "old\n", "over a new connection");
    await bed.run(one.name, "touch -d '2 hours ago' /srv/.cut.upload-*");
    await lone.upload("/srv/cut", "new\n");
    assert.equal(await bed.run(one.name, "cd /srv; cat cut; ls -A | grep cut"), "new\ncut\n", "the next one sweeps up");
  });

  it("dials what only the host can reach", async () => {
    const server = `use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => 7777, ReuseAddr => 1);
while (my $c = $s->accept) { my $b; while (my $n = sysread($c, $b, 65536)) { my $o = 0; $o += syswrite($c, $b, $n - $o, $o) while $o < $n; } close $c; }`;
    await bed.run(one.name, "cat > /tmp/echo.pl; systemd-run --quiet --unit echo perl /tmp/echo.pl", server);
    const stream = await waitFor("the service", { timeout: 60_000 }, async () =>
      host.dial("127.0.0.1", 7777, 2_000).then(
        (value) => ({ value }),
        (error: Error) => ({ pending: error.message }),
      ),
    );
    const content = randomBytes(1_000_000);
    const back: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => back.push(chunk));
    stream.end(content);
    await once(stream, "end");
    assert.ok(Buffer.concat(back).equals(content));
    await sshFailure(
      host.dial("127.0.0.1", 7778, 20_000),
      "refused",
      /no connection from there to 127\.0\.0\.1:7778 \(Connection refused\)/,
    );
    await bed.unplug("r1h2");
    await sshFailure(host.dial(bed.hosts[1]!.address, 22, 1_000), "dial", /:22 within 1 s/);
    await bed.heal();
  });

  it("says that sshd forbids to dial", async () => {
    await bed.run(one.name, "echo AllowTcpForwarding no > /etc/ssh/sshd_config.d/no.conf; systemctl restart ssh");
    const fresh = on({ user: "guest", connectTimeout: "14s" });
    await sshFailure(fresh.dial("127.0.0.1", 22, 20_000), "forbidden", /forbids connections.*AllowTcpForwarding/);
    await bed.run(one.name, "rm /etc/ssh/sshd_config.d/no.conf; systemctl restart ssh");
  });

  it("ends a command that is late, on the host too", async () => {
    const { took } = await timed(
      sshFailure(host.run("sleep 4321", { timeout: 500 }), "timeout", /"sleep 4321" did not end within 0.5 s/),
    );
    assert.ok(took < 20_000, `${took} ms`);
    await sshFailure(host.run("sleep 4321", { timeout: 500, sudo: true }), "timeout", /did not end/);
    await waitFor("an end of the commands", { timeout: 60_000 }, async () => {
      const { code, stdout } = await bed.tryRun(one.name, "pgrep -ax sleep");
      return code === 0 ? { pending: stdout } : { value: true };
    });
  });

  it("tells of a connection that breaks, and makes a new one", async () => {
    const cut = sshFailure(
      host.run("sleep 100"),
      "lost",
      /broke while "sleep 100" was running; whether it came to its end/,
    );
    await waitFor("the command", { timeout: 60_000 }, async () => {
      const { code } = await bed.tryRun(one.name, "pgrep -x sleep");
      return code === 0 ? { value: true } : { pending: "none" };
    });
    await bed.run(one.name, "pkill -KILL -u ops sshd");
    await cut;
    assert.equal((await host.run("echo again")).stdout, "again\n");
  });

  it("is bounded where the host hangs, and back when it goes on", async () => {
    const running = on();
    await running.run("true");
    await bed.freeze(one.name);
    const hangs = /connected, but no ssh handshake within 2 s.*hangs/;
    const [connect, lost] = await Promise.all([
      timed(sshFailure(on({ user: "guest", connectTimeout: "2s" }).run("id"), "handshake", hangs)),
      timed(sshFailure(running.run("id", { timeout: 60_000 }), "lost", /connection broke/)),
    ]);
    assert.ok(connect.took < 12_000 && lost.took < 55_000, `${connect.took} and ${lost.took} ms`);
    await bed.thaw(one.name);
    assert.equal((await running.run("echo back")).stdout, "back\n");
  });

  it("lets its connection end when nobody uses it", async () => {
    await Promise.all(opened.map((each) => each.close()));
    await waitFor("the end of the connections", { timeout: 60_000 }, async () => {
      const left = await sessions();
      return left === 0 ? { value: left } : { pending: `${left}` };
    });
    assert.equal((await host.run("echo anew")).stdout, "anew\n");
  });

  it("that has no power is out of reach within its time", async () => {
    await bed.powercut(one.name);
    const off = on({ user: "guest", connectTimeout: "10s" });
    const { took } = await timed(
      sshFailure(off.run("id"), "unreachable", /no route to the host|no answer within 10 s/),
    );
    assert.ok(took < 20_000, `${took} ms`);
    await bed.poweron(one.name);
    assert.equal((await off.run("echo on")).stdout, "on\n");
  });
});
