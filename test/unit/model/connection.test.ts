import assert from "node:assert/strict";
import { connectionProblems, mergeConnection } from "../../../provider/model/connection";
import type { ConnectionSettings, SettingsLayer } from "../../../provider/model/connection";

function layer(origin: string, scope: number, settings: ConnectionSettings): SettingsLayer {
  return { origin, scope, settings };
}

describe("A connection from several places", () => {
  it("is to this machine without credentials when no place says anything", () => {
    assert.deepEqual(mergeConnection([]), {
      servers: ["127.0.0.1:4222"],
      auth: { kind: "none" },
      tlsRequired: false,
      timeout: 5000,
      name: "pulumi-nats",
      origins: { servers: "the default, since nothing names servers", auth: "nowhere" },
    });
  });

  it("takes each group from the first place that has it", () => {
    const model = mergeConnection([
      layer("provider", 1, { user: "ann", password: "a", tls: { serverName: "n" } }),
      layer("environment", 2, {
        servers: ["nats://a", "tls://b:5222"],
        token: "t",
        tls: { ca: "CA", serverName: "other" },
        timeout: "2s",
        jsDomain: "hub",
      }),
    ]);
    assert.deepEqual(model, {
      servers: ["a:4222", "b:5222"],
      auth: { kind: "user", user: "ann", password: "a" },
      tls: { ca: "CA", serverName: "n" },
      tlsRequired: true,
      jsDomain: "hub",
      timeout: 2000,
      name: "pulumi-nats",
      origins: { servers: "environment", auth: "provider" },
    });
  });

  it("never takes credentials of the environment to servers that the program names", () => {
    const environment = layer("environment", 2, { user: "ann", password: "a" });
    const named = mergeConnection([layer("provider", 1, { servers: ["nats://a"] }), environment]);
    assert.deepEqual(named.auth, { kind: "none" });
    const stack = mergeConnection([layer("stack", 2, { servers: ["nats://a"] }), environment]);
    assert.deepEqual(stack.auth, { kind: "user", user: "ann", password: "a" });
  });

  it("reads credentials in a URL, which do not stay in the address", () => {
    const user = mergeConnection([
      layer("p", 1, { servers: ["nats://ann:p%40ss@host:1", "nats://ann:p%40ss@host:2"] }),
    ]);
    assert.deepEqual(user.auth, { kind: "user", user: "ann", password: "p@ss" });
    assert.deepEqual(user.servers, ["host:1", "host:2"]);
    const token = mergeConnection([layer("p", 1, { servers: ["nats://t0ken@[::1]"] })]);
    assert.deepEqual(token.auth, { kind: "token", token: "t0ken" });
    assert.deepEqual(token.servers, ["[::1]:4222"]);
  });

  it("gives a JWT its seed", () => {
    const own = mergeConnection([layer("p", 1, { jwt: "a.b.c", nkeySeed: "SU" })]);
    assert.deepEqual(own.auth, { kind: "jwt", jwt: "a.b.c", seed: "SU" });
  });
});

describe("Settings of a connection", () => {
  const seed = `SU${"A".repeat(56)}`;
  const refused: readonly (readonly [ConnectionSettings, string, RegExp])[] = [
    [{ servers: ["nats://a", "ws://b"] }, "servers[1]", /"ws:\/\/b" is a WebSocket address/],
    [{ servers: ["http://a"] }, "servers[0]", /has the scheme http, which NATS does not have/],
    [{ servers: ["nats://"] }, "servers[0]", /is no address/],
    [{ servers: ["nats://a:99999"] }, "servers[0]", /is no address/],
    [{ servers: ["nats://u:pw@a/x"] }, "servers[0]", /^"nats:\/\/\[secret\]@a\/x" has more than a host and a port$/],
    [{ servers: ["nats://u:p/w@a"] }, "servers[0]", /^"nats:\/\/\[secret\]@a" is no address$/],
    [{ servers: ["u:p@w@a:99999"] }, "servers[0]", /^"\[secret\]@a:99999" is no address$/],
    [
      { servers: ["nats://u:100%@a"] },
      "servers[0]",
      /^"nats:\/\/\[secret\]@a" has a "%" in its login that stands for no/,
    ],
    [{ user: "a", password: "b", token: "c" }, "token", /^user, token: a connection has one identity$/],
    [{ password: "b" }, "password", /no user/],
    [{ creds: "./file.creds" }, "creds", /not the content of a creds file/],
    [{ nkeySeed: `U${"A".repeat(55)}` }, "nkeySeed", /not the seed of a user nkey/],
    [{ jwt: "x" }, "jwt", /three parts/],
    [{ tls: { ca: "./ca.pem" } }, "tls.ca", /not a certificate in PEM/],
    [{ tls: { cert: "-----BEGIN CERTIFICATE-----" } }, "tls.cert", /needs both parts/],
    [
      { tls: { key: "-----BEGIN ENCRYPTED PRIVATE KEY-----", cert: "-----BEGIN CERTIFICATE-----" } },
      "tls.key",
      /encrypted/,
    ],
    [{ timeout: "5" }, "timeout", /5/],
    [{ timeout: "0s" }, "timeout", /too short/],
    [{ jsDomain: "hub", jsApiPrefix: "JS.hub.API" }, "jsApiPrefix", /"\$JS\.hub\.API"/],
    [{ inboxPrefix: "_INBOX.>" }, "inboxPrefix", /wildcard/],
  ];
  for (const [settings, path, reason] of refused) {
    it(`are refused: ${JSON.stringify(settings).slice(0, 60)}`, () => {
      const problems = connectionProblems(settings);
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [path],
      );
      assert.match(problems[0]!.reason, reason);
      assert.notEqual(problems[0]!.fix, undefined);
    });
  }

  it("are all told at once, and good ones not at all", () => {
    const bad = connectionProblems({ servers: ["ws://a"], password: "x", timeout: "0s" });
    assert.deepEqual(
      bad.map(({ path }) => path),
      ["servers[0]", "password", "timeout"],
    );
    const good: ConnectionSettings = {
      servers: ["a", "nats://b:1", "tls://[::1]:2"],
      jwt: "a.b.c",
      nkeySeed: seed,
      timeout: "1m",
    };
    assert.deepEqual(connectionProblems(good), []);
  });
});
