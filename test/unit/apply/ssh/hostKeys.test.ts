import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HostKeys } from "../../../../provider/apply/ssh/hostKeys";
import { hostKeyFailure } from "../../../../provider/apply/ssh/hostKeyFailure";
import { fingerprint, keyType, parseKnownHosts } from "../../../../provider/apply/ssh/knownHosts";
import type { SshSettings } from "../../../../provider/model/ssh";

// Made and hashed by ssh-keygen; the fingerprints are its words too.
const ed = "AAAAC3NzaC1lZDI1NTE5AAAAIITDv3BRDocZ571KUV61ucdDeiVwAFQno6U0y9zGR9DQ";
const edPrint = "SHA256:dutbOAY7OFXf8JGg8HscxmpMQ0bgJn7DshNRN/VVKmI";
const otherEd = "AAAAC3NzaC1lZDI1NTE5AAAAIBL9s2itj4TlhfprDVa85zI3bxew+LbWNVBL9MVJGXTC";
const ec =
  "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGNls93kID2/hb0mt2HQ5MVKLMv8t+TjxGC7OXqa6rdEIvwYdXupGuA3WeBm2cbVR/QehFoQY30Z/qADC90pmi0=";
const ecPrint = "SHA256:mFhR2JkM48qqu7FFua1G7nhiFSgwM5eVIE79TIAl/7A";
const hashed = `|1|ZUhJEkC31/lGd4VryTyAkjaBR4I=|pr8wNZMWECTOKA+g/9y4Bf7B7aU= ssh-ed25519 ${ed}
|1|2RrmgVv4oEK5P5oXk7yXgv3Im40=|dNTY/hPwcVAVQi6SBKgQakeR4YA= ecdsa-sha2-nistp256 ${ec}`;
const key = (text: string): Buffer => Buffer.from(text, "base64");

describe("Host keys", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-known-"))));
  after(() => rmSync(folder, { recursive: true }));

  function known(text: string, settings: Partial<SshSettings> = {}): { keys: HostKeys; settings: SshSettings } {
    const file = path.join(folder, "known_hosts");
    writeFileSync(file, text);
    const all = { address: "10.0.1.11", user: "ops", knownHostsFile: file, ...settings };
    return { keys: new HostKeys(all), settings: all };
  }
  const judged = (text: string, shown: string, settings: Partial<SshSettings> = {}): string =>
    known(text, settings).keys.judge(key(shown)).kind;

  it("have the fingerprint and the type that ssh-keygen prints", () => {
    assert.equal(fingerprint(key(ed)), edPrint);
    assert.equal(fingerprint(key(ec)), ecPrint);
    assert.deepEqual(
      [keyType(key(ed)), keyType(key(ec)), keyType(Buffer.from("x"))],
      ["ssh-ed25519", "ecdsa-sha2-nistp256", ""],
    );
  });

  it("are known by name, list, pattern, port and hash", () => {
    assert.equal(judged(`10.0.1.11 ssh-ed25519 ${ed} host one`, ed), "known");
    assert.equal(judged(`# comment\n\none,10.0.1.11\tssh-ed25519   ${ed}\r\n`, ed), "known");
    assert.equal(judged(`10.0.*.1? ssh-ed25519 ${ed}`, ed), "known");
    assert.equal(judged(`East-1.Example.com ssh-ed25519 ${ed}`, ed, { address: "east-1.example.COM" }), "known");
    assert.equal(judged(hashed, ed), "known");
    assert.equal(judged(hashed, ec, { address: "bastion.example.com", port: 2222 }), "known");
    assert.equal(judged(`[10.0.1.11]:2222 ssh-ed25519 ${ed}`, ed, { port: 2222 }), "known");
    assert.equal(
      judged(`10.0.1.11 ssh-ed25519 ${ed}`, ed, { port: 2222 }),
      "known",
      "as ssh takes the address's own key",
    );
    assert.equal(judged(`fd00::11 ssh-ed25519 ${ed}`, ed, { address: "fd00::11" }), "known");
  });

  it("are unknown where no line is about the host", () => {
    assert.equal(judged("", ed), "unknown");
    assert.equal(judged(`10.0.1.110 ssh-ed25519 ${ed}`, ed), "unknown");
    assert.equal(judged(`10.0.1.?,!10.0.1.11,10.0.1.* ssh-ed25519 ${ed}`, ed), "unknown", "negated");
    assert.equal(judged(`10x0.1.11 ssh-ed25519 ${ed}`, ed), "unknown", "a dot is a dot");
    assert.equal(judged(hashed, ec), "unknown");
    assert.equal(judged(`[10.0.1.11]:2222 ssh-ed25519 ${ed}`, ed), "unknown", "another port's");
    assert.equal(judged(`@cert-authority 10.0.1.11 ssh-ed25519 ${ed}`, ed), "unknown", "a CA's key is none of a host");
    assert.equal(judged(`10.0.1.11 ssh-ed25519`, ed), "unknown", "half a line");
    const none = new HostKeys({ address: "10.0.1.11", knownHostsFile: path.join(folder, "none") });
    assert.equal(none.judge(key(ed)).kind, "unknown", "no file");
  });

  it("are changed where another key of the type is known, and only unknown where one of another type is", () => {
    assert.deepEqual(known(`x y z\n10.0.1.11 ssh-ed25519 ${otherEd}`).keys.judge(key(ed)), {
      kind: "changed",
      file: path.join(folder, "known_hosts"),
      line: 2,
      known: "SHA256:15dSSBauD17xTDrEJiSBybpqXxe0NkairyB+Uj4tvs0",
    });
    const verdict = known(`10.0.1.11 ecdsa-sha2-nistp256 ${ec}`).keys.judge(key(ed));
    assert.deepEqual(verdict.kind === "unknown" && verdict.otherTypes, ["ecdsa-sha2-nistp256"]);
    assert.equal(
      judged(`10.0.1.11 ssh-ed25519 ${otherEd}\n10.0.1.11 ssh-ed25519 ${ed}`, ed),
      "known",
      "while keys rotate",
    );
  });

  it("are revoked wherever another line knows them", () => {
    assert.equal(judged(`10.0.1.11 ssh-ed25519 ${ed}\n@revoked * ssh-ed25519 ${ed}`, ed), "revoked");
    assert.equal(judged(`10.0.1.11 ssh-ed25519 ${ed}\n@revoked * ssh-ed25519 ${otherEd}`, ed), "known");
  });

  it("are pinned by fingerprint or key, whatever the file says", () => {
    const file = `10.0.1.11 ssh-ed25519 ${otherEd}`;
    for (const hostKey of [edPrint, `${edPrint}=`, `ssh-ed25519 ${ed}`, `ssh-ed25519 ${ed} root@one`]) {
      assert.equal(judged(file, ed, { hostKey }), "known", hostKey);
      assert.equal(judged(file, otherEd, { hostKey }), "not pinned", hostKey);
    }
  });

  it("are asked for by the types that are known", () => {
    const all = ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "ssh-rsa"];
    assert.deepEqual(known(`10.0.1.11 ecdsa-sha2-nistp256 ${ec}`).keys.algorithms(all)[0], "ecdsa-sha2-nistp256");
    assert.deepEqual(known(`10.0.1.11 ssh-rsa AAAA`).keys.algorithms(all).slice(0, 2), ["rsa-sha2-512", "ssh-rsa"]);
    assert.deepEqual(known("").keys.algorithms(all), all);
    assert.deepEqual(
      known("", { hostKey: `ecdsa-sha2-nistp256 ${ec}` }).keys.algorithms(all)[0],
      "ecdsa-sha2-nistp256",
    );
  });

  it("that are not known are shown with what to do", () => {
    const message = (text: string, settings: Partial<SshSettings> = {}): string => {
      const { keys, settings: all } = known(text, { port: 2222, ...settings });
      const verdict = keys.judge(key(ed));
      assert.ok(verdict.kind !== "known");
      return hostKeyFailure(all, keys, [key(ed)], verdict).message;
    };
    const file = path.join(folder, "known_hosts");
    const unknown = message("");
    assert.ok(
      unknown.startsWith(`ssh ops@10.0.1.11:2222: the host key is not known: it shows ${edPrint} (ssh-ed25519)`),
      unknown,
    );
    assert.ok(unknown.includes("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"), unknown);
    assert.ok(
      unknown.includes(`hostKey: "${edPrint}"`) && unknown.includes(`\n  [10.0.1.11]:2222 ssh-ed25519 ${ed}\n`),
      unknown,
    );
    const changed = message(`[10.0.1.11]:2222 ssh-ed25519 ${otherEd}`);
    assert.match(changed, /THE HOST KEY HAS CHANGED: .* line 1 of .*known_hosts says SHA256:15dSSB/);
    assert.ok(changed.includes(`ssh-keygen -R '[10.0.1.11]:2222' -f ${file}`), changed);
    assert.match(
      message("", { hostKey: ecPrint }),
      /NOT THE PINNED ONE: it shows SHA256:dutb.* but hostKey is SHA256:mFhR/,
    );
    assert.match(message(`@revoked * ssh-ed25519 ${ed}`), /revoked: .* line 1 of .* marks @revoked/);
  });

  it("in odd lines do no harm", () => {
    assert.deepEqual(
      parseKnownHosts("@other 10.0.1.11 ssh-ed25519 AAAA\n|1|x 1 !\n@revoked\n 10.0.1.11 ssh-rsa %%%\n"),
      [],
    );
    assert.equal(judged(`|1|broken ssh-ed25519 ${ed}\n|1|YQ==|YQ== ssh-ed25519 ${ed}`, ed), "unknown");
  });
});
