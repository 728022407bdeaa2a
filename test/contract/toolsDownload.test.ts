import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ReleaseServer, sha256, tarGz } from "../bed/releaseServer";
import { findTool } from "../../provider/tools/findTool";
import { sourcesOf } from "../../provider/tools/toolSources";
import type { ArchiveSource, ToolName } from "../../provider/tools/toolSources";

const root = path.resolve(__dirname, "../..");
const version = "2.15.2";
const archiveOf = (name: ToolName, wanted: string): ArchiveSource =>
  sourcesOf(name, wanted).find((source) => source.kind === "archive")!;
const source = archiveOf("nats-server", version);
const archiveName = path.posix.basename(source.archive);
const server = "#!/bin/sh\necho nats-server: v2.15.2\n";

/** What asking for a tool gives: its path, or the error as a user sees it. */
async function find(releases: ReleaseServer, name: ToolName = "nats-server", wanted = version): Promise<string> {
  const before = { ...process.env };
  const write = process.stderr.write.bind(process.stderr);
  Object.assign(process.env, releases.env);
  process.stderr.write = () => true;
  try {
    return await findTool(name, wanted);
  } catch (error) {
    return String(error);
  } finally {
    process.stderr.write = write;
    for (const key of Object.keys(releases.env)) delete process.env[key];
    Object.assign(process.env, before);
  }
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A process of its own that asks for a tool, as every program does. */
async function findApart(releases: ReleaseServer): Promise<Ended> {
  const program = `require("./provider/tools/findTool").findTool("nats-server", "${version}")
    .then((file) => console.log(file), (error) => { console.log(error.name + ": " + error.message); process.exitCode = 1; })`;
  const options = { cwd: root, env: { ...process.env, ...releases.env } };
  return promisify(execFile)(process.execPath, ["-r", "ts-node/register", "-e", program], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout.trim(), err: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout.trim(),
      err: stderr,
    }),
  );
}

describe("a tool from an official release", function () {
  this.timeout(180_000);
  let releases: ReleaseServer;
  let archive: Buffer;
  const cached = (): string => path.join(releases.cache, `nats-server-${version}`, "nats-server");
  /** What is left in the cache, without notes that start with a dot and are no tool. */
  const left = (): string[] =>
    existsSync(releases.cache)
      ? readdirSync(releases.cache).filter((name) => !/^\.(unreachable|versions)/.test(name))
      : [];

  before(async () => (archive = await tarGz({ [source.members[0]!]: server, "other/README.md": "text" })));
  beforeEach(async () => {
    releases = await ReleaseServer.start();
    releases.answer(source.archive, archive);
    releases.answer(source.checksums, `${"0".repeat(64)}  other.zip\n${sha256(archive)}  ${archiveName}\n`);
  });
  afterEach(() => releases.stop());

  it("is verified, kept in the cache, and not asked for again", async () => {
    const first = await findApart(releases);
    assert.deepEqual([first.code, first.out], [0, cached()]);
    assert.equal(readFileSync(cached(), "utf8"), server);
    assert.equal(statSync(cached()).mode & 0o777, 0o755);
    assert.deepEqual(releases.requests, [source.checksums, source.archive]);
    assert.match(first.err, /^pulumi-nats: fetching nats-server 2\.15\.2 \(from the official release\) …\n/);
    assert.match(first.err, /fetching nats-server 2\.15\.2 \(from the official release\): done after \d+ s\n$/);
    const second = await findApart(releases);
    assert.deepEqual(second, { code: 0, out: cached(), err: "" });
    assert.equal(releases.requests.length, 2);
    assert.deepEqual(left(), [`nats-server-${version}`]);
  });

  it("is had through a redirect, as releases are", async () => {
    releases.answer(source.archive, (response) => response.writeHead(302, { location: "/storage/1" }).end());
    releases.answer("storage/1", archive);
    assert.equal(await find(releases), cached());
    assert.equal(readFileSync(cached(), "utf8"), server);
  });

  it("comes with what lies beside it, for Pulumi", async () => {
    const pulumi = archiveOf("pulumi", "3.250.0");
    const packed = await tarGz(Object.fromEntries(pulumi.members.map((member) => [member, `${member}\n`])));
    releases.answer(pulumi.archive, packed);
    releases.answer(pulumi.checksums, `${sha256(packed)}  ${path.posix.basename(pulumi.archive)}\n`);
    const folder = path.join(releases.cache, "pulumi-3.250.0");
    assert.equal(await find(releases, "pulumi", "3.250.0"), path.join(folder, "pulumi"));
    assert.deepEqual(readdirSync(folder).sort(), ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    const host = await find(releases, "pulumi-language-nodejs", "3.250.0");
    assert.equal(host, path.join(folder, "pulumi-language-nodejs"));
    assert.equal(releases.requests.length, 2);
  });

  it("comes from a zip too, as the nats CLI does", async () => {
    const nats = archiveOf("nats", "0.4.0");
    const { zipSync, strToU8 } = await import("fflate");
    const packed = Buffer.from(
      zipSync({ [nats.members[0]!]: strToU8("#!/bin/sh\necho 0.4.0\n"), "README.md": strToU8("") }),
    );
    releases.answer(nats.archive, packed);
    releases.answer(nats.checksums, `${sha256(packed)}  ${path.posix.basename(nats.archive)}\n`);
    const out = await find(releases, "nats", "0.4.0");
    assert.equal(out, path.join(releases.cache, "nats-0.4.0", "nats"));
    assert.equal((await promisify(execFile)(out)).stdout, "0.4.0\n");
  });

  const refused: Record<string, { prepare: (releases: ReleaseServer) => void; says: RegExp }> = {
    "whose checksum is another": {
      prepare: (r) => r.answer(source.checksums, `${"a".repeat(64)}  ${archiveName}\n`),
      says: /official release: http\S+\.tar\.gz has sha256 [0-9a-f]{64}, but the release publishes a{64}: it is not used/,
    },
    "that the list of checksums does not name": {
      prepare: (r) => r.answer(source.checksums, `${"a".repeat(64)}  other-${archiveName}\n`),
      says: /SHA256SUMS has no checksum for nats-server-v2\.15\.2\S+\.tar\.gz: nothing is used that can't be verified/,
    },
    "that publishes no checksums": {
      prepare: (r) => r.answer(source.checksums, (response) => response.writeHead(404).end()),
      says: /SHA256SUMS answers 404/,
    },
    "that is not there": {
      prepare: (r) => r.answer(source.archive, (response) => response.writeHead(404).end()),
      says: /\.tar\.gz answers 404/,
    },
    "that breaks off": {
      prepare: (r) =>
        r.answer(source.archive, (response) => {
          response.writeHead(200, { "content-length": archive.length });
          response.write(archive.subarray(0, 40), () => response.destroy());
        }),
      says: /\.tar\.gz: (the transfer broke off|other side closed)/,
    },
    "that ends early without a word": {
      prepare: (r) => r.answer(source.archive, archive.subarray(0, 40)),
      says: /has sha256 [0-9a-f]{64}, but the release publishes/,
    },
  };
  for (const [which, { prepare, says }] of Object.entries(refused)) {
    it(`${which} is refused, and nothing is installed`, async () => {
      prepare(releases);
      const out = await find(releases);
      assert.match(out, /^NatsError: nats-server 2\.15\.2 is not to be had\. Tried:\n {2}- PATH: no nats-server\n/);
      assert.match(out, says);
      assert.match(out, /\n {2}- Go module proxy: go is not on PATH\n/);
      assert.match(out, /\nFix: install nats-server 2\.15\.2 and put it on PATH, or install Go /);
      assert.deepEqual(left(), []);
    });
  }

  it("without the file in its archive is refused, and nothing is installed", async () => {
    const wrong = await tarGz({ "nats-server-v9/README.md": "text" });
    releases.answer(source.archive, wrong);
    releases.answer(source.checksums, `${sha256(wrong)}  ${archiveName}\n`);
    const out = await find(releases);
    assert.match(out, /\.tar\.gz holds no file nats-server-v2\.15\.2-\S+\/nats-server/);
    assert.deepEqual(left(), []);
  });

  it("is not asked for twice at a host that is out of reach", async () => {
    const { env, base } = releases;
    await releases.stop();
    const gone = { env, base } as ReleaseServer;
    const first = await find(gone);
    assert.match(first, /SHA256SUMS: connect ECONNREFUSED 127\.0\.0\.1/);
    const started = Date.now();
    const second = await find(gone, "nats", "0.4.0");
    assert.match(second, new RegExp(`official release: ${base} could not be reached a few minutes ago`));
    assert.ok(Date.now() - started < 5_000);
    releases = await ReleaseServer.start();
  });

  it("is given up at a host that says nothing", async () => {
    releases.answer(source.checksums, () => undefined);
    const started = Date.now();
    const out = await find(releases);
    assert.match(out, /SHA256SUMS: no answer in 5 s/);
    assert.ok(Date.now() - started < 60_000);
  });

  it("is fetched once by two that want it at the same time", async () => {
    releases.answer(source.archive, (response) => void setTimeout(() => response.writeHead(200).end(archive), 1_000));
    const both = await Promise.all([findApart(releases), findApart(releases)]);
    assert.deepEqual(
      both.map(({ out }) => out),
      [cached(), cached()],
    );
    assert.equal(releases.requests.filter((url) => url === source.archive).length, 1);
    assert.deepEqual(left(), [`nats-server-${version}`]);
  });

  it("whose fetching is killed half way leaves nothing installed, and the next one takes over", async () => {
    const asked = new Promise<void>((resolve) =>
      releases.answer(source.archive, (response) => {
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, 40), () => resolve());
      }),
    );
    const program = `require("./provider/tools/findTool").findTool("nats-server", "${version}")`;
    const options = { cwd: root, env: { ...process.env, ...releases.env } };
    const killed = spawn(process.execPath, ["-r", "ts-node/register", "-e", program], { ...options, stdio: "ignore" });
    const ended = new Promise((resolve) => killed.once("exit", resolve));
    await asked;
    killed.kill("SIGKILL");
    await ended;
    assert.ok(!existsSync(cached()));
    assert.equal(left().length, 2, "the lock and the half of it that the killed one has left");
    releases.answer(source.archive, archive);
    assert.equal(await find(releases), cached());
    assert.equal(readFileSync(cached(), "utf8"), server);
    assert.deepEqual(left(), [`nats-server-${version}`]);
  });

  it("gives way to one on PATH of that version, asked only once, and not to another version", async () => {
    const bin = path.join(releases.dir, "nothing");
    mkdirSync(bin);
    const own = path.join(bin, "nats-server");
    const asked = path.join(releases.dir, "asked");
    writeFileSync(own, `#!/bin/sh\necho x >> ${asked}\necho nats-server: v2.15.2\n`, { mode: 0o755 });
    assert.equal((await findApart(releases)).out, own);
    assert.equal((await findApart(releases)).out, own);
    assert.equal(readFileSync(asked, "utf8"), "x\n");
    writeFileSync(own, "#!/bin/sh\necho nats-server: v2.9.0\n", { mode: 0o755 });
    assert.equal(await find(releases), cached());
  });
});
