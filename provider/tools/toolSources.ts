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

interface Source {
  readonly version: string;
  /** Folder of the cache that it is kept in. */
  readonly folder: string;
}

/** An archive of an official release, and the list of checksums that the release publishes. Paths below the release host. */
export interface ArchiveSource extends Source {
  readonly kind: "archive";
  readonly archive: string;
  readonly checksums: string;
  /** Files of the archive that are kept, the tool itself last: what it needs beside it is there before it is. */
  readonly members: readonly string[];
}

/** A package of the Go module proxy, built with the go.mod and go.sum of `module`; without one, at `version` with Go's checksum database. */
export interface GoSource extends Source {
  readonly kind: "go";
  readonly module: string | undefined;
  readonly package: string;
  readonly ldflags: string;
}

/** A file that lies in a Go module as it is. */
export interface GoFileSource extends Source {
  readonly kind: "go-file";
  readonly module: string;
  readonly dependency: string;
  readonly file: string;
}

/** A file that lies in an npm package that the program depends on anyway. */
export interface NpmFileSource extends Source {
  readonly kind: "npm-file";
  readonly package: string;
  readonly file: string;
}

export type ToolSource = ArchiveSource | GoSource | GoFileSource | NpmFileSource;

/** What a release has an archive for. */
export interface Platform {
  readonly system: NodeJS.Platform;
  readonly architecture: string;
}

const thisPlatform: Platform = { system: process.platform, architecture: process.arch };

/** Where a tool of a version can be had, best first. */
export function sourcesOf(name: ToolName, version: string, platform: Platform = thisPlatform): ToolSource[] {
  switch (name) {
    case "nats-server":
      return [natsServerArchive(version, platform), natsServerGo(version)];
    case "nats":
      return [natsArchive(version, platform), natsGo(version)];
    case "pulumi":
      return [pulumiArchive(version, name, platform), pulumiGo(version)];
    case "pulumi-language-nodejs":
      // Newer ones are a module of their own that the proxy does not serve; this one speaks the same protocol.
      return [pulumiArchive(version, name, platform), languageHostGo("3.68.0")];
    case "pulumi-resource-pulumi-nodejs":
      return [...launcherFiles(version, platform), pulumiArchive(version, name, platform)];
  }
}

/** File name of a tool on a system. */
export function executable(name: ToolName, system: NodeJS.Platform = process.platform): string {
  if (system !== "win32") return name;
  return name === "pulumi-resource-pulumi-nodejs" ? `${name}.cmd` : `${name}.exe`;
}

function natsServerArchive(version: string, platform: Platform): ArchiveSource {
  const folder = `nats-server-v${version}-${systemName(platform)}-${goArchitecture(platform)}`;
  return {
    kind: "archive",
    version,
    folder: `nats-server-${version}`,
    archive: `nats-io/nats-server/releases/download/v${version}/${folder}${platform.system === "win32" ? ".zip" : ".tar.gz"}`,
    checksums: `nats-io/nats-server/releases/download/v${version}/SHA256SUMS`,
    members: [`${folder}/${executable("nats-server", platform.system)}`],
  };
}

function natsArchive(version: string, platform: Platform): ArchiveSource {
  const folder = `nats-${version}-${systemName(platform)}-${goArchitecture(platform)}`;
  return {
    kind: "archive",
    version,
    folder: `nats-${version}`,
    archive: `nats-io/natscli/releases/download/v${version}/${folder}.zip`,
    checksums: `nats-io/natscli/releases/download/v${version}/SHA256SUMS`,
    members: [`${folder}/${executable("nats", platform.system)}`],
  };
}

/** One archive holds all three of Pulumi's files, and so does one folder of the cache. */
function pulumiArchive(version: string, name: ToolName, platform: Platform): ArchiveSource {
  const release = `pulumi/pulumi/releases/download/v${version}`;
  const windows = platform.system === "win32";
  const architecture = platform.architecture === "x64" ? "x64" : goArchitecture(platform);
  const all: readonly ToolName[] = ["pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs", "pulumi"];
  const files = [...all.filter((other) => other !== name), name].map((file) => executable(file, platform.system));
  return {
    kind: "archive",
    version,
    folder: `pulumi-${version}`,
    archive: `${release}/pulumi-v${version}-${systemName(platform)}-${architecture}.${windows ? "zip" : "tar.gz"}`,
    checksums: `${release}/pulumi-${version}-checksums.txt`,
    members: files.map((file) => `${windows ? "pulumi/bin" : "pulumi"}/${file}`),
  };
}

function launcherFiles(version: string, platform: Platform): ToolSource[] {
  const name = "pulumi-resource-pulumi-nodejs";
  const folder = `${name}-${version}`;
  const file = executable(name, platform.system);
  const dependency = "github.com/pulumi/pulumi/sdk/v3";
  return [
    { kind: "npm-file", version, folder, package: "@pulumi/pulumi", file },
    { kind: "go-file", version, folder, module: "pulumi", dependency, file: `nodejs/dist/${file}` },
  ];
}

const pinnedServers: Readonly<Record<string, string>> = {
  "2.15.2": "nats-server-2.15",
  "2.14.9": "nats-server-2.14",
  "2.12.15": "nats-server-2.12",
  "2.11.17": "nats-server-2.11",
};

function natsServerGo(version: string): GoSource {
  const path = "github.com/nats-io/nats-server/v2";
  return go("nats-server", version, { module: pinnedServers[version], package: path, ldflags: "" });
}

function natsGo(version: string): GoSource {
  const module = version === pinnedVersions.nats ? "natscli" : undefined;
  const path = "github.com/nats-io/natscli/nats";
  return go("nats", version, { module, package: path, ldflags: `-X main.version=${version}` });
}

function pulumiGo(version: string): GoSource {
  const module = version === pinnedVersions.pulumi ? "pulumi" : undefined;
  const path = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  return go("pulumi", version, { module, package: path, ldflags: pulumiVersionFlag(version) });
}

function languageHostGo(version: string): GoSource {
  const name = "pulumi-language-nodejs";
  const path = `github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/${name}`;
  return go(name, version, { module: name, package: path, ldflags: pulumiVersionFlag(version) });
}

function pulumiVersionFlag(version: string): string {
  return `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
}

function go(name: ToolName, version: string, build: Pick<GoSource, "module" | "package" | "ldflags">): GoSource {
  return { kind: "go", version, folder: `${name}-${version}`, ...build };
}

function systemName({ system }: Platform): string {
  return system === "win32" ? "windows" : system;
}

function goArchitecture({ architecture }: Platform): string {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm: "arm7" };
  return names[architecture] ?? architecture;
}
