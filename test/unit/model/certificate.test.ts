import assert from "node:assert/strict";
import { certificateProblems } from "../../../provider/model/certificate";
import type { CertificateToCheck } from "../../../provider/model/certificate";
import { testAuthority, testCertificate } from "../../bed/authority";
import type { KeyedCertificate } from "../../bed/authority";

const now = new Date("2026-06-01T12:00:00Z");

describe("certificateProblems", () => {
  let ca: KeyedCertificate;
  let good: KeyedCertificate;
  before(async () => {
    ca = await testAuthority("acme CA", { now });
    good = await testCertificate(ca, {
      now,
      ipAddresses: ["127.0.0.1", "2001:db8::1"],
      dnsNames: ["localhost", "*.nats.svc"],
    });
  });

  function problems(check: Partial<CertificateToCheck>): string[] {
    const found = certificateProblems({ ...good, ca: ca.cert, now, ...check });
    return found.map(({ path, reason, severity }) => `${severity ?? "error"} ${path}: ${reason}`);
  }

  it("finds nothing wrong with a certificate that does its job", () => {
    const hosts = ["localhost", "127.0.0.1", "n0.nats.svc", "2001:0DB8:0::1", "[2001:db8::1]"];
    assert.deepEqual(problems({ hosts, usages: ["server", "client"] }), []);
  });

  it("says when it expired, and when it begins", () => {
    assert.deepEqual(problems({ now: new Date("2026-08-31T00:00:00Z") }), [
      'error cert: certificate "CN=test" expired 2026-08-30T12:00:00Z',
    ]);
    assert.deepEqual(problems({ now: new Date("2026-06-01T10:00:00Z") }), [
      'error cert: certificate "CN=test" is not valid before 2026-06-01T11:00:00Z',
      'error ca: certificate "CN=acme CA" is not valid before 2026-06-01T11:00:00Z',
    ]);
  });

  it("warns within 30 days of the end", () => {
    assert.deepEqual(problems({ now: new Date("2026-08-20T00:00:00Z") }), [
      'warning cert: certificate "CN=test" expires in 10 days, 2026-08-30T12:00:00Z',
    ]);
    assert.deepEqual(problems({ now: new Date("2026-07-31T11:59:59Z") }), []);
  });

  it("names every host that it does not stand for", () => {
    assert.deepEqual(problems({ hosts: ["localhost", "10.0.0.1", "a.b.nats.svc"] }), [
      'error cert: certificate "CN=test" is not for 10.0.0.1; its subjectAltName is DNS:localhost, DNS:*.nats.svc, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1',
      'error cert: certificate "CN=test" is not for a.b.nats.svc; its subjectAltName is DNS:localhost, DNS:*.nats.svc, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1',
    ]);
  });

  it("does not take the common name for a host", async () => {
    const named = await testCertificate(ca, {
      now,
      subject: { commonName: "nats.example.com" },
      dnsNames: [],
      ipAddresses: [],
    });
    assert.deepEqual(problems({ ...named, hosts: ["nats.example.com"] }), [
      'error cert: certificate "CN=nats.example.com" is not for nats.example.com; its subjectAltName is none',
    ]);
  });

  it("finds a key of another certificate", async () => {
    const other = await testCertificate(ca, { now });
    assert.deepEqual(problems({ key: other.key }), [
      'error key: the private key does not belong to certificate "CN=test"',
    ]);
  });

  it("finds a CA that did not sign, even one of the same name", async () => {
    const stranger = await testAuthority("acme CA", { now });
    assert.deepEqual(problems({ ca: stranger.cert }), [
      'error ca: certificate "CN=test", issued by "CN=acme CA", is not signed by the CA given: "CN=acme CA"',
    ]);
    assert.deepEqual(problems({ ca: stranger.cert + ca.cert }), []);
  });

  it("takes a renewed authority of the same key for the same", async () => {
    const renewed = await testAuthority("acme CA", { now, days: 700, key: ca.key });
    assert.deepEqual(problems({ ca: renewed.cert }), []);
  });

  it("wants the usage of a client for routes", async () => {
    const serverOnly = await testCertificate(ca, { now, usages: ["server"] });
    assert.deepEqual(problems({ ...serverOnly, usages: ["server", "client"] }), [
      'error cert: certificate "CN=test" lacks the extended key usage clientAuth, and servers call each other with it, routes do',
    ]);
  });

  it("says what a text is when it is no PEM, all at once, and quotes no key", () => {
    assert.deepEqual(problems({ cert: "server.pem", key: good.cert, ca: "" }), [
      'error cert: "server.pem" is a file name, PEM text is wanted',
      "error key: no private key in PEM: it holds a certificate",
      'error ca: no certificate in PEM: it has no "-----BEGIN CERTIFICATE-----"',
    ]);
    const body = good.key.split("\n")[1]!;
    const damaged = problems({ cert: good.key, key: good.key.replace(body, `AAAA${body.slice(9)}`) });
    assert.deepEqual(damaged, [
      "error cert: no certificate in PEM: it holds a private key",
      "error key: the private key can't be read: its PEM block is damaged",
    ]);
    const encrypted = good.key.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert.match(problems({ key: encrypted })[0]!, /encrypted with a passphrase/);
    assert.match(
      problems({ cert: good.cert.replace(/\n.{20}/, "\nAAAA") })[0]!,
      /^error cert: the certificate can't be read/,
    );
  });

  it("puts the prefix in front of every path", () => {
    const found = certificateProblems({ cert: "", key: "", ca: "", now, prefix: "tls." });
    assert.deepEqual(
      found.map(({ path }) => path),
      ["tls.cert", "tls.key", "tls.ca"],
    );
  });
});
