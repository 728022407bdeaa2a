import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { SshHost } from "../../provider/apply/ssh/sshHost";
import { waitFor } from "../../provider/apply/wait";
import type { SshSettings } from "../../provider/model/ssh";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { BedHost, HostsBed } from "../bed/hosts/hostsBed";
import { sshFailure, timed } from "../bed/hosts/sshFailure";

describe("A login over ssh", () => {
  let bed: HostsBed;
  let one: BedHost;
  let folder: string;
  const agents: ChildProcess[] = [];
  const environment = { HOME: process.env["HOME"], SSH_AUTH_SOCK: process.env["SSH_AUTH_SOCK"] };
  const opened: SshHost[] = [];

  /** Without any way to log in, unless the settings have one. */
  const on = (settings: Partial<SshSettings>): SshHost => {
    const made = new SshHost({ address: one.address, user: "ops", knownHostsFile: bed.knownHostsFile, ...settings });
    opened.push(made);
    return made;
  };
  const user = async (settings: Partial<SshSettings>): Promise<string> =>
    (await on(settings).run("id -un")).stdout.trim();
  const keygen = (...args: string[]): string => execFileSync("ssh-keygen", args, { encoding: "utf8", stdio: "pipe" });
  const newKey = (name: string): string => {
    keygen("-q", "-t", "ed25519", "-N", "", "-f", path.join(folder, name));
    return path.join(folder, name);
  };

  async function agent(name: string, ...keys: string[]): Promise<string> {
    const socket = path.join(folder, name);
    agents.push(spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" }));
    await waitFor("the agent", { timeout: 60_000 }, async () =>
      existsSync(socket) ? { value: 1 } : { pending: "no socket" },
    );
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    for (const key of keys) execFileSync("ssh-add", ["-q", key], { env });
    return socket;
  }

  before(async function () {
    bed = await hostsBed(this, { hosts: 3 });
    one = bed.hosts[0]!;
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-login-"));
  });
  beforeEach(() => {
    // A user who has nothing.
    process.env["HOME"] = path.join(folder, "nobody");
    delete process.env["SSH_AUTH_SOCK"];
  });
  after(async () => {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const each of agents) each.kill();
    await Promise.all(opened.map((each) => each.close()));
    if (folder) rmSync(folder, { recursive: true, force: true });
    await bed?.down();
  });

  describe("goes by", () => {
    it("a key, encrypted or not", async () => {
      assert.equal(await user({ privateKey: bed.key }), "ops");
      assert.equal(await user({ privateKey: bed.key, user: "root" }), "root");
      const file = path.join(folder, "encrypted");
      copyFileSync(bed.keyFile, file);
      keygen("-q", "-p", "-N", "open-me-17", "-f", file);
      const privateKey = readFileSync(file, "utf8");
      assert.equal(await user({ privateKey, passphrase: "open-me-17" }), "ops");
      const secrets = ["wrong-one-17", privateKey.split("\n")[3]!];
      await sshFailure(
        user({ privateKey }),
        "credentials",
        /is encrypted, and there is no passphrase.*Fix: passphrase/,
        secrets,
      );
      await sshFailure(
        user({ privateKey, passphrase: "wrong-one-17" }),
        "credentials",
        /the passphrase does not open it/,
        secrets,
      );
      const foreign = readFileSync(newKey("foreign"), "utf8");
      await sshFailure(
        user({ privateKey: foreign }),
        "login",
        /login as ops was refused; tried privateKey \(ssh-ed25519\); the host takes publickey, password.*authorized_keys/,
      );
    });

    it("the key files of the user, as ssh does", async () => {
      await sshFailure(user({}), "login", /tried nothing; the host takes publickey, password/);
      const home = (process.env["HOME"] = path.join(folder, "somebody"));
      mkdirSync(path.join(home, ".ssh"), { recursive: true });
      const key = path.join(home, ".ssh/id_ed25519");
      copyFileSync(bed.keyFile, key);
      assert.equal(await user({ connectTimeout: "14s" }), "ops");
      copyFileSync(bed.knownHostsFile, path.join(home, ".ssh/known_hosts"));
      assert.equal(await user({ knownHostsFile: undefined }), "ops");
      keygen("-q", "-p", "-N", "open-me-17", "-f", key);
      assert.equal(await user({ passphrase: "open-me-17" }), "ops");
      await sshFailure(user({ connectTimeout: "13s" }), "login", /tried nothing, ~\/\.ssh\/id_ed25519 \(is encrypted/);
    });

    it("an agent: the environment's or a given one", async () => {
      const socket = await agent("agent", bed.keyFile);
      assert.equal(await user({ agent: socket }), "ops");
      await sshFailure(user({ agent: true }), "credentials", /SSH_AUTH_SOCK is not set.*ssh-add/);
      process.env["SSH_AUTH_SOCK"] = socket;
      assert.equal(await user({ agent: true }), "ops");
      assert.equal(await user({ connectTimeout: "12s" }), "ops", "by itself");
      await sshFailure(user({ agent: false, connectTimeout: "12s" }), "login", /tried nothing;/);
    });

    it("no agent that is gone, empty, full of other keys, or silent", async () => {
      await sshFailure(user({ agent: path.join(folder, "none") }), "credentials", /agent .*none is not there.*ssh-add/);
      await sshFailure(
        user({ agent: await agent("empty") }),
        "login",
        /tried nothing, agent \(holds no key: ssh-add\)/,
      );
      const others = Array.from({ length: 7 }, (_, index) => newKey(`other${index}`));
      const full = await agent("full", ...others, bed.keyFile);
      await sshFailure(
        user({ agent: full }),
        "login",
        /Too many authentication failures\); tried agent \(8 keys\).*as privateKey/,
      );
      const silent = createServer().listen(path.join(folder, "silent"));
      const asked = user({ agent: path.join(folder, "silent"), connectTimeout: "1s" });
      const { took } = await timed(sshFailure(asked, "credentials", /the agent does not answer within 1 s/));
      silent.close();
      assert.ok(took < 12_000, `${took} ms`);
    });

    it("a password, also where the host asks for it in its own words", async () => {
      const { password } = bed;
      assert.equal(await user({ password, user: "guest" }), "guest");
      await sshFailure(
        user({ password: "wrong-one-17" }),
        "login",
        /refused; tried password.*give the password of ops/,
        ["wrong-one-17"],
      );
      await sshFailure(user({ password, user: "root" }), "login", /login as root was refused; tried password/, [
        password,
      ]);
      const words = "PasswordAuthentication no\nKbdInteractiveAuthentication yes\n";
      await bed.run("r1h2", "cat > /etc/ssh/sshd_config.d/a.conf; systemctl restart ssh", words);
      assert.equal(await user({ password, user: "guest", address: bed.hosts[1]!.address }), "guest");
      await bed.run("r1h2", "rm /etc/ssh/sshd_config.d/a.conf; systemctl restart ssh");
    });

    it("other hosts that lead there", async () => {
      const [, two, three] = bed.hosts as [BedHost, BedHost, BedHost];
      for (const { name } of [two, three]) await bed.partition(name, "tester");
      const key = { privateKey: bed.key };
      const direct = user({ ...key, address: two.address, connectTimeout: "2s" });
      await sshFailure(direct, "unreachable", /no answer within 2 s.*proxyJump/);
      const by = (host: BedHost, rest: Partial<SshSettings> = {}): SshSettings => ({
        address: host.address,
        user: "guest",
        knownHostsFile: bed.knownHostsFile,
        ...key,
        ...rest,
      });
      assert.equal(await user({ ...key, address: two.address, proxyJump: by(one) }), "ops");
      const far = on({ ...key, address: three.address, proxyJump: by(two, { proxyJump: by(one) }) });
      assert.equal((await far.run("echo $SSH_CONNECTION")).stdout.split(" ")[0], two.address);
      await far.upload("/tmp/far", Buffer.alloc(3_000_000, 7));
      assert.equal((await far.read("/tmp/far"))!.length, 3_000_000);

      await sshFailure(
        user({ ...key, address: two.address, proxyJump: by(one, { knownHostsFile: "/dev/null" }) }),
        "host key",
        new RegExp(`^ssh guest@${one.address}:22: the host key is not known`),
      );
      await sshFailure(
        user({ ...key, address: two.address, port: 23, proxyJump: by(one) }),
        "unreachable",
        new RegExp(
          `^ssh ops@${two.address}:23 \\(through guest@${one.address}:22\\): no connection from there to ${two.address}:23 \\(Connection refused`,
        ),
      );
      await sshFailure(
        user({ ...key, knownHostsFile: "/dev/null", address: two.address, proxyJump: by(one) }),
        "host key",
        new RegExp(`/dev/null has no such line for ${two.address}`),
      );
      await bed.heal();
    });
  });

  describe("trusts no host key", () => {
    const key = (): Partial<SshSettings> => ({ privateKey: bed.key });
    const file = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };

    it("that is unknown, and shows the line that makes it known", async () => {
      const knownHostsFile = file("fresh", "");
      const error = await sshFailure(user({ ...key(), knownHostsFile }), "host key", /is not known/);
      const print = (await bed.run(one.name, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1]!;
      assert.ok(error.message.includes(`${print} (ssh-ed25519)`), error.message);
      const line = error.message.split("\n").find((each) => each.includes("AAAA"))!;
      appendFileSync(knownHostsFile, `${line.trim()}\n`);
      assert.equal(await user({ ...key(), knownHostsFile }), "ops");
      assert.equal(await user({ ...key(), hostKey: print, knownHostsFile: "/dev/null" }), "ops");
      const hashed = file("hashed", readFileSync(knownHostsFile, "utf8"));
      keygen("-q", "-H", "-f", hashed);
      assert.ok(!readFileSync(hashed, "utf8").includes(one.address));
      assert.equal(await user({ ...key(), knownHostsFile: hashed }), "ops");
      assert.equal(await user({ ...key(), knownHostsFile: hashed, hostKey: one.hostKey }), "ops");
    });

    it("but one of those that it has, whichever is known or pinned", async () => {
      const knownHostsFile = file("ecdsa", `${one.address} ${one.ecdsaHostKey}\n`);
      assert.equal(await user({ ...key(), knownHostsFile }), "ops");
      const print = keygen("-lf", file("ecdsa.pub", one.ecdsaHostKey)).split(" ")[1]!;
      assert.equal(await user({ ...key(), hostKey: print }), "ops", "a fingerprint does not tell its type");
      assert.equal(await user({ ...key(), hostKey: one.ecdsaHostKey }), "ops");
      const wrong = `SHA256:${"A".repeat(43)}`;
      await sshFailure(
        user({ ...key(), hostKey: wrong }),
        "host key",
        /NOT THE PINNED ONE: it shows SHA256:\S+ \(ssh-ed25519\), SHA256:\S+ \(ecdsa.*but hostKey is SHA256:AAAA/,
      );
      await sshFailure(user({ ...key(), hostKey: bed.hosts[1]!.hostKey }), "host key", /NOT THE PINNED ONE/);
      await sshFailure(
        user({
          ...key(),
          knownHostsFile: file("revoked", `@revoked * ${one.hostKey}\n${one.address} ${one.hostKey}\n`),
        }),
        "host key",
        /is revoked/,
      );
    });

    it("that has changed, until ssh-keygen -R and the new line", async () => {
      const three = bed.hosts[2]!;
      const knownHostsFile = file("changed", `${three.address} ${three.hostKey}\n`);
      const settings = { ...key(), address: three.address, knownHostsFile };
      assert.equal(await user(settings), "ops");
      await bed.run(three.name, "rm /etc/ssh/ssh_host_ed25519_key*; ssh-keygen -q -A; systemctl restart ssh");
      const error = await sshFailure(
        user({ ...settings, connectTimeout: "14s" }),
        "host key",
        /HAS CHANGED.*line 1 of .*changed says/,
      );
      keygen("-R", three.address, "-f", knownHostsFile);
      appendFileSync(
        knownHostsFile,
        `${error.message
          .split("\n")
          .find((each) => each.includes("AAAA"))!
          .trim()}\n`,
      );
      assert.equal(await user(settings), "ops");
    });

    it("before anything of the user's is shown", async () => {
      const before = await bed.run(
        one.name,
        "journalctl --sync; journalctl -u ssh --no-pager -o cat | grep -c -E 'Failed|Accepted' || true",
      );
      await sshFailure(
        user({ password: bed.password, user: "guest", knownHostsFile: "/dev/null" }),
        "host key",
        /not known/,
        [bed.password],
      );
      const after = await bed.run(
        one.name,
        "journalctl --sync; journalctl -u ssh --no-pager -o cat | grep -c -E 'Failed|Accepted' || true",
      );
      assert.equal(after, before);
    });
  });

  describe("becomes root", () => {
    const root = async (settings: Partial<SshSettings>): Promise<string> => {
      const end = await on({ privateKey: bed.key, ...settings }).run("cat; id -un", { stdin: "content\n", sudo: true });
      assert.equal(end.stderr, "");
      return end.stdout;
    };

    it("by sudo, without a password or with it, and what a command reads is its own alone", async () => {
      const { password } = bed;
      assert.equal(await root({}), "content\nroot\n");
      assert.equal(await root({ user: "root" }), "content\nroot\n");
      assert.equal(await root({ user: "admin", sudo: { password } }), "content\nroot\n");
      assert.equal(await root({ user: "admin", privateKey: undefined, password, sudo: {} }), "content\nroot\n");
      // Where sudo does not ask, its password must not become the command's input.
      assert.equal(await root({ user: "ops", sudo: { password } }), "content\nroot\n");
    });

    it("and shows its password to nobody", async () => {
      const admin = on({ privateKey: bed.key, user: "admin", sudo: { password: bed.password } });
      const { stdout } = await admin.run("ps -eo args; cat /proc/*/environ | tr '\\0' '\\n'", { sudo: true });
      assert.ok(stdout.includes("sudo -S"), stdout);
      assert.ok(!stdout.includes(bed.password));
      const log = await bed.run(
        one.name,
        "journalctl --sync; journalctl --no-pager; cat /var/log/*.log 2>/dev/null || true",
      );
      assert.ok(log.includes("COMMAND=") && !log.includes(bed.password));
    });

    it("or says why not", async () => {
      const { password } = bed;
      await sshFailure(root({ user: "admin" }), "sudo", /sudo asks admin for a password.*NOPASSWD/);
      await sshFailure(
        root({ user: "admin", sudo: { password: "wrong-one-17" } }),
        "sudo",
        /does not take the password of admin/,
        ["wrong-one-17"],
      );
      await sshFailure(root({ user: "guest", sudo: { password } }), "sudo", /guest is not allowed to use sudo/, [
        password,
      ]);
      await sshFailure(root({ sudo: false }), "sudo", /must not use sudo/);
      await bed.run(one.name, "mv /usr/bin/sudo /usr/bin/not-sudo");
      await sshFailure(root({}), "sudo", /there is no sudo on the host.*apt-get install sudo/);
      await bed.run(one.name, "mv /usr/bin/not-sudo /usr/bin/sudo");
      await bed.run(one.name, "usermod -s /usr/sbin/nologin guest");
      await sshFailure(
        root({ user: "guest", connectTimeout: "11s" }),
        "sudo",
        /did not start the command: This account is currently not available/,
      );
      await bed.run(one.name, "usermod -s /bin/bash guest");
    });
  });

  it("fails with what answers, where that is no sshd", async () => {
    await sshFailure(
      user({ privateKey: bed.key, port: 24 }),
      "unreachable",
      /refused: nothing listens on port 24.*systemctl enable --now ssh/,
    );
    await sshFailure(
      user({ privateKey: bed.key, address: "no-such-host.example" }),
      "unreachable",
      /no address is known for "no-such-host\.example"/,
    );
    const other = createServer((socket) => socket.end("INFO {}\r\n")).listen(0, "127.0.0.1");
    const silent = createServer().listen(0, "127.0.0.1");
    await Promise.all([once(other, "listening"), once(silent, "listening")]);
    const at = (server: typeof other): Partial<SshSettings> => ({
      address: "127.0.0.1",
      port: (server.address() as { port: number }).port,
      privateKey: bed.key,
    });
    await sshFailure(
      user({ ...at(other), connectTimeout: "20s" }),
      "handshake",
      /no ssh handshake: .*see that sshd listens/,
    );
    await sshFailure(
      user({ ...at(silent), connectTimeout: "1s" }),
      "handshake",
      /connected, but no ssh handshake within 1 s/,
    );
    other.close();
    silent.close();
  });
});
