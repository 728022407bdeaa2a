import assert from "node:assert/strict";
import { unknownValue } from "../../../provider/host/handler";
import { sshProblems } from "../../../provider/model/ssh";
import type { SshSettings } from "../../../provider/model/ssh";

const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n";
const problems = (settings: object): string[] =>
  sshProblems(settings as SshSettings, "ssh").map(({ path, reason, fix }) => `${path}: ${reason}; ${fix}`);
const one = (settings: object): string => {
  const found = problems({ address: "10.0.1.11", ...settings });
  assert.equal(found.length, 1, found.join("\n"));
  return found[0]!;
};

describe("ssh settings", () => {
  it("are content with what ssh takes", () => {
    for (const address of ["10.0.1.11", "east-1.example.com", "fd00::11", "fe80::1%eth0", "::1", "bastion"]) {
      assert.deepEqual(problems({ address }), [], address);
    }
    const all = {
      port: 2222,
      user: "ops",
      privateKey: key,
      passphrase: "p",
      password: "q",
      agent: false,
      connectTimeout: "1m",
    };
    const jump = { address: "bastion", hostKey: `SHA256:${"a".repeat(43)}`, sudo: { password: "x" } };
    assert.deepEqual(problems({ address: "10.0.1.11", ...all, proxyJump: jump }), []);
    assert.deepEqual(
      problems({ address: unknownValue, port: unknownValue, privateKey: unknownValue, proxyJump: unknownValue }),
      [],
    );
  });

  it("say what an address must not hold, and where it belongs", () => {
    assert.match(
      one({ address: "ops@10.0.1.11:2222" }),
      /^ssh\.address: .*; address: "10\.0\.1\.11", user: "ops", port: 2222$/,
    );
    assert.match(one({ address: "ssh://ops@one.example.com" }), /address: "one\.example\.com", user: "ops"$/);
    assert.match(one({ address: "[fd00::11]:22" }), /address: "fd00::11", port: 22$/);
    assert.match(one({ address: "a b" }), /neither a host name nor an IP address/);
    assert.match(one({ address: "" }), /is empty/);
    assert.match(one({ address: undefined }), /is missing/);
  });

  it("say what is wrong with each", () => {
    assert.match(one({ port: 0 }), /ssh\.port: 0 is no port/);
    assert.match(one({ port: 22.5 }), /no port/);
    assert.match(one({ user: "ops@one" }), /no user's name; user: "ops"/);
    assert.match(one({ privateKey: "~/.ssh/id_ed25519" }), /is a path.*readFileSync\("~\/\.ssh\/id_ed25519", "utf8"\)/);
    assert.match(one({ privateKey: "ssh-ed25519 AAAA me" }), /holds no private key/);
    assert.match(one({ hostKey: "MD5:aa:bb" }), /"MD5:aa:bb" is neither a fingerprint .* nor a public key/);
    assert.match(one({ hostKey: "SHA256:short" }), /neither/);
    assert.match(one({ password: "" }), /ssh\.password: is empty/);
    assert.match(one({ sudo: { password: "" } }), /ssh\.sudo\.password: is empty; sudo: true/);
    assert.match(one({ connectTimeout: "10" }), /ssh\.connectTimeout: /);
    assert.match(one({ connectTimeout: "0s" }), /leaves no time/);
    assert.match(one({ proxyJump: "bastion" }), /ssh\.proxyJump: is no object; proxyJump: \{ address:/);
    assert.match(one({ proxyJump: { address: "bastion", port: -1 } }), /ssh\.proxyJump\.port: -1/);
  });

  it("come all at once, without any secret, and follow jumps to an end", () => {
    const found = problems({ address: "a b", port: 0, privateKey: "tell-nobody\nsecond line" });
    assert.equal(found.length, 3);
    assert.ok(!found.join().includes("tell-nobody"), found.join());
    let settings: object = { address: "one" };
    for (let jump = 0; jump < 7; jump++) settings = { address: "bastion", proxyJump: settings };
    assert.match(problems(settings).join(), /is the jump number 6; at most 5/);
  });
});
