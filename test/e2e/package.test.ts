import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pulumiEnvironment } from "../../provider/tools/pulumiTools";
import { natsCli } from "../bed/natsCli";
import { NatsServer } from "../bed/natsServer";
import { npm, PackedPackage, pnpm, run, versionHere } from "../bed/packedPackage";

const node = process.execPath;

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    noEmit: true,
    types: ["node"],
    skipLibCheck: true,
  },
  include: ["*.ts", "*.mts"],
};
const program = `
import * as nats from "pulumi-nats";

const ca = new nats.CertificateAuthority("ca", { organization: "acme" });
const app = new nats.Certificate("app", { issuer: ca, usages: ["client"], validity: "90d" });
const password = new nats.Password("app");

export const caCert = ca.cert;
export const notAfter = app.notAfter;
export const appKey = app.key;
export const appPassword = password.result;
`;
const typedProgram = `
import * as nats from "pulumi-nats";
import type { handler } from "pulumi-nats/host";

const args: nats.ClusterArgs = {
  target: nats.thisMachine({ servers: 3 }),
  tls: { issuer: nats.CertificateAuthority.fromPem({ cert: "", key: "" }) },
  config: { maxPayload: "8MiB" },
};
export const cluster = (): nats.Cluster => new nats.Cluster("east", args);
export type Life = ReturnType<typeof handler>;
// @ts-expect-error: a key that nats.conf does not have
export const wrong: nats.ClusterArgs = { ...args, config: { maxPayloads: "8MiB" } };
`;

describe("the packed package, outside the repository", function () {
  this.timeout(600_000);
  let packed!: PackedPackage;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    packed = await PackedPackage.make();
    const state = path.join(packed.dir, "state");
    mkdirSync(state);
    env = {
      ...process.env,
      ...(await pulumiEnvironment()),
      PULUMI_HOME: path.join(packed.dir, "home"),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      // tsc has checked the types before.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
  });
  after(() => packed?.remove());

  it("holds what runs and nothing else", function () {
    const files = packed.files.map((file) => file.path);
    const wanted = [
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "package.json",
      "dist/components/index.js",
      "dist/components/index.d.ts",
    ];
    for (const file of [
      ...wanted,
      "dist/provider/host/entry.js",
      "dist/provider/cli/main.js",
      "provider/tools/modules/pulumi/go.sum",
    ]) {
      assert.ok(files.includes(file), `${file} is packed`);
    }
    const known =
      /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/.+\.(js|d\.ts|json)|provider\/tools\/modules\/[\w.-]+\/go\.(mod|sum))$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file) || /\.test\.|\/config\/generate|\.tsbuildinfo/.test(file)),
      [],
    );
    assert.ok(packed.size < 2_000_000, `${packed.size} bytes`);
    this.test!.title += `: ${files.length} files, ${Math.round(packed.size / 1024)} KiB`;
  });

  it("works with npm: types, both module systems, the command line, and a stack's life", async function () {
    const dir = project("with-npm", { "pulumi-nats": `file:${packed.tarball}` });
    await npm(["install"], dir);
    await typesAreFound(dir);
    this.test!.title += ` (import ${await importsWork(dir)} ms)`;
    await commandLineWorks(path.join(dir, "node_modules", ".bin", "pulumi-nats"), dir);
    await explains(path.join(dir, "node_modules", ".bin", "pulumi-nats"), dir);
    await discovers(path.join(dir, "node_modules", ".bin", "pulumi-nats"), dir);
    await stackLives(dir);
  });

  it("works with pnpm", async () => {
    const dir = project("with-pnpm", { "pulumi-nats": `file:${packed.tarball}` });
    await pnpm(["install"], dir);
    await typesAreFound(dir);
    await importsWork(dir);
    await commandLineWorks(path.join(dir, "node_modules", ".bin", "pulumi-nats"), dir);
    await stackLives(dir, false);
  });

  it("works with pnpm where only another package of the program depends on it", async () => {
    const wrapper = packed.project("platform", {
      "package.json": {
        name: "platform",
        version: "1.0.0",
        main: "index.js",
        dependencies: { "pulumi-nats": `file:${packed.tarball}` },
        peerDependencies: { "@pulumi/pulumi": "*" },
      },
      "index.js": 'exports.nats = require("pulumi-nats");\n',
      "index.d.ts": 'export * as nats from "pulumi-nats";\n',
    });
    await npm(["pack", "--pack-destination", packed.dir], wrapper);
    const dir = project(
      "through-platform",
      { platform: `file:${path.join(packed.dir, "platform-1.0.0.tgz")}` },
      {
        "index.ts": program.replace('import * as nats from "pulumi-nats"', 'import { nats } from "platform"'),
      },
    );
    await pnpm(["install"], dir);
    await assert.rejects(run(node, ["-e", 'require.resolve("pulumi-nats")'], { cwd: dir }), /Cannot find module/);
    await stackLives(dir);
  });

  function project(name: string, dependencies: Record<string, string>, files: Record<string, string> = {}): string {
    const tools = ["@pulumi/pulumi", "typescript", "ts-node", "@types/node"];
    return packed.project(name, {
      "package.json": {
        name,
        private: true,
        dependencies: { ...dependencies, ...Object.fromEntries(tools.map((tool) => [tool, versionHere(tool)])) },
      },
      "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`,
      "tsconfig.json": tsconfig,
      "index.ts": program,
      ...files,
    });
  }

  async function typesAreFound(dir: string): Promise<void> {
    const types = packed.project(`${path.basename(dir)}/types`, {
      "typed.ts": typedProgram,
      "typed.mts": typedProgram,
      "tsconfig.json": tsconfig,
    });
    await run(node, [path.join(dir, "node_modules/typescript/bin/tsc"), "-p", types]);
    const manifest = JSON.parse(readFileSync(path.join(dir, "node_modules/pulumi-nats/package.json"), "utf8")) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    for (const target of targets) readFileSync(path.join(dir, "node_modules/pulumi-nats", target));
  }

  /** Milliseconds that the import takes beside Pulumi's own. */
  async function importsWork(dir: string): Promise<string> {
    const names = "Certificate, CertificateAuthority, Cluster, Password, Provider, Stream, thisMachine";
    await run(node, ["--input-type=module", "-e", `import { ${names} } from "pulumi-nats"`], { cwd: dir });
    const timed =
      'require("@pulumi/pulumi"); const t = performance.now(); require("pulumi-nats"); console.log((performance.now() - t).toFixed(0))';
    const { stdout } = await run(node, ["-e", timed], { cwd: dir });
    return stdout.trim();
  }

  async function commandLineWorks(bin: string, dir: string): Promise<void> {
    const { stdout } = await run(bin, ["--help"], { cwd: dir });
    for (const command of ["config", "explain", "discover", "doctor"])
      assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
    assert.equal((await run(bin, ["--version"], { cwd: dir })).stdout.trim(), versionOfPackage(dir));
  }

  /** As they are typed; the whole of what is printed, since other programs read it. */
  async function explains(bin: string, dir: string): Promise<void> {
    const write = (file: string, value: object): void => writeFileSync(path.join(dir, file), JSON.stringify(value));
    const said = async (kind: string, ...more: string[]): Promise<unknown> => {
      const args = ["explain", kind, "old.json", "new.json", ...more, "--json"];
      return JSON.parse((await run(bin, args, { cwd: dir })).stdout);
    };
    const stream = { name: "ORDERS", subjects: ["orders.>"], max_msgs: -1 };
    write("old.json", stream);
    write("new.json", { config: { ...stream, max_msgs: 5, deny_purge: true } });
    assert.deepEqual(await said("stream", "--server-version", "2.12.15"), {
      serverVersion: "2.12.15",
      impact: "one-way",
      changes: [
        {
          path: "max_msgs",
          from: -1,
          to: 5,
          impact: "update",
          losesMessages: true,
          redelivers: false,
          why: 'changes in place; what is beyond a lower limit is deleted at once, oldest first (with discard "new" it stays); may delete messages',
        },
        {
          path: "deny_purge",
          from: false,
          to: true,
          impact: "one-way",
          losesMessages: false,
          redelivers: false,
          why: "the stream can't be purged any more; it can't be undone",
        },
      ],
    });
    const consumer = { durable_name: "workers", ack_policy: "explicit" };
    write("old.json", consumer);
    write("new.json", { ...consumer, max_waiting: 10 });
    assert.deepEqual(await said("consumer", "--server-version", "2.14.9"), {
      serverVersion: "2.14.9",
      impact: "replace",
      changes: [
        {
          path: "max_waiting",
          from: 512,
          to: 10,
          impact: "replace",
          losesMessages: false,
          redelivers: true,
          why: "the server refuses to change it (10012); replaces the consumer; resumes at its acknowledged floor where that can be, and redelivers what is not acknowledged",
        },
      ],
    });
    await assert.rejects(
      run(bin, ["explain", "consumer", "old.json", "gone.json"], { cwd: dir }),
      /ended with 1:\n\npulumi-nats: .*gone\.json/,
    );
  }

  async function discovers(bin: string, dir: string): Promise<void> {
    const server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
    try {
      await natsCli(server.url, "stream", "add", "ORDERS", "--subjects=orders.>", "--defaults");
      const args = ["discover", "--server", server.url, "--out", "found"];
      const { stdout, stderr } = await run(bin, args, { cwd: dir });
      assert.match(stdout, /^1 stream and 0 consumers written to .*found\. To take them into a stack:\n/);
      assert.equal(stderr, "");
      const text = readFileSync(path.join(dir, "found", "index.ts"), "utf8");
      assert.match(text, /new nats\.Stream\("ORDERS", \{\n {2}subjects: \["orders\.>"\],/);
      await assert.rejects(
        run(bin, args, { cwd: dir }),
        /ended with 1:\n\npulumi-nats: .*found holds index\.ts and import/,
      );
    } finally {
      await server.stop();
    }
  }

  function versionOfPackage(dir: string): string {
    return (
      JSON.parse(readFileSync(path.join(dir, "node_modules/pulumi-nats/package.json"), "utf8")) as { version: string }
    ).version;
  }

  /** All of its life, or no more than its beginning and its end. */
  async function stackLives(dir: string, isWhole = true): Promise<void> {
    const pulumi = async (...args: string[]): Promise<string> => {
      const result = await run("pulumi", [...args, "--non-interactive", "--color=never"], { cwd: dir, env });
      return result.stdout;
    };
    await pulumi("stack", "init", "test");
    if (isWhole) assert.match(await pulumi("preview"), /\+ 4 to create/);
    await pulumi("up", "--yes", "--skip-preview");
    if (isWhole) {
      assert.match(await pulumi("preview", "--expect-no-changes"), /4 unchanged/);
      assert.match(await pulumi("refresh", "--yes", "--skip-preview"), /4 unchanged/);
      const outputs = JSON.parse(await pulumi("stack", "output", "--json", "--show-secrets")) as Record<string, string>;
      assert.match(outputs["appKey"]!, /^-----BEGIN PRIVATE KEY-----/);
      const state = await pulumi("stack", "export");
      assert.doesNotMatch(state, /PRIVATE KEY/);
      assert.ok(!state.includes(outputs["appPassword"]!), "the password is not in the state in plain");
    }
    assert.match(await pulumi("destroy", "--yes", "--skip-preview"), /- 4 deleted/);
  }
});
