import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";
import { explainConfig } from "../../../provider/plan/explainConfig";
import type { ConfigExplanation } from "../../../provider/plan/explainConfig";

const explain = (from: string, to: string, serverVersion?: string): ConfigExplanation =>
  explainConfig(parseConf(from).root, parseConf(to).root, serverVersion === undefined ? {} : { serverVersion });
const js = (more: string) => `jetstream { store_dir: /x, ${more} }`;

describe("explainConfig", () => {
  it("says nothing of a file that is only spelled otherwise", () => {
    assert.deepEqual(explain("debug: true", "# why\ndebug = yes"), {
      serverVersion: "2.15.2",
      impact: "none",
      changes: [],
    });
  });

  it("has the highest impact of its parts, each with its reason and the server that it was seen with", () => {
    const explained = explain("", "max_payload: 2MB\nmax_pending: 32MB\nserver_name: a", "2.12.3");
    assert.equal(explained.serverVersion, "2.12.3");
    assert.equal(explained.impact, "new-identity");
    assert.deepEqual(
      explained.changes.map(({ path, impact }) => [path, impact]),
      [
        ["max_payload", "hot-reload"],
        ["max_pending", "rolling-restart"],
        ["server_name", "new-identity"],
      ],
    );
    assert.ok(explained.changes.every((change) => change.why.endsWith(" [nats-server 2.12.15]")));
  });

  const classes: readonly [name: string, from: string, to: string, impact: string, version?: string][] = [
    ["a JetStream limit that goes up", js("max_file: 1GB"), js("max_file: 2GB"), "hot-reload"],
    [
      "a JetStream limit that goes up before 2.12.7",
      js("max_file: 1GB"),
      js("max_file: 2GB"),
      "rolling-restart",
      "2.12.6",
    ],
    ["a JetStream limit that goes down", js("max_file: 2GB"), js("max_file: 1GB"), "rolling-restart"],
    ["a JetStream limit that is set", js("max_mem: 1MB"), js("max_mem: 1MB, max_file: 1GB"), "rolling-restart"],
    ["jetstream.limits", js("limits { max_ack_pending: 5 }"), js("limits { max_ack_pending: 6 }"), "hot-reload"],
    [
      "jetstream.limits before 2.15",
      js("limits { max_ack_pending: 5 }"),
      js("limits { max_ack_pending: 6 }"),
      "rolling-restart",
      "2.14.9",
    ],
    ["store_dir", js("max_mem: 1MB"), "jetstream { store_dir: /y, max_mem: 1MB }", "new-identity"],
    ["the domain", js("domain: a"), js("domain: b"), "new-identity"],
    ["JetStream with a domain", "", js("domain: a"), "rolling-restart"],
    ["JetStream", "", js("max_mem: 1MB"), "hot-reload"],
    ["a leaf remote", "", "leafnodes { remotes: [{ url: a }] }", "hot-reload", "2.14.0"],
    ["a leaf remote before 2.14", "", "leafnodes { remotes: [{ url: a }] }", "rolling-restart", "2.12.15"],
    [
      "tls of a gateway",
      "gateway { name: C, port: 1 }",
      "gateway { name: C, port: 1, tls { cert_file: a } }",
      "rolling-restart",
    ],
    [
      "tls of a gateway beside an explicit timeout",
      "gateway { name: C, port: 1, authorization { timeout: 4 } }",
      "gateway { name: C, port: 1, authorization { timeout: 4 }, tls { cert_file: a } }",
      "hot-reload",
    ],
    [
      "tls of routes",
      "cluster { name: C, port: 1 }",
      "cluster { name: C, port: 1, tls { cert_file: a } }",
      "ordered-reload",
    ],
    [
      "credentials of routes",
      "cluster { name: C, port: 1 }",
      "cluster { name: C, port: 1, authorization { user: a, password: b } }",
      "ordered-reload",
    ],
    ["the cluster's name", "cluster { name: C, port: 1 }", "cluster { name: D, port: 1 }", "full-cluster"],
    ["an operator instead of accounts", "accounts { A {} }", "operator: /o.jwt", "refused"],
    [
      "no_auth_user",
      "authorization { users: [{ user: a, password: p }] }",
      "no_auth_user: a, authorization { users: [{ user: a, password: p }] }",
      "rolling-restart",
    ],
    [
      "no_auth_user with its user",
      "no_auth_user: a, authorization { users: [{ user: a, password: p }, { user: b, password: q }] }",
      "authorization { users: [{ user: b, password: q }] }",
      "hot-reload",
    ],
    [
      "a JWT by another signer",
      `resolver_preload { A: "${jwt("O1")}" }`,
      `resolver_preload { A: "${jwt("O2")}" }`,
      "ordered-reload",
    ],
    [
      "a JWT by the same signer",
      `resolver_preload { A: "${jwt("O1")}" }`,
      `resolver_preload { A: "${jwt("O1")}x" }`,
      "hot-reload",
    ],
  ];
  for (const [name, from, to, impact, version] of classes) {
    it(`${name}: ${impact}${version ? ` (${version})` : ""}`, () =>
      assert.equal(explain(from, to, version).impact, impact));
  }

  const hazards: readonly [name: string, from: string, to: string, hazard: string, version?: string][] = [
    ["the proxies block", "", "proxies { trusted: [] }", "crashes"],
    ["syslog", "", "syslog: true", "crashes"],
    ["fewer leaf remotes on 2.12", "leafnodes { remotes: [{ url: a }] }", "", "crashes", "2.12.15"],
    ["JetStream's key", js("key: aaaa"), js("key: bbbb"), "leaks"],
    [
      "anything of a gateway with a password",
      "gateway { port: 1, authorization { user: a, password: b } }",
      "gateway { port: 2, authorization { user: a, password: b } }",
      "leaks",
    ],
    ["the first user", "", "authorization { users: [{ user: a, password: b }] }", "dropsClients"],
    ["an account that goes", "accounts { A {}, B {} }", "accounts { A {} }", "dropsClients"],
    [
      "an account with JetStream that goes",
      "accounts { A {}, B { jetstream: enabled } }",
      "accounts { A {} }",
      "unhealthy",
    ],
    ["JetStream that goes", js("max_mem: 1MB"), "", "losesMemoryStreams"],
    ["the cluster's name", "cluster { name: C, port: 1 }", "cluster { name: D, port: 1 }", "splitsCluster"],
    [
      "deny_imports before 2.14",
      "leafnodes { remotes: [{ url: a }] }",
      "leafnodes { remotes: [{ url: a, deny_imports: x }] }",
      "acceptedWithoutEffect",
      "2.12.15",
    ],
  ];
  for (const [name, from, to, hazard, version] of hazards) {
    it(`${name}: ${hazard}`, () => {
      const found: readonly string[] = explain(from, to, version).changes.flatMap((change) => change.hazards ?? []);
      assert.ok(found.includes(hazard), `found ${found.join()}`);
    });
  }

  it("shows no secret, at any depth and in URLs", () => {
    const from =
      'cluster { port: 1, routes: ["nats://u:hush-1@h:1"] }, websocket { port: 1, token: hush-9, authorization { token: hush-2 } }';
    const to = `
      authorization { token: hush-3 }
      accounts { A { users: [{ user: a, password: hush-4 }] } }
      cluster { port: 1, routes: ["nats://u:hush-5@h:1"], authorization { user: u, password: hush-6 } }
      leafnodes { remotes: [{ url: "nats-leaf://u:hush-7@h:1", nkey: hush-8 }] }
      gateway { port: 1, gateways: [{ name: D, urls: ["nats://u:hush-0@h:1"] }] }`;
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      const text = JSON.stringify(explain(a, b));
      assert.ok(!text.includes("hush"), text);
      assert.ok(text.includes("[secret]"));
    }
  });

  it("shows listen and http as they were written", () => {
    const { changes } = explain('listen: "a:4222", http: "a:1"', 'listen: "b:4333", http: "a:2"');
    assert.deepEqual(
      changes.map(({ path, from, to }) => [path, from, to]),
      [
        ["listen", "a:4222", "b:4333"],
        ["http", "a:1", "a:2"],
      ],
    );
  });
});

function jwt(issuer: string): string {
  return `e30.${Buffer.from(JSON.stringify({ iss: issuer })).toString("base64url")}.sig`;
}
