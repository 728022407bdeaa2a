import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { CallContext, Diff } from "../../../provider/host/handler";
import { unknownValue } from "../../../provider/host/handler";
import type { CertificateInputs, CertificateState } from "../../../provider/model/certificateChange";
import { intermediatesOf } from "../../../provider/model/certificateIssuer";
import { newCertificateAuthorityHandler } from "../../../provider/resources/certificateAuthorityHandler";
import type {
  CertificateAuthorityInputs,
  CertificateAuthorityState,
} from "../../../provider/resources/certificateAuthorityHandler";
import { newCertificateHandler } from "../../../provider/resources/certificateHandler";
import { testAuthority, testCertificate } from "../../bed/authority";

let clock = new Date("2026-06-01T12:00:00Z");
const context: CallContext = {
  config: new Map(),
  urn: undefined,
  timeout: undefined,
  warn: async () => {},
  info: async () => {},
};
const authorities = newCertificateAuthorityHandler(() => clock);
const certificates = newCertificateHandler(() => clock);

async function newAuthority(inputs: Partial<CertificateAuthorityInputs> = {}): Promise<CertificateAuthorityState> {
  const checked = await authorities.check(context, undefined, {
    commonName: "ca",
    ...inputs,
  } as CertificateAuthorityInputs);
  assert.deepEqual(checked.problems, []);
  return (await authorities.create(context, checked.inputs)).state;
}

async function checkedInputs(inputs: object): Promise<CertificateInputs> {
  const checked = await certificates.check(context, undefined, {
    commonName: "app",
    dnsNames: ["localhost"],
    ...inputs,
  } as unknown as CertificateInputs);
  assert.deepEqual(
    checked.problems.filter((problem) => problem.severity !== "warning"),
    [],
  );
  return checked.inputs;
}

async function problemsOf(inputs: object): Promise<string[]> {
  const { problems } = await certificates.check(context, undefined, inputs as CertificateInputs);
  return problems.map(({ path, reason, severity }) => `${severity ?? "error"} ${path}: ${reason}`);
}

function notes(diff: Diff): string[] {
  return (diff.notes ?? []).map(({ severity, message }) => `${severity}: ${message}`);
}

const authorityOf = ({ cert, key }: { cert: string; key: string }) => ({ cert, key });

describe("CertificateAuthority", () => {
  beforeEach(() => void (clock = new Date("2026-06-01T12:00:00Z")));

  it("makes a certificate of an authority for ten years, five minutes backdated", async () => {
    const state = await newAuthority();
    const cert = new X509Certificate(state.cert);
    assert.ok(cert.ca && cert.verify(cert.publicKey));
    assert.equal(cert.subject, "CN=ca");
    assert.equal(state.notAfter, "2036-05-29T12:00:00Z");
    assert.equal(new Date(cert.validFrom).toISOString(), "2026-06-01T11:55:00.000Z");
    assert.equal(state.fingerprint, cert.fingerprint256);
    assert.equal(cert.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("reports every wrong argument at once", async () => {
    const { problems } = await authorities.check(context, undefined, {
      commonName: "x".repeat(65),
      algorithm: "rsa-1024",
      validity: "10y",
      renewBefore: "soon",
    } as unknown as CertificateAuthorityInputs);
    assert.deepEqual(
      problems.map(({ path, fix }) => [path, fix]),
      [
        ["commonName", `commonName: "${"x".repeat(64)}"`],
        ["algorithm", 'algorithm: "ecdsa-p256"'],
        ["validity", 'validity: "3650d"'],
        ["renewBefore", undefined],
      ],
    );
  });

  it("is renewed with the same key, and what it signed stays valid", async () => {
    const state = await newAuthority();
    const leaf = await testCertificate(state, { now: clock });
    clock = new Date("2035-05-30T11:59:59Z");
    assert.deepEqual(await authorities.diff(context, "id", state, state), { changes: {} });
    clock = new Date("2035-05-30T12:00:00Z");
    const diff = await authorities.diff(context, "id", state, state);
    assert.deepEqual(diff.changes, { notAfter: "update" });
    assert.deepEqual(notes(diff), [
      "info: certificate expires 2036-05-29; will be renewed with the same key, so what it signed stays valid",
    ]);
    const renewed = await authorities.update(context, "id", state, state);
    assert.equal(renewed.key, state.key);
    assert.notEqual(renewed.cert, state.cert);
    assert.equal(renewed.notAfter, "2045-05-27T12:00:00Z");
    const issued = new X509Certificate(leaf.cert);
    assert.ok(
      issued.checkIssued(new X509Certificate(renewed.cert)) &&
        issued.verify(new X509Certificate(renewed.cert).publicKey),
    );
    assert.deepEqual(await authorities.diff(context, "id", renewed, renewed), { changes: {} });
  });

  it("is another authority with another name, algorithm or keeper, and warns", async () => {
    const state = await newAuthority();
    for (const [key, value] of [
      ["commonName", "other"],
      ["algorithm", "ed25519"],
      ["keeper", "2"],
    ] as const) {
      const diff = await authorities.diff(context, "id", state, { ...state, [key]: value });
      assert.deepEqual(diff.changes, { [key]: "update-replace" });
      assert.match(notes(diff)[0]!, /^warning: a new authority with a new key/);
    }
  });

  it("does not issue again when only renewBefore changes, or a duration is spelled in another way", async () => {
    const state = await newAuthority();
    const news = { ...state, renewBefore: "100h", validity: "3650d" };
    assert.deepEqual(await authorities.diff(context, "id", state, news), { changes: { renewBefore: "update" } });
    assert.equal((await authorities.update(context, "id", state, news)).cert, state.cert);
  });

  it("says why it can't be imported", async () => {
    await assert.rejects(
      authorities.read(context, "x", undefined),
      /can't be imported: a certificate does not hold its private key\. Fix: nats\.CertificateAuthority\.fromPem/,
    );
  });
});

describe("Certificate", () => {
  let ca: CertificateAuthorityState;
  let state: CertificateState;
  before(async () => {
    ca = await newAuthority();
    const inputs = await checkedInputs({
      issuer: authorityOf(ca),
      dnsNames: ["N0.nats.svc.", "localhost", "n0.nats.svc"],
      ipAddresses: ["::0001", "127.0.0.1"],
    });
    state = (await certificates.create(context, inputs)).state;
  });
  beforeEach(() => void (clock = new Date("2026-06-01T12:00:00Z")));

  it("has the names, usages and span that were asked for", () => {
    const cert = new X509Certificate(state.cert);
    assert.equal(
      cert.subjectAltName,
      "DNS:n0.nats.svc, DNS:localhost, IP Address:0:0:0:0:0:0:0:1, IP Address:127.0.0.1",
    );
    assert.deepEqual(cert.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    assert.equal(state.notAfter, "2026-08-30T12:00:00Z");
    assert.equal(cert.ca, false);
    assert.ok(cert.verify(new X509Certificate(ca.cert).publicKey));
    assert.deepEqual([state.ca, state.chain, state.renewBefore], [ca.cert, state.cert, "720h"]);
    assert.match(state.pin, /^[0-9a-f]{64}$/);
  });

  it("reports every wrong argument at once, and quotes no key", async () => {
    const stranger = await testAuthority("stranger", { now: clock });
    const found = await problemsOf({
      issuer: { cert: ca.cert, key: stranger.key },
      commonName: "",
      dnsNames: ["ok", "10.0.0.1"],
      ipAddresses: ["localhost"],
      usages: ["server", "peer"],
      algorithm: "dsa",
      validity: "24h",
      renewBefore: "1d",
    });
    assert.deepEqual(found, [
      'error issuer.key: the private key does not belong to certificate "CN=ca"',
      "error commonName: it is empty",
      'error dnsNames[1]: "10.0.0.1" is an IP address, not a DNS name',
      'error ipAddresses[0]: "localhost" is no IP address',
      'error usages[1]: "peer" is no usage; known are server, client',
      'error algorithm: "dsa" is no kind of key; known are ecdsa-p256, ecdsa-p384, ed25519, rsa-2048, rsa-3072, rsa-4096',
      'error renewBefore: "1d" is not shorter than the validity "24h", so every `pulumi up` would renew',
    ]);
  });

  it("refuses an issuer that expired, is no authority, or is missing", async () => {
    const old = await testAuthority("old", { now: new Date("2024-01-01T00:00:00Z") });
    assert.deepEqual(await problemsOf({ issuer: old, commonName: "a", usages: ["client"] }), [
      'error issuer.cert: certificate "CN=old" expired 2024-12-31T00:00:00Z',
    ]);
    assert.deepEqual(await problemsOf({ issuer: authorityOf(state), commonName: "a", usages: ["client"] }), [
      'error issuer.cert: certificate "CN=app" is no authority\'s: it may not sign',
    ]);
    assert.deepEqual(await problemsOf({ commonName: "a", usages: ["client"] }), ["error issuer: no issuer is given"]);
    assert.deepEqual(await problemsOf({ issuer: { cert: ca.cert }, commonName: "a", usages: ["client"] }), [
      "error issuer.key: no PEM text is given",
    ]);
  });

  it("warns where it would outlive its issuer, and ends with it", async () => {
    const short = authorityOf(await testAuthority("short", { now: clock, days: 40 }));
    const wanted = { issuer: short, commonName: "a", usages: ["client"] };
    assert.deepEqual(await problemsOf(wanted), [
      'warning validity: the issuer ends 2026-07-11T12:00:00Z, and the certificate "2160h" long with it',
    ]);
    const issued = (await certificates.create(context, await checkedInputs(wanted))).state;
    assert.equal(issued.notAfter, "2026-07-11T12:00:00Z");
    clock = new Date("2026-07-05T12:00:00Z");
    // A new one would end no later, so there is nothing to renew in every `up`.
    assert.deepEqual((await certificates.diff(context, "id", issued, issued)).changes, {});
  });

  it("warns of a server's certificate without a host", async () => {
    assert.match(
      (await problemsOf({ issuer: authorityOf(ca), commonName: "a" }))[0]!,
      /^warning dnsNames: it is for a server but names no host/,
    );
    assert.deepEqual(await problemsOf({ issuer: authorityOf(ca), commonName: "a", usages: ["client"] }), []);
  });

  it("takes what a preview does not know yet", async () => {
    const whole = await certificates.check(context, undefined, {
      issuer: unknownValue,
      commonName: unknownValue,
      dnsNames: unknownValue,
      ipAddresses: ["::1", unknownValue],
      usages: unknownValue,
      algorithm: unknownValue,
      validity: unknownValue,
      renewBefore: unknownValue,
    } as unknown as CertificateInputs);
    assert.deepEqual(whole.problems, []);
    assert.deepEqual(whole.inputs.ipAddresses, ["::1", unknownValue]);
    assert.deepEqual(
      await problemsOf({ issuer: { cert: unknownValue, key: unknownValue }, commonName: "a", dnsNames: ["a_"] }),
      [],
    );
  });

  it("sees no change in another order, spelling or newline", async () => {
    const news = await checkedInputs({
      issuer: { cert: ` ${ca.cert.replaceAll("\n", "\r\n")}\n`, key: ca.key },
      validity: "90d",
      dnsNames: ["localhost", "n0.nats.svc"],
      ipAddresses: ["127.0.0.1", "[0::1]"],
      usages: ["client", "server"],
    });
    assert.deepEqual(await certificates.diff(context, "id", state, news), { changes: {}, notes: [] });
  });

  it("is issued again with its key for other names, and with a new key when asked for", async () => {
    const more = { ...state, dnsNames: [...state.dnsNames, "n1.nats.svc"] };
    const diff = await certificates.diff(context, "id", state, more);
    assert.deepEqual(diff.changes, { dnsNames: "update", notAfter: "update" });
    assert.deepEqual(notes(diff), ["info: certificate will be issued again with the same key"]);
    const again = await certificates.update(context, "id", state, more);
    assert.match(new X509Certificate(again.cert).subjectAltName!, /n1\.nats\.svc/);
    assert.deepEqual([again.key, again.pin], [state.key, state.pin]);

    const rotated = { ...state, keeper: "2" };
    assert.deepEqual(notes(await certificates.diff(context, "id", state, rotated)), [
      "info: certificate will be issued again with a new key",
    ]);
    const fresh = await certificates.update(context, "id", state, rotated);
    assert.notEqual(fresh.key, state.key);
    assert.ok(new X509Certificate(fresh.cert).verify(new X509Certificate(ca.cert).publicKey));
  });

  it("is renewed when its time comes, with its key", async () => {
    clock = new Date("2026-07-31T11:59:59Z");
    assert.deepEqual((await certificates.diff(context, "id", state, state)).changes, {});
    clock = new Date("2026-07-31T12:00:00Z");
    const diff = await certificates.diff(context, "id", state, state);
    assert.deepEqual(diff.changes, { notAfter: "update" });
    assert.deepEqual(notes(diff), ["info: certificate expires 2026-08-30; will be renewed"]);
    const renewed = await certificates.update(context, "id", state, state);
    assert.deepEqual([renewed.notAfter, renewed.key], ["2026-10-29T12:00:00Z", state.key]);
    clock = new Date("2026-09-01T00:00:00Z");
    assert.deepEqual(notes(await certificates.diff(context, "id", state, state)), [
      "info: certificate expired 2026-08-30; will be renewed",
    ]);
  });

  it("stays when its authority was only renewed, and takes the renewed one as its ca", async () => {
    const renewed = await authorities.update(context, "id", ca, { ...ca, validity: "90000h" });
    const news = { ...state, issuer: authorityOf(renewed) };
    const diff = await certificates.diff(context, "id", state, news);
    assert.deepEqual(diff.changes, { "issuer.cert": "update" });
    assert.match(notes(diff)[0]!, /the certificate stays/);
    const after = await certificates.update(context, "id", state, news);
    assert.deepEqual([after.cert, after.ca], [state.cert, renewed.cert]);
  });

  it("is issued again by another authority", async () => {
    const other = await newAuthority();
    const news = { ...state, issuer: authorityOf(other) };
    const diff = await certificates.diff(context, "id", state, news);
    assert.deepEqual(diff.changes, { "issuer.cert": "update", "issuer.key": "update", notAfter: "update" });
    const after = await certificates.update(context, "id", state, news);
    assert.ok(new X509Certificate(after.cert).verify(new X509Certificate(other.cert).publicKey));
  });

  it("says in a preview what depends on an issuer that is not known yet", async () => {
    const diff = await certificates.diff(context, "id", state, {
      ...state,
      issuer: { cert: unknownValue, key: ca.key },
    });
    assert.deepEqual(diff.changes, { "issuer.cert": "update" });
    assert.match(notes(diff)[0]!, /the issuer changes in this update/);
    assert.deepEqual(
      (await certificates.diff(context, "id", state, { ...state, dnsNames: unknownValue as never })).changes,
      { dnsNames: "update" },
    );
  });

  it("sends what stands between it and the root, and not the root", () => {
    assert.equal(state.chain, state.cert);
    // Whatever another one signed stands between, as far as the chain goes.
    assert.equal(intermediatesOf({ cert: state.cert + ca.cert }), state.cert);
  });

  it("says why it can't be imported", async () => {
    await assert.rejects(certificates.read(context, "x", undefined), /Certificate "x" can't be imported/);
  });
});
