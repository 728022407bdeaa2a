import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { provideBinary } from "../../provider/apply/machine/hosts/hostBinary";
import { HostSide } from "../../provider/apply/machine/hosts/hostSide";
import { SshHost } from "../../provider/apply/ssh/sshHost";
import type { BinaryInputs, HostInputs, HostsTargetInputs } from "../../provider/model/hosts";
import { findTool } from "../../provider/tools/findTool";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";

const folder = "/usr/local/lib/pulumi-nats";

describe("nats-server on a host", function () {
  this.timeout(180_000);
  let bed: HostsBed;
  let shell: SshHost;
  let file: string;
  let sha256: string;
  let server: Server;
  let requests = 0;
  before(async function () {
    bed = await hostsBed(this, { hosts: 1 });
    file = await findTool("nats-server", "2.15.2");
    sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    server = createServer((_request, response) => {
      requests++;
      response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, bed.tester, resolve));
  });
  after(async () => {
    server?.close();
    await shell?.close();
    await bed?.down();
  });

  function side(): HostSide {
    const { address } = bed.hosts[0]!;
    const ssh = { address, user: "ops", privateKey: bed.key, knownHostsFile: bed.knownHostsFile };
    const host: HostInputs = { address, ssh };
    const target: HostsTargetInputs = {
      kind: "hosts",
      dir: "/var/lib/nats/east",
      hosts: { "east-1": host },
      user: "nats",
      group: "nats",
    };
    shell ??= new SshHost(ssh);
    return new HostSide(target, host, shell);
  }
  const run = (script: string): Promise<string> => bed.run("r1h1", script);
  const provide = (binary?: BinaryInputs, version = "2.15.2"): Promise<string> =>
    provideBinary(side(), version, binary);
  const url = (): string => `http://${bed.tester}:${(server.address() as { port: number }).port}/nats-server`;

  it("is the official one, brought there once and repaired where it was damaged", async () => {
    const path = await provide();
    assert.equal(path, `${folder}/nats-server-2.15.2`);
    assert.equal(await run(`stat -c '%a %U' ${path}`), "755 root\n");
    const inode = await run(`stat -c %i ${path}`);
    await provide();
    assert.equal(await run(`stat -c %i ${path}`), inode, "what is whole is left alone");
    await run(`echo damaged >> ${path}`);
    await provide();
    assert.equal((await run(`sha256sum < ${path}`)).slice(0, 64), sha256);
  });

  it("is what a URL gives, under its checksum, and nothing else", async () => {
    const path = await provide({ kind: "url", url: url(), sha256 });
    assert.equal(path, `${folder}/nats-server-2.15.2-${sha256.slice(0, 12)}`);
    assert.ok((await run(`${path} --version`)).includes("2.15.2"));
    const before = requests;
    await provide({ kind: "url", url: url(), sha256 });
    assert.equal(requests, before, "what is there is not fetched again");
    await assert.rejects(provide({ kind: "url", url: url(), sha256: "0".repeat(64) }), /has sha256 \w{64}, not 0{64}/);
    assert.equal(await run(`ls ${folder} | grep -c 000000 || true`), "0\n");
  });

  it("is a file of this machine", async () => {
    await run(`rm -f ${folder}/*`);
    const own = `nats-server-2.15.2-${sha256.slice(0, 12)}`;
    assert.equal(await provide({ kind: "file", file, sha256 }), `${folder}/${own}`);
    await assert.rejects(
      provide({ kind: "file", file: "/nowhere/nats-server", sha256: "1".repeat(64) }),
      /binary \/nowhere\/nats-server can't be read/,
    );
    await assert.rejects(
      provide({ kind: "file", file, sha256: "1".repeat(64) }),
      /nats-server has changed since this program began: it is not used\. Fix: run `pulumi up` again/,
    );
    await assert.rejects(
      provide({ kind: "file", file, sha256 }, "2.14.9"),
      /says "nats-server: v2\.15\.2", not that it is nats-server 2\.14\.9/,
    );
  });

  it("does not stay where it turned out to be another version", async () => {
    const own = `nats-server-2.15.2-${sha256.slice(0, 12)}`;
    assert.equal(await run(`ls ${folder}`), `${own}\n${own}.sha256\n`);
  });

  it("is what is installed, where that is the wanted version", async () => {
    await assert.rejects(provide({ kind: "installed" }), /has no nats-server on its PATH/);
    await run(`cp ${folder}/nats-server-2.15.2-${sha256.slice(0, 12)} /usr/local/bin/nats-server; rm ${folder}/*`);
    const path = await provide({ kind: "installed" });
    assert.equal(path, `${folder}/nats-server-2.15.2-installed`);
    assert.equal(await run(`readlink ${path}`), "/usr/local/bin/nats-server\n");
    await assert.rejects(
      provide({ kind: "installed" }, "2.14.9"),
      /has nats-server 2\.15\.2 in \/usr\/local\/bin\/nats-server, not 2\.14\.9\. Fix: version: "2\.15\.2"/,
    );
  });
});
