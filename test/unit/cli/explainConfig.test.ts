import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explainConfigFiles } from "../../../provider/cli/explainConfig";

describe("pulumi-nats explain config", () => {
  let dir: string;
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-explain-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const file = (name: string, text: string): string => {
    const full = path.join(dir, name);
    writeFileSync(full, text);
    return full;
  };
  const run = (from: string, to: string, options: { json?: boolean; serverVersion?: string } = {}): string =>
    explainConfigFiles(file("old.conf", from), file("new.conf", to), { serverVersion: "2.15.2", ...options });

  it("prints JSON of exactly the documented members, null for what is absent", () => {
    assert.deepEqual(JSON.parse(run("port: 4222", "port: 4222, proxies { trusted: [] }", { json: true })), {
      serverVersion: "2.15.2",
      impact: "rolling-restart",
      changes: [
        {
          path: "proxies",
          from: null,
          to: { trusted: [] },
          impact: "rolling-restart",
          why: "a reload that adds or removes the whole proxies block crashes the server; write proxies { trusted: [] } from the start to change it by reload [nats-server 2.15.2]",
        },
      ],
    });
  });

  it("prints a table, the impact first and the costly rows before the others", () => {
    assert.equal(
      run("max_payload: 1MB", "max_payload: 2MB, max_pending: 32MB"),
      [
        "rolling-restart (nats-server 2.15.2)",
        "",
        "rolling-restart  max_pending: added 33554432",
        "                 a reload refuses it [nats-server 2.15.2]",
        "hot-reload       max_payload: 1048576 -> 2097152",
        "                 taken by a reload. Applied to live clients; oversize publishers get disconnected [nats-server 2.15.2]",
        "",
      ].join("\n"),
    );
  });

  it("resolves includes and variables of the environment", () => {
    file("limits.conf", "max_payload: $EXPLAIN_SIZE");
    process.env["EXPLAIN_SIZE"] = "2MB";
    try {
      const { impact } = JSON.parse(run("max_payload: 2MB", 'include "./limits.conf"', { json: true })) as {
        impact: string;
      };
      assert.equal(impact, "none");
    } finally {
      delete process.env["EXPLAIN_SIZE"];
    }
  });

  it("takes a defined variable for no change", () => {
    assert.match(run("max_payload: 2MB", "SIZE: 2MB\nmax_payload: $SIZE"), /^none .*\nnothing changes in effect\n$/);
  });

  it("throws all that the server would refuse, with the file", () => {
    assert.throws(() => run("port: 4222", "prt: 4222\nmax_payload: []"), /new\.conf:[^]*prt[^]*max_payload/);
    assert.throws(() => run("port: 4222", "listen: ["), /new\.conf:.*never closed/);
    assert.throws(
      () => explainConfigFiles(path.join(dir, "none"), path.join(dir, "none"), { serverVersion: "2.15.2" }),
      /none: there is no such file/,
    );
    assert.throws(
      () => run("port: 4222", "port: 4222", { serverVersion: "new" }),
      /--server-version new is no release of nats-server. Fix: --server-version 2.15.2/,
    );
  });
});
