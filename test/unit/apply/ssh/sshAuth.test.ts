import assert from "node:assert/strict";
import { utils } from "ssh2";
import { sshAuth } from "../../../../provider/apply/ssh/sshAuth";
import type { SshError } from "../../../../provider/apply/ssh/sshError";

describe("A privateKey that can't be used", () => {
  const passphrase = "open-me-17";
  const encrypted = utils.generateKeyPairSync("ed25519", { cipher: "aes256-ctr", passphrase, rounds: 4 });

  const cases: readonly [string, { privateKey: string; passphrase?: string }, reason: string, fix: string][] = [
    [
      "is encrypted",
      { privateKey: encrypted.private },
      "privateKey is encrypted, and there is no passphrase",
      "passphrase: config.requireSecret(…)",
    ],
    [
      "is encrypted by another passphrase",
      { privateKey: encrypted.private, passphrase: "wrong-one-17" },
      "privateKey is encrypted, and the passphrase does not open it",
      "passphrase: config.requireSecret(…)",
    ],
    ["is the public one", { privateKey: encrypted.public }, "privateKey is a public key", "ssh-keygen -t ed25519"],
    [
      "is none",
      { privateKey: "a passphrase" },
      "privateKey can't be read: its form is unknown",
      "ssh-keygen -t ed25519",
    ],
  ];
  for (const [what, given, reason, fix] of cases) {
    it(`since it ${what} comes with what helps`, async () => {
      await assert.rejects(sshAuth({ address: "10.0.1.11", user: "ops", ...given }), (error: SshError) => {
        assert.deepEqual([error.failure, error.reason, error.fix], ["credentials", reason, fix]);
        assert.deepEqual(error.told, { reason: `ssh ops@10.0.1.11:22: ${reason}`, fix });
        return true;
      });
    });
  }
});
