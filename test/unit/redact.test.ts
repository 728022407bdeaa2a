import assert from "node:assert/strict";
import { maskUrl, redact } from "../../provider/redact";

const seed = `SUA${"IBDPBAUTWCWBKIO6XHQNINK5FWJW4OHLXC3HQ2KFE4PEJUA44CNHTC"}4`.slice(0, 58);

describe("redact", () => {
  it("masks known secrets wherever they stand, in URL and JSON spelling too", () => {
    const secret = 'p@ss "word"';
    const text = `plain ${secret} url ${encodeURIComponent(secret)} json ${JSON.stringify({ a: secret })}`;
    assert.equal(redact(text, [secret]), 'plain [secret] url [secret] json {"a":"[secret]"}');
  });
  it("masks the longer of two secrets whole", () => {
    assert.equal(redact("hunter22 hunter2", ["hunter2", "hunter22"]), "[secret] [secret]");
  });
  it("leaves secrets under 4 letters, and texts without any", () => {
    assert.equal(redact("abc of abc", ["abc", ""]), "abc of abc");
    assert.equal(redact("stream ORDERS on nats://10.0.0.1:4222", []), "stream ORDERS on nats://10.0.0.1:4222");
  });
  it("takes a secret literally", () => {
    assert.equal(redact("a.*b and axxb", ["a.*b", "$&$1"]), "[secret] and axxb");
  });
  it("masks the userinfo of URLs, in lists and with an @ in the password", () => {
    assert.equal(
      redact("nats://app:hunter2@a:4222,tls://token@b:4222 and wss://u:p@ss@c/path?x=y@z"),
      "nats://[secret]@a:4222,tls://[secret]@b:4222 and wss://[secret]@c/path?x=y@z",
    );
    assert.equal(maskUrl("nats://app:hunter2@a:4222,nats://b:4222"), "nats://[secret]@a:4222,nats://b:4222");
  });
  it("masks private keys in PEM, whole or cut off, and leaves certificates", () => {
    const key = (end: string): string => `x -----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nabc=\n${end}`;
    const masked = "-----BEGIN EC PRIVATE KEY----- [secret]";
    assert.equal(redact(key("-----END EC PRIVATE KEY-----\ny")), `x ${masked} -----END EC PRIVATE KEY-----\ny`);
    assert.equal(redact(key("")), `x ${masked} `);
    const cert = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    assert.equal(redact(cert), cert);
  });
  it("masks nkey seeds of every kind and leaves public keys", () => {
    assert.equal(seed.length, 58);
    for (const kind of ["SU", "SA", "SO", "SN", "SC", "SX"]) {
      assert.equal(redact(`seed=${kind}${seed.slice(2)};`), "seed=[secret];");
    }
    const publicKey = `U${seed.slice(3)}A`;
    assert.equal(redact(publicKey), publicKey);
  });
  it("masks creds files and JWTs", () => {
    const jwt = `eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJYWFhYWFhYWFhYIn0.${"a".repeat(86)}`;
    const creds = [
      "-----BEGIN NATS USER JWT-----",
      jwt,
      "------END NATS USER JWT------",
      "",
      "-----BEGIN USER NKEY SEED-----",
      seed,
      "------END USER NKEY SEED------",
    ].join("\n");
    const masked = redact(creds);
    assert.ok(!masked.includes(jwt.slice(0, 20)) && !masked.includes(seed), masked);
    assert.equal(masked.match(/\[secret\]/g)?.length, 2);
    assert.equal(redact(`jwt ${jwt}.`), "jwt [secret].");
  });
});
