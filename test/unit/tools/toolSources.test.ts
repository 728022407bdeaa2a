import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pinnedVersions, sourcesOf, toolNames } from "../../../provider/tools/toolSources";
import type { ArchiveSource, Platform, ToolName } from "../../../provider/tools/toolSources";

const linux: Platform = { system: "linux", architecture: "x64" };
const apple: Platform = { system: "darwin", architecture: "arm64" };
const windows: Platform = { system: "win32", architecture: "x64" };

function archive(name: ToolName, version: string, platform: Platform): ArchiveSource {
  return sourcesOf(name, version, platform).find((source) => source.kind === "archive")!;
}

describe("where tools come from", () => {
  const addresses: [ToolName, string, Platform, string, string, string][] = [
    [
      "nats-server",
      "2.15.2",
      linux,
      "nats-io/nats-server/releases/download/v2.15.2/nats-server-v2.15.2-linux-amd64.tar.gz",
      "nats-io/nats-server/releases/download/v2.15.2/SHA256SUMS",
      "nats-server-v2.15.2-linux-amd64/nats-server",
    ],
    [
      "nats-server",
      "2.11.17",
      { system: "linux", architecture: "arm" },
      "nats-io/nats-server/releases/download/v2.11.17/nats-server-v2.11.17-linux-arm7.tar.gz",
      "nats-io/nats-server/releases/download/v2.11.17/SHA256SUMS",
      "nats-server-v2.11.17-linux-arm7/nats-server",
    ],
    [
      "nats-server",
      "2.15.2",
      windows,
      "nats-io/nats-server/releases/download/v2.15.2/nats-server-v2.15.2-windows-amd64.zip",
      "nats-io/nats-server/releases/download/v2.15.2/SHA256SUMS",
      "nats-server-v2.15.2-windows-amd64/nats-server.exe",
    ],
    [
      "nats",
      "0.4.0",
      apple,
      "nats-io/natscli/releases/download/v0.4.0/nats-0.4.0-darwin-arm64.zip",
      "nats-io/natscli/releases/download/v0.4.0/SHA256SUMS",
      "nats-0.4.0-darwin-arm64/nats",
    ],
    [
      "pulumi",
      "3.250.0",
      linux,
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-v3.250.0-linux-x64.tar.gz",
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-3.250.0-checksums.txt",
      "pulumi/pulumi",
    ],
    [
      "pulumi",
      "3.250.0",
      apple,
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-v3.250.0-darwin-arm64.tar.gz",
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-3.250.0-checksums.txt",
      "pulumi/pulumi",
    ],
    [
      "pulumi-resource-pulumi-nodejs",
      "3.250.0",
      windows,
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-v3.250.0-windows-x64.zip",
      "pulumi/pulumi/releases/download/v3.250.0/pulumi-3.250.0-checksums.txt",
      "pulumi/bin/pulumi-resource-pulumi-nodejs.cmd",
    ],
  ];
  for (const [name, version, platform, file, checksums, member] of addresses) {
    it(`${name} ${version} for ${platform.system} ${platform.architecture} is where its release publishes it`, () => {
      const source = archive(name, version, platform);
      assert.deepEqual([source.archive, source.checksums, source.members.at(-1)], [file, checksums, member]);
    });
  }

  it("all of Pulumi's files are in one archive and go to one folder", () => {
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const) {
      const source = archive(name, "3.250.0", linux);
      assert.equal(source.folder, "pulumi-3.250.0");
      assert.deepEqual([...source.members].sort(), [
        "pulumi/pulumi",
        "pulumi/pulumi-language-nodejs",
        "pulumi/pulumi-resource-pulumi-nodejs",
      ]);
    }
  });

  it("the release comes first, and each pinned version has a module of its own for Go", () => {
    const modules = readdirSync(path.resolve(__dirname, "../../../provider/tools/modules"));
    for (const version of ["2.15.2", "2.14.9", "2.12.15", "2.11.17"]) {
      const [first, second] = sourcesOf("nats-server", version);
      assert.equal(first!.kind, "archive");
      assert.ok(second!.kind === "go" && modules.includes(second!.module!), version);
    }
    for (const name of toolNames) {
      for (const source of sourcesOf(name, pinnedVersions[name])) {
        if (source.kind === "go" || source.kind === "go-file") assert.ok(modules.includes(source.module!), name);
      }
    }
  });

  it("a version that is not pinned is built without a module", () => {
    for (const name of ["nats-server", "nats", "pulumi"] as const) {
      const source = sourcesOf(name, "9.9.9").find(({ kind }) => kind === "go")!;
      assert.deepEqual([source.kind === "go" && source.module, source.version], [undefined, "9.9.9"]);
    }
  });
});
