import assert from "node:assert/strict";
import { shellQuote, shellWords } from "../../../../provider/apply/ssh/shellQuote";
import { sudoFailure, sudoPlan } from "../../../../provider/apply/ssh/sudo";
import type { SshSettings } from "../../../../provider/model/ssh";

const host = { address: "10.0.1.11", user: "ops" };

describe("sudo over ssh", () => {
  it("is left out for root, refused where it is switched off, and silent where no password is given", () => {
    assert.equal(sudoPlan({ ...host, user: "root" }, "x", "id"), undefined);
    assert.throws(() => sudoPlan({ ...host, sudo: false }, "x", "id"), /ssh x: .*must not use sudo.*Fix: sudo: true/);
    assert.match(sudoPlan(host, "x", "id")!.line, /^env LC_ALL=C sudo -n -- sh -c /);
  });

  it("has its password nowhere in the command line", () => {
    for (const sudo of [{ password: "tell-nobody" }, {}]) {
      const plan = sudoPlan({ ...host, password: "tell-nobody", sudo }, "x", "id")!;
      assert.equal(plan.password, "tell-nobody");
      assert.ok(!plan.line.includes("tell-nobody") && plan.line.includes(" -S -k -p "), plan.line);
    }
  });

  it("says why it did not start a command", () => {
    const why = (said: string, settings: SshSettings = host): string =>
      sudoFailure(settings, "x", sudoPlan(settings, "x", "id")!, said).message;
    const withPassword = { ...host, sudo: { password: "tell-nobody" } };
    assert.match(why("env: 'sudo': No such file or directory"), /there is no sudo/);
    assert.match(why("sudo: a password is required"), /asks ops for a password.*NOPASSWD/);
    assert.match(why("ops is not in the sudoers file."), /ops is not allowed to use sudo/);
    assert.match(why("Sorry, user ops is not allowed to execute '/usr/bin/sh' as root on x."), /not allowed/);
    assert.match(why("sudo: sorry, you must have a tty to run sudo"), /wants a terminal.*!requiretty/);
    assert.match(why("Sorry, try again.", withPassword), /does not take the password of ops/);
    assert.match(why("This account is currently not available."), /did not start the command: This account/);
  });
});

describe("Words for a shell", () => {
  it("arrive as they are", () => {
    assert.equal(shellWords(["echo", "a b", "it's", "$HOME", "", "-n"]), `echo 'a b' 'it'\\''s' '$HOME' '' -n`);
    assert.equal(shellQuote("/etc/nats/nats.conf"), "/etc/nats/nats.conf");
    assert.equal(shellQuote("~"), "'~'");
  });
});
