import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configCheck } from "../../../provider/cli/configCheck";
import { configConvert } from "../../../provider/cli/configConvert";
import { parseConf } from "../../../provider/conf/parser";
import { problemText } from "../../../provider/errors";
import { checkConf } from "../../../provider/model/config/checkConf";

/** What is said of a text, one line a problem. */
function told(text: string, serverVersion?: string): string[] {
  return checkConf(parseConf(text), serverVersion ? { serverVersion } : {}).map(
    (problem) => `${problem.severity ?? "error"} ${problem.path}: ${problemText(problem)}`,
  );
}

describe("checkConf", () => {
  it("knows where a user needs no password", () => {
    const accounts = "accounts { A { users: [{ user: a }, { user: b, password: p }] } }";
    assert.deepEqual(told(`no_auth_user: a\n${accounts}`), []);
    assert.deepEqual(told("max_connections: -1"), []);
  });

  const cases: readonly [string, string][] = [
    ["max_conections: 10", 'error max_conections: unknown field "max_conections". Fix: max_connections'],
    [
      "ping_interval: 30",
      'error ping_interval: 30 has no unit: the server reads it as seconds, with a warning. Fix: "30s"',
    ],
    [
      "lame_duck_duration: 60",
      'error lame_duck_duration: 60 has no unit: the server reads it as seconds, with a warning. Fix: "60s"',
    ],
    ["max_connections: -4", "error max_connections: -4 is less than nothing; -1 is no limit. Fix: -1, or a limit"],
    ['write_deadline: "-1s"', 'error write_deadline: "-1s" is less than nothing. Fix: "1s"'],
    [
      "accounts { A { users: [{ user: a }] } }",
      'warning accounts.A.users[0]: the user "a" has no password: whoever says that name is let in. Fix: password, or no_auth_user: "a" where that is meant',
    ],
    ['max_payload: "1MB"', "error max_payload: text stands where a size is expected. Fix: 1MB"],
    [
      'jetstream { max_file: "10GB" }',
      'error jetstream.max_file: "10GB" is not a size that the server reads in quotes (K, M, G, T). Fix: 10GB',
    ],
    [
      "authorization { user: u, password: 12345 }",
      'error authorization.password: the number 12345 stands where text is expected. Fix: "12345"',
    ],
    [
      "authorization { user: u, password: p, timeout: 60000000 }",
      'error authorization.timeout: 60000000 seconds is more than a minute, which the server warns of. Fix: "60m"',
    ],
    [
      "max_connections: 0",
      "error max_connections: 0 lets no client in; it does not mean unlimited. Fix: leave it out, or a number",
    ],
    [
      'cluster { routes: ["nats://h:1"] }',
      "error cluster.routes: there are routes but no cluster.port: the server starts outside of any cluster, without a word. Fix: port: 6222",
    ],
    [
      'mqtt { authorization { user: a, password: b, timeout: "5s" } }',
      "error mqtt.authorization.timeout: is not a number of seconds: the server takes 1 second instead, without a word. Fix: 5",
    ],
    [
      "max_conn: 5\nmax_connections: 6",
      "error max_connections: max_connections and max_conn are one key in two spellings: the server takes either, by chance. Fix: max_connections alone",
    ],
    [
      "port: 1\nPort: 2",
      "error Port: Port and port are one key in two spellings: the server takes either, by chance. Fix: port alone",
    ],
    [
      'jetstream { max_file_store: "10G" }',
      'warning jetstream.max_file_store: "10G" in quotes counts in 1024s, without them in 1000s. Fix: 10GB',
    ],
    [
      "accounts { A { users: [ { user: x, password: y } ] }, B { users: [ { user: x, password: z } ] } }",
      'error accounts.B.users[0]: the user "x" is at accounts.A.users[0] too: a name is for one user of one account',
    ],
    ['tls { cert_file: "a.pem" }', "error tls.cert_file: has no key_file beside it. Fix: key_file"],
    [
      'accounts { A {}, B { imports: [ { stream { account: A, subject: "x" } } ] } }',
      'error accounts.B.imports[0]: the account "A" exports no stream "x" to "B"',
    ],
  ];
  for (const [text, line] of cases)
    it(`says of ${text.replaceAll("\n", " ; ")}: ${line}`, () => assert.deepEqual(told(text), [line]));

  it("knows which version a key needs", () => {
    assert.deepEqual(told('leafnodes { dial_timeout: "1s" }', "2.12.15"), [
      "error leafnodes.dial_timeout: dial_timeout needs nats-server >= 2.14.5, and this one is 2.12.15. Fix: a server of 2.14.5 or later",
    ]);
    assert.deepEqual(told('leafnodes { dial_timeout: "1s" }', "2.15.2"), []);
  });

  it("takes the definition of a variable that is used, and no other", () => {
    assert.deepEqual(told("NAME: a\nserver_name: $NAME"), []);
    assert.deepEqual(told("NAME: a\nserver_name: b"), ['error NAME: unknown field "NAME"']);
  });

  it("shows no secret", () => {
    const text =
      'authorization { users: [ { user: a, password: "s3cr3t" }, { user: a, password: "s3cr3t" } ], token: "s3cr3t" }\nleafnodes { remotes: [ { url: "nats://u:s3cr3t@a b:1", nkey: "s3cr3t" } ] }';
    const lines = told(text);
    assert.equal(lines.length, 4, lines.join("\n"));
    assert.ok(!lines.join("\n").includes("s3cr3t"));
  });
});

describe("config check and convert", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-check-"));
  const file = path.join(dir, "nats.conf");
  after(() => rmSync(dir, { recursive: true }));

  it("prints file, line and column, all at once", () => {
    writeFileSync(file, 'port: 4222\ncluster {\n  name: "a b"\n  prot: 1\n}\n');
    const { text, ok } = configCheck(file, { serverVersion: "2.15.2" });
    assert.equal(ok, false);
    assert.equal(
      text,
      `${file}:3:3: error: cluster.name: "a b" has a space, which a name can't have. Fix: "a-b"\n` +
        `${file}:4:3: error: cluster.prot: unknown field "prot". Fix: port\n` +
        `${file} is refused by nats-server 2.15.2\n`,
    );
  });

  it("prints JSON", () => {
    writeFileSync(file, "max_connections: 0\n");
    const report = JSON.parse(configCheck(file, { serverVersion: "v2.15.2", json: true }).text) as {
      ok: boolean;
      problems: unknown[];
    };
    assert.equal(report.ok, false);
    assert.deepEqual(report.problems, [
      {
        severity: "error",
        file,
        line: 1,
        column: 1,
        path: "max_connections",
        reason: "0 lets no client in; it does not mean unlimited",
        fix: "leave it out, or a number",
      },
    ]);
  });

  it("warns of secrets in what it prints, and masks them", () => {
    writeFileSync(file, 'authorization { user: u, pass: "s3cr3t" }\n');
    const open = configConvert(file);
    assert.match(open.source, /s3cr3t/);
    assert.match(open.notes[0]!, /holds secrets/);
    const masked = configConvert(file, { mask: true });
    assert.ok(!masked.source.includes("s3cr3t"));
    assert.deepEqual(masked.notes, [
      "// authorization.pass: is another spelling of password: kept verbatim, because the digest sees it",
    ]);
  });
});
