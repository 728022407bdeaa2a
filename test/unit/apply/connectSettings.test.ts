import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resolveConnection } from "../../../provider/apply/connectSettings";

const creds = "-----BEGIN NATS USER JWT-----\na.b.c\n-----BEGIN USER NKEY SEED-----\nSU\n";

describe("Where a connection comes from", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "pulumi-nats-context-"));
    mkdirSync(path.join(home, "nats/context"), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(path.join(home, name), text);
    return path.join(home, name);
  };
  const context = (name: string, members: object): string =>
    file(`nats/context/${name}.json`, JSON.stringify({ description: "", ...members }));
  const resolve = (config: Record<string, string> = {}, environment: Record<string, string> = {}) =>
    resolveConnection(new Map(Object.entries(config)), { XDG_CONFIG_HOME: home, ...environment });
  const refusal = (config: Record<string, string>, environment: Record<string, string> = {}): string => {
    try {
      resolve(config, environment);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("it is accepted");
  };

  it("is the selected context where nothing names servers", () => {
    context("prod", {
      url: "nats://a:1,nats://b:2",
      user: "ann",
      password: "pw",
      jetstream_domain: "hub",
      inbox_prefix: "_IN",
    });
    file("nats/context.txt", "prod\n");
    const model = resolve();
    assert.deepEqual(model.servers, ["a:1", "b:2"]);
    assert.deepEqual(model.auth, { kind: "user", user: "ann", password: "pw" });
    assert.equal(model.jsDomain, "hub");
    assert.equal(model.inboxPrefix, "_IN");
    assert.equal(model.origins.servers, 'context "prod", which is selected');
    assert.deepEqual(resolve({}, { NATS_URL: "nats://c" }).auth, { kind: "none" });
  });

  it("is the environment, with what the nats CLI means by it", () => {
    const environment = { NATS_URL: "nats://a,nats://b:1", NATS_TIMEOUT: "3s" };
    assert.deepEqual(resolve({}, { ...environment, NATS_USER: "t0ken" }).auth, { kind: "token", token: "t0ken" });
    const user = resolve({}, { ...environment, NATS_USER: "ann", NATS_PASSWORD: "pw" });
    assert.deepEqual(user.auth, { kind: "user", user: "ann", password: "pw" });
    assert.deepEqual(user.servers, ["a:4222", "b:1"]);
    assert.equal(user.timeout, 3000);
    const path = file("user.creds", creds);
    assert.deepEqual(resolve({}, { ...environment, NATS_CREDS: path }).auth, { kind: "creds", creds });
    assert.deepEqual(resolve({}, { ...environment, NATS_JWT: "a.b.c", NATS_SEED: "SU" }).auth, {
      kind: "jwt",
      jwt: "a.b.c",
      seed: "SU",
    });
  });

  it("is a context by name or file, with files by ~ and variables, below what stands beside it", () => {
    file("user.creds", creds);
    context("prod", { url: "nats://a", creds: "$HERE/user.creds", tls_first: true });
    const model = resolve({ provider: "app", context: "prod", servers: "nats://other" }, { HERE: home });
    assert.deepEqual(model.servers, ["other:4222"]);
    assert.deepEqual(model.auth, { kind: "creds", creds });
    assert.deepEqual(model.tls, { handshakeFirst: true });
    assert.equal(model.origins.auth, 'context "prod" of nats.Provider "app"');
    const byFile = resolve({}, { NATS_CONTEXT: path.join(home, "nats/context/prod.json"), HERE: home });
    assert.deepEqual(byFile.servers, ["a:4222"]);
  });

  it("is the stack's configuration together with the environment, but the provider's servers alone", () => {
    const environment = { NATS_USER: "ann", NATS_PASSWORD: "pw" };
    assert.deepEqual(resolve({ servers: "nats://a" }, environment).auth, { kind: "user", user: "ann", password: "pw" });
    assert.deepEqual(resolve({ provider: "app", servers: "nats://a" }, environment).auth, { kind: "none" });
  });

  it("reads TLS from contents and files", () => {
    const ca = "-----BEGIN CERTIFICATE-----";
    const caFile = file("ca.pem", ca);
    assert.deepEqual(resolve({ tls: JSON.stringify({ caFile, handshakeFirst: true }) }).tls, {
      ca,
      handshakeFirst: true,
    });
    assert.deepEqual(resolve({}, { NATS_CA: caFile }).tls, { ca });
    assert.match(
      refusal({ tls: JSON.stringify({ cafile: "x" }) }),
      /tls\.cafile: there is no property "cafile" here\. Fix: write caFile/,
    );
  });

  it("is refused with the setting, the file and the place", () => {
    const none = path.join(home, "none");
    assert.equal(
      refusal({ provider: "app", credsFile: none }),
      `credsFile of nats.Provider "app": ${none} does not exist`,
    );
    assert.equal(refusal({}, { NATS_CREDS: home }), `NATS_CREDS: ${home} is a folder`);
    assert.match(
      refusal({ context: "nope" }),
      /^there is no context "nope" of the nats CLI: .*nope\.json does not exist\. Fix: nats context ls$/,
    );
    assert.match(refusal({ context: "../x" }), /is no name of a context/);
    assert.match(refusal({}, { NATS_SOCKS_PROXY: "x" }), /NATS_SOCKS_PROXY is set.*Fix: unset/);
    context("web", { url: "ws://x" });
    file("nats/context.txt", "web");
    assert.match(
      refusal({}),
      /servers\[0\]: .* is a WebSocket .* \(from context "web", which is selected\)\. Fix: nats:/,
    );
    context("nsc", { nsc: "nsc://o/a/u" });
    assert.match(refusal({ context: "nsc" }), /context "nsc" uses nsc, which pulumi-nats does not follow\. Fix: /);
    file("nats/context/bad.json", '{ "password": "s3cret-pw", ');
    const text = refusal({ context: "bad" });
    assert.match(text, /is not readable as JSON/);
    assert.doesNotMatch(text, /s3cret/);
    for (const servers of ['["nats://ann:s3cret-pw@a"', "[5]"]) {
      assert.equal(
        refusal({ servers }),
        'servers of the stack\'s configuration begins with "[" and is no JSON list of URLs. Fix: ["nats://a:4222","nats://b:4222"]',
      );
    }
    for (const tls of ['{ "key": "s3cret-pw" ', "null", "[]"]) {
      assert.match(refusal({ servers: "a", tls }), /^tls of the stack's configuration is no object\. Fix: pulumi/);
    }
    assert.match(
      refusal({ provider: "app", servers: "ws://x", password: "hidden-pw" }),
      /^the connection to NATS is not usable:\n {2}servers\[0\]: .* \(from nats\.Provider "app"\)\. Fix: .*\n {2}password: there is a password but no user \(from nats\.Provider "app"\)\. Fix: user: "…"$/,
    );
  });
});
