/** Tools that the library runs. The dynamic-provider launcher is a script that Pulumi finds on PATH. */
export const toolNames = [
  "nats-server",
  "nats",
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
] as const;
export type ToolName = (typeof toolNames)[number];

/** Versions that are fetched where nothing that fits is there. */
export const pinnedVersions: Readonly<Record<ToolName, string>> = {
  "nats-server": "2.15.2",
  nats: "0.4.0",
  pulumi: "3.250.0",
  "pulumi-language-nodejs": "3.250.0",
  "pulumi-resource-pulumi-nodejs": "3.250.0",
};

/** An archive of an official release, and the list of checksums that the release publishes. Paths below the release host. */
export interface ArchiveSource {
  readonly kind: "archive";
  readonly version: string;
  readonly archive: string;
  readonly checksums: string;
  /** File in the archive. */
  readonly member: string;
}

/** A package of the Go module proxy, built with the go.mod and go.sum of `module`; without one, at `version` with Go's checksum database. */
export interface GoSource {
  readonly kind: "go";
  readonly version: string;
  readonly module: string | undefined;
  readonly package: string;
  readonly ldflags: string;
}

/** A file that lies in a Go module as it is. */
export interface GoFileSource {
  readonly kind: "go-file";
  readonly version: string;
  readonly module: string;
  readonly dependency: string;
  readonly file: string;
}

export type ToolSource = ArchiveSource | GoSource | GoFileSource;

/** Where a tool of a version can be had, best first. */
export function sourcesOf(name: ToolName, version: string): ToolSource[] {
  switch (name) {
    case "nats-server":
      return [natsServerArchive(version), natsServerGo(version)];
    case "nats":
      return [
        natsArchive(version),
        go("natscli", version, "github.com/nats-io/natscli/nats", `-X main.version=${version}`),
      ];
    case "pulumi":
      return [pulumiArchive(version, "pulumi"), pulumiGo(version)];
    case "pulumi-language-nodejs":
      // Newer ones are a module of their own that the proxy does not serve; this one speaks the same protocol.
      return [pulumiArchive(version, name), languageHostGo("3.68.0")];
    case "pulumi-resource-pulumi-nodejs":
      return [
        pulumiArchive(version, name),
        {
          kind: "go-file",
          version,
          module: "pulumi",
          dependency: "github.com/pulumi/pulumi/sdk/v3",
          file: `nodejs/dist/${name}`,
        },
      ];
  }
}

function natsServerArchive(version: string): ArchiveSource {
  const folder = `nats-server-v${version}-${system()}-${architecture("amd64")}`;
  const release = `nats-io/nats-server/releases/download/v${version}`;
  return {
    kind: "archive",
    version,
    archive: `${release}/${folder}.tar.gz`,
    checksums: `${release}/SHA256SUMS`,
    member: `${folder}/${executable("nats-server")}`,
  };
}

function natsArchive(version: string): ArchiveSource {
  const folder = `nats-${version}-${system()}-${architecture("amd64")}`;
  const release = `nats-io/natscli/releases/download/v${version}`;
  return {
    kind: "archive",
    version,
    archive: `${release}/${folder}.zip`,
    checksums: `${release}/SHA256SUMS`,
    member: `${folder}/${executable("nats")}`,
  };
}

function pulumiArchive(version: string, member: string): ArchiveSource {
  const release = `pulumi/pulumi/releases/download/v${version}`;
  const windows = process.platform === "win32";
  return {
    kind: "archive",
    version,
    archive: `${release}/pulumi-v${version}-${system()}-${architecture("x64")}.${windows ? "zip" : "tar.gz"}`,
    checksums: `${release}/pulumi-${version}-checksums.txt`,
    member: windows ? `pulumi/bin/${executable(member)}` : `pulumi/${member}`,
  };
}

function natsServerGo(version: string): GoSource {
  const pinned: Readonly<Record<string, string>> = {
    "2.15.2": "nats-server-2.15",
    "2.14.9": "nats-server-2.14",
    "2.12.15": "nats-server-2.12",
    "2.11.17": "nats-server-2.11",
  };
  return { ...go("", version, "github.com/nats-io/nats-server/v2", ""), module: pinned[version] };
}

function pulumiGo(version: string): GoSource {
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return go("pulumi", version, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", stamp);
}

function languageHostGo(version: string): GoSource {
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const name = "pulumi-language-nodejs";
  return go(name, version, `github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/${name}`, stamp);
}

function go(module: string, version: string, goPackage: string, ldflags: string): GoSource {
  return { kind: "go", version, module, package: goPackage, ldflags };
}

function system(): string {
  return process.platform === "win32" ? "windows" : process.platform;
}

function architecture(x64: string): string {
  return process.arch === "x64" ? x64 : process.arch === "arm" ? "arm7" : process.arch;
}

/** File name of a program on this system. */
export function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
