import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Finding } from "../../provider/cli/doctorFindings";

const root = path.resolve(__dirname, "../..");

interface Report {
  readonly ok: boolean;
  readonly cache: string;
  readonly findings: readonly Finding[];
}

describe("pulumi-nats doctor", function () {
  this.timeout(240_000);
  let dir: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(path.join(tmpdir(), "pulumi-nats-doctor-")));
    mkdirSync(path.join(dir, "bin"));
    mkdirSync(path.join(dir, "program"));
    symlinkSync(process.execPath, path.join(dir, "bin", "node"));
    env = { ...process.env, PATH: path.join(dir, "bin"), XDG_CACHE_HOME: path.join(dir, "cache") };
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function doctor(...options: string[]): Promise<{ code: number; out: string }> {
    const program = ["-r", path.join(root, "node_modules/ts-node/register"), path.join(root, "provider/cli/main.ts")];
    const cwd = path.join(dir, "program");
    const project = { TS_NODE_PROJECT: path.join(root, "tsconfig.json") };
    return promisify(execFile)(process.execPath, [...program, "doctor", ...options], {
      cwd,
      env: { ...env, ...project },
    }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, out: stdout }),
    );
  }

  function onPath(name: string, says: string): void {
    writeFileSync(path.join(dir, "bin", name), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  }

  function installed(name: string, content: object, ...files: string[]): void {
    const folder = path.join(dir, "program", "node_modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify(content));
    for (const file of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), "");
    }
  }

  it("names all that is missing on a bare machine, with what to type, and ends with 1", async () => {
    const { code, out } = await doctor("--json");
    const report = JSON.parse(out) as Report;
    assert.deepEqual([code, report.ok], [1, false]);
    assert.equal(report.cache, path.join(dir, "cache", "pulumi-nats", "tools"));
    const program = path.join(dir, "program");
    const pulumi = "install Pulumi 3.216.0 or newer: https://www.pulumi.com/docs/install";
    assert.deepEqual(
      report.findings.filter(({ ok, optional }) => !ok && !optional),
      [
        { name: "npm", ok: false, problem: "not on PATH", fix: "install Node with npm: https://nodejs.org" },
        { name: "pulumi", ok: false, problem: "not on PATH", fix: pulumi },
        { name: "pulumi-language-nodejs", ok: false, problem: "not on PATH", fix: pulumi },
        { name: "pulumi-resource-pulumi-nodejs", ok: false, problem: "not on PATH", fix: pulumi },
        { name: "@pulumi/pulumi", ok: false, problem: `not in ${program}`, fix: "npm install @pulumi/pulumi" },
        { name: "pulumi-nats", ok: false, problem: `not in ${program}`, fix: "npm install pulumi-nats" },
      ],
    );
    const optional = report.findings.filter(({ ok, optional }) => !ok && optional).map(({ name }) => name);
    assert.deepEqual(optional, ["go", "nats-server", "nats", "@pulumi/kubernetes"]);
    const text = await doctor();
    assert.equal(text.code, 1);
    const missing = "npm, pulumi, pulumi-language-nodejs, pulumi-resource-pulumi-nodejs, @pulumi/pulumi, pulumi-nats";
    assert.ok(text.out.endsWith(`\nMissing: ${missing}.\n`), text.out);
  });

  it("ends with 0 where all is there, with versions and places", async () => {
    onPath("npm", "11.1.0");
    onPath("go", "go version go1.26.1 linux/amd64");
    onPath("pulumi", "v3.220.1");
    onPath("pulumi-language-nodejs", "");
    onPath("pulumi-resource-pulumi-nodejs", "");
    onPath("nats-server", "nats-server: v2.15.2");
    onPath("nats", "0.3.0");
    installed("@pulumi/pulumi", { version: "3.216.0", engines: { node: ">=20" } });
    installed("@pulumi/kubernetes", { version: "4.26.0" });
    installed("pulumi-nats", { version: "0.1.0" }, "dist/provider/host/entry.js");
    const { code, out } = await doctor("--json");
    const report = JSON.parse(out) as Report;
    assert.deepEqual([code, report.ok], [0, true], out);
    const versions = Object.fromEntries(report.findings.map(({ name, version }) => [name, version]));
    assert.deepEqual(versions, {
      node: process.versions.node,
      npm: "11.1.0",
      go: "1.26.1",
      "nats-server": "2.15.2",
      nats: "0.3.0",
      pulumi: "3.220.1",
      "pulumi-language-nodejs": undefined,
      "pulumi-resource-pulumi-nodejs": undefined,
      "@pulumi/pulumi": "3.216.0",
      "@pulumi/kubernetes": "4.26.0",
      "pulumi-nats": "0.1.0",
    });
    assert.equal(report.findings.find(({ name }) => name === "pulumi")!.from, path.join(dir, "bin", "pulumi"));
  });

  it("says what is too old, and what has not been built", async () => {
    onPath("npm", "11.1.0");
    onPath("pulumi", "v3.100.0");
    installed("@pulumi/pulumi", { version: "3.150.0", engines: { node: ">=99" } });
    installed("@pulumi/kubernetes", { version: "4.2.0" });
    installed("pulumi-nats", { version: "0.1.0" }, "tsconfig.build.json");
    const { code, out } = await doctor();
    assert.equal(code, 1);
    const modules = path.join(dir, "program", "node_modules");
    const lines = out.split("\n").map((line) => line.trim().replaceAll(/ +/g, " "));
    for (const line of [
      "the installed @pulumi/pulumi asks for node >=99",
      "Fix: install Node 99 or newer: https://nodejs.org",
      `MISSING pulumi ${path.join(dir, "bin", "pulumi")} is 3.100.0`,
      `MISSING @pulumi/pulumi 3.150.0 ${path.join(modules, "@pulumi/pulumi")}`,
      "pulumi-nats needs >=3.216.0 <4",
      "Fix: npm install @pulumi/pulumi@^3.216.0",
      `MISSING @pulumi/kubernetes 4.2.0 ${path.join(modules, "@pulumi/kubernetes")}`,
      "Fix: npm install @pulumi/kubernetes@^4.26.0",
      "dist/ is missing",
      `Fix: npm run build (in ${path.join(modules, "pulumi-nats")})`,
    ]) {
      assert.ok(lines.includes(line), `${line}\n--- is not in\n${out}`);
    }
  });

  it("says how to get what the cache has onto PATH", async () => {
    const folder = path.join(dir, "cache", "pulumi-nats", "tools", "pulumi-3.250.0");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "pulumi"), "", { mode: 0o755 });
    const { out } = await doctor("--json");
    const found = (JSON.parse(out) as Report).findings.find(({ name }) => name === "pulumi");
    assert.deepEqual(found, {
      name: "pulumi",
      version: "3.250.0",
      from: path.join(folder, "pulumi"),
      ok: false,
      optional: true,
      problem: "not on PATH, only in the cache",
      fix: `export PATH="${folder}:$PATH"`,
    });
    const { PATH } = env;
    env["PATH"] = `${folder}${path.delimiter}${PATH}`;
    const after = (JSON.parse((await doctor("--json")).out) as Report).findings.find(({ name }) => name === "pulumi");
    env["PATH"] = PATH;
    assert.deepEqual(after, { name: "pulumi", version: "3.250.0", from: path.join(folder, "pulumi"), ok: true });
  });

  it("documents its JSON in its help", async () => {
    const { code, out } = await doctor("--help");
    assert.equal(code, 0);
    assert.match(out, /JSON: \{"ok": boolean, "cache": path, "findings": \[/);
  });
});
