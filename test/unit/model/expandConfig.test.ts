import assert from "node:assert/strict";
import { toConfValue } from "../../../provider/conf/value";
import { convertConfig } from "../../../provider/model/config/convertConfig";
import { expandConfig } from "../../../provider/model/config/expandConfig";
import { normalizeConf } from "../../../provider/model/config/normalizeConf";
import { printConfigSource } from "../../../provider/model/config/printConfigSource";
import type { ServerConfig } from "../../../provider/model/config/serverConfig";
import type { ConfMap } from "../../../provider/conf/value";

const conf = (value: unknown): ConfMap => toConfValue(value) as ConfMap;

describe("expandConfig", () => {
  it("writes nats.conf's keys, bytes, Go durations and seconds", () => {
    const config: ServerConfig = {
      maxPayload: "8MiB",
      pingInterval: "1d",
      debug: undefined,
      authorization: { timeout: "1500ms" },
      tls: { timeout: "3s", handshakeFirst: "auto" },
      jetstream: { maxFileStore: "10GB", limits: { maxHaAssets: 3 } },
      accounts: { "A.B": { jetstream: true, mappings: { "a.*": [{ destination: "b.$1", weight: "20%" }] } } },
      verbatim: { max_conn: 10 },
    };
    const { conf: expanded, problems } = expandConfig(config);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      expanded,
      conf({
        max_payload: 8_388_608,
        ping_interval: "24h",
        authorization: { timeout: 1.5 },
        tls: { timeout: 3, handshake_first: "auto" },
        jetstream: { max_file_store: 10_737_418_240, limits: { max_ha_assets: 3 } },
        accounts: { "A.B": { jetstream: true, mappings: { "a.*": [{ destination: "b.$1", weight: "20%" }] } } },
        max_conn: 10,
      }),
    );
  });

  const wrong: readonly [object, string, string, string | undefined][] = [
    [{ maxPayloads: "1MB" }, "maxPayloads", "maxPayloads: unknown key", "maxPayload"],
    [{ max_payload: "1MB" }, "max_payload", "max_payload: unknown key", "maxPayload"],
    [{ maxConn: 3 }, "maxConn", "maxConn: unknown key", "maxConnections"],
    [{ zzz: 3 }, "zzz", "zzz: unknown key", undefined],
    [{ pingInterval: 30 }, "pingInterval", "30 has no unit", '"30s"'],
    [{ maxPayload: -5 }, "maxPayload", "-5: a size is wanted, or -1 where no limit is meant", undefined],
    [{ writeDeadline: -1 }, "writeDeadline", '-1: a duration such as "30s" is wanted', undefined],
    [{ maxPayload: 1_048_576 }, "maxPayload", "1048576 has no unit", '"1MiB"'],
    [{ port: "4222" }, "port", "port is text, not a whole number", "4222"],
    [{ debug: "true" }, "debug", "debug is text, not true or false", "true"],
    [{ writeTimeout: "closed" }, "writeTimeout", '"closed" is not one of "default", "close", "retry"', '"close"'],
    [
      { accounts: { A: { users: [{ user: "a", passwrd: "s3cr3t" }] } } },
      "accounts.A.users[0].passwrd",
      "passwrd: unknown key",
      "password",
    ],
    [{ cluster: { routes: "nats://u:s3cr3t@a" } }, "cluster.routes", "routes is text, not a list", '["…"]'],
    [
      { accounts: { A: { users: [{ user: "a", password: 12345 }] } } },
      "accounts.A.users[0].password",
      "password is 12345, not text",
      '"12345"',
    ],
    [
      { jetstream: { cipher: "AES" } },
      "jetstream.cipher",
      '"AES" is not one of "chacha", "chachapoly", "aes"',
      '"aes"',
    ],
    [{ listen: "4222" }, "listen", 'listen is text, not a port or "host:port"', "4222"],
    [{ port: 4222, verbatim: { port: 1 } }, "verbatim.port", "port is set by its own property too", undefined],
  ];
  for (const [config, path, reason, fix] of wrong)
    it(`says of ${JSON.stringify(config)}: ${reason}`, () => {
      assert.deepEqual(expandConfig(config as Record<string, unknown>).problems, [
        { path, reason, ...(fix === undefined ? {} : { fix }) },
      ]);
    });

  it("says all at once", () => {
    assert.equal(expandConfig({ a: 1, b: 2, port: "x", jetstream: { c: 3 } }).problems.length, 4);
  });
});

describe("convertConfig", () => {
  it("keeps verbatim what the types would write otherwise", () => {
    const original = conf({
      max_conn: 5,
      Port: 4222,
      authorization: { timeout: "2s", user: "u" },
      ping_interval: 30,
      max_payload: 1000,
    });
    const { config, problems } = convertConfig(original);
    assert.deepEqual(config, {
      authorization: { user: "u", verbatim: { timeout: "2s" } },
      maxPayload: "1000",
      verbatim: { max_conn: 5, Port: 4222, ping_interval: 30 },
    });
    assert.deepEqual(
      problems.map((problem) => problem.path),
      ["max_conn", "Port", "authorization.timeout", "ping_interval"],
    );
    assert.ok(problems.every((problem) => problem.severity === "warning"));
  });

  it("prints what a program would hold, secrets masked where asked", () => {
    const { config } = convertConfig(
      conf({
        port: 4222,
        accounts: { "A-1": { users: [{ user: "app", password: "s3cr3t" }] } },
        cluster: { routes: ["nats://u:s3cr3t@h:1", "nats://h:2"] },
      }),
    );
    assert.equal(
      printConfigSource(config, { mask: true }),
      `{
  port: 4222,
  accounts: {
    "A-1": { users: [{ user: "app", password: config.requireSecret("accountsA1UsersAppPassword") }] },
  },
  cluster: { routes: [config.requireSecret("clusterRoutes1"), "nats://h:2"] },
}`,
    );
    assert.match(printConfigSource(config), /password: "s3cr3t"/);
  });
});

describe("normalizeConf", () => {
  it("folds aliases and case, and leaves names and values", () => {
    const folded = normalizeConf(
      conf({
        MAX_CONN: 1,
        leaf: { remotes: [{ local: "A", creds: "x" }] },
        accounts: { Users: { USERS: [{ pass: "p" }], maps: { Max_Conn: "b" } } },
        other: 1,
      }),
    );
    assert.deepEqual(
      folded,
      conf({
        max_connections: 1,
        leafnodes: { remotes: [{ account: "A", credentials: "x" }] },
        accounts: { Users: { users: [{ password: "p" }], mappings: { Max_Conn: "b" } } },
        other: 1,
      }),
    );
  });
});
