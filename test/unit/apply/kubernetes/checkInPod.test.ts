import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkLines, checkScript } from "../../../../provider/apply/kubernetes/checkInPod";

const files = {
  "nats.conf": { content: "port: 4222\n", mode: 0o644 },
  "secrets.conf": { content: 'PASSWORD: "a \\ b"', mode: 0o600 },
  "tls/server.key": { content: "", mode: 0o600 },
};

/** Linux has the shared memory that pods have. */
(process.platform === "linux" ? describe : describe.skip)("The check in a pod", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-check-"));
  after(() => rmSync(folder, { recursive: true }));

  /** With a nats-server that says what it sees, and what the test tells it to do. */
  function check(ending: string, input = checkLines(files)): { said: string; status: number | null; seen: string } {
    const seen = path.join(folder, "seen");
    const server = path.join(folder, "nats-server");
    const look = `find . -printf '%P %m\\n' | sort; od -An -c current/nats.conf current/secrets.conf; pwd`;
    writeFileSync(server, `#!/bin/sh\n{ echo "$*"; ${look}; } > "${seen}"\n${ending}\n`);
    chmodSync(server, 0o755);
    const env = { PATH: `${folder}:${process.env["PATH"]}` };
    const { stdout, status } = spawnSync("sh", ["-c", checkScript], { input, env, encoding: "utf8" });
    return { said: stdout, status, seen: readFileSync(seen, "utf8") };
  }

  it("gives the files to the server as they are, for its eyes alone, and leaves none of them", () => {
    const { said, status, seen } = check("exit 0");
    assert.deepEqual([said, status], ["valid\n", 0]);
    const [args, ...lines] = seen.trimEnd().split("\n");
    assert.equal(args, "-t -c current/nats.conf");
    assert.deepEqual(lines.slice(0, 6), [
      " 700",
      "current 700",
      "current/nats.conf 600",
      "current/secrets.conf 600",
      "current/tls 700",
      "current/tls/server.key 600",
    ]);
    assert.equal(lines.slice(6, -1).join("").replace(/\s+/g, ""), String.raw`port:4222\nPASSWORD:"a\b"`);
    assert.match(lines.at(-1)!, /^\/dev\/shm\/nats-check-\w{6}$/);
    assert.ok(!readdirSync("/dev/shm").includes(path.basename(lines.at(-1)!)));
  });

  it("takes the server's no for one, and nothing else", () => {
    assert.deepEqual(check("printf '%s\\n' 'nats.conf:1:1: \\no'; exit 1").said, "refused\nnats.conf:1:1: \\no\n");
    const killed = check("echo out of memory; exit 137");
    assert.deepEqual([killed.said, killed.status], ["out of memory\n", 137]);
  });

  it("asks nothing about files that did not come whole", () => {
    const whole = check("exit 0").seen;
    const cut = check("exit 1", checkLines(files).slice(0, -2));
    assert.deepEqual([cut.said, cut.status, cut.seen], ["", 2, whole]);
  });
});
