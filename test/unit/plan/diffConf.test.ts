import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";
import { diffConf } from "../../../provider/plan/diffConf";

const paths = (from: string, to: string): string[] =>
  diffConf(parseConf(from).root, parseConf(to).root).differences.map((difference) => difference.path);

describe("diffConf", () => {
  const same: readonly [name: string, from: string, to: string][] = [
    ["order, separators, comments", "debug: true\ntrace = false # x", "trace no;debug on"],
    ["aliases and cases of keys", "MAX_CONN: 5", "max_connections: 5"],
    ["spellings of a duration", 'ping_interval: "2m"', 'ping_interval: "120s"'],
    ["a size in text", "max_payload: 1MB", 'max_payload: "1MB"'],
    ["explicit defaults", "", 'max_payload: 1MB, ping_interval: "2m", debug: false, http_port: 0'],
    ["listen in two keys", 'listen: "10.0.0.1:4222"', "host: 10.0.0.1\nport: 4222"],
    ["http in two keys", 'host: 10.0.0.1, http: "10.0.0.1:8222"', "host: 10.0.0.1, http_port: 8222"],
    ["sets", "cluster { routes: [a, b] }", "cluster { routes: [b, a] }"],
    [
      "users in another order",
      "authorization { users: [{ user: a, password: x }, { nkey: UA }] }",
      "authorization { users: [{ nkey: UA }, { username: a, pass: x }] }",
    ],
    ["accounts as a list", "accounts: [A, B]", "accounts { B {}, A {} }"],
    [
      "a subject or a list of it",
      "authorization { users: [{ user: a, permissions { pub: x } }] }",
      "authorization { users: [{ user: a, permissions { publish { allow: [x] } } }] }",
    ],
    [
      "compression as a word or a block",
      "cluster { port: 1, compression: s2_fast }",
      "cluster { port: 1, compression { mode: s2_fast } }",
    ],
    ["jetstream as a word or a block", "jetstream: enabled", "jetstream {}"],
    ["store_dir beside or in jetstream", "store_dir: /x, jetstream {}", "jetstream { store_dir: /x }"],
    ["one url or a list of it", "leafnodes { remotes: [{ url: a }] }", "leafnodes { remotes: [{ urls: [a] }] }"],
    [
      "the global account spelled out",
      "leafnodes { remotes: [{ url: a }] }",
      'leafnodes { remotes: [{ url: a, account: "$G" }] }',
    ],
    ["an empty list", "", "leafnodes { remotes: [] }"],
  ];
  for (const [name, from, to] of same) {
    it(`sees no difference in ${name}`, () => {
      assert.deepEqual(paths(from, to), []);
      assert.deepEqual(paths(to, from), []);
    });
  }

  const different: readonly [name: string, from: string, to: string, paths: readonly string[]][] = [
    [
      "a password among users",
      "accounts { A { users: [{ user: a, password: x }, { user: b, password: x }] } }",
      "accounts { A { users: [{ user: b, password: y }, { user: a, password: x }] } }",
      ["accounts.A.users[0].password"],
    ],
    [
      "a new user",
      "authorization { users: [{ user: a }] }",
      "authorization { users: [{ user: b }, { user: a }] }",
      ["authorization.users[0]"],
    ],
    ["an account that came and one that went", "accounts { A {} }", "accounts { B {} }", ["accounts.A", "accounts.B"]],
    ["a block that came", "", "tls { cert_file: a, key_file: b }", ["tls"]],
    [
      "the order of a gateway's urls, which a server minds",
      "gateway { gateways: [{ name: D, urls: [a, b] }] }",
      "gateway { gateways: [{ name: D, urls: [b, a] }] }",
      ["gateway.gateways[0].urls"],
    ],
    [
      "a gateway found by its name",
      "gateway { gateways: [{ name: D, url: a }, { name: E, url: b }] }",
      "gateway { gateways: [{ name: E, url: c }, { name: D, url: a }] }",
      ["gateway.gateways[0].urls"],
    ],
    [
      "a remote that is another one now",
      "leafnodes { remotes: [{ url: a }, { url: b, hub: true }] }",
      "leafnodes { remotes: [{ url: b, hub: true }, { url: c }] }",
      ["leafnodes.remotes[1]"],
    ],
    [
      "a member of a remote",
      "leafnodes { remotes: [{ url: a }] }",
      "leafnodes { remotes: [{ url: a, hub: true }] }",
      ["leafnodes.remotes[0].hub"],
    ],
    ["a subject with dots", 'mappings { "a.b": c }', 'mappings { "a.b": d }', ['mappings."a.b"']],
  ];
  for (const [name, from, to, expected] of different) {
    it(`sees ${name}`, () => assert.deepEqual(paths(from, to), expected));
  }
});
