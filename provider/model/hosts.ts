import type { SshSettings } from "./ssh";

/** Hosts that are reached over ssh and run their servers under systemd, one host a node. */
export interface HostsTargetInputs {
  readonly kind: "hosts";
  /** Absolute folder that holds one folder a node, on every host. */
  readonly dir: string;
  /** By server_name. */
  readonly hosts: Readonly<Record<string, HostInputs>>;
  /** User and group that the servers run as; made where they are not there. */
  readonly user: string;
  readonly group: string;
  /** Absolute folder of JetStream's files, with one folder a node; absent where they lie in the node's own folder. */
  readonly dataDir?: string;
  /** Where nats-server comes from; absent for the official release. */
  readonly binary?: BinaryInputs;
}

export interface HostInputs {
  /** Address by which clients and peers dial this host's server. */
  readonly address: string;
  /** Address that the host itself dials, where it may not reach `address` (a public one, say). */
  readonly inside?: string;
  readonly ssh: SshSettings;
}

export type BinaryInputs =
  | { readonly kind: "url"; readonly url: string; readonly sha256: string }
  /** With the checksum of what the file held when the program ran. */
  | { readonly kind: "file"; readonly file: string; readonly sha256: string }
  | { readonly kind: "installed" };

/** Folder of the hosts that holds nats-server. */
export const binaryFolder = "/usr/local/lib/pulumi-nats";

/** Where the program of one version lies on a host; another checksum is another file, so that two can stand side by side. */
export function binaryPath(version: string, binary?: BinaryInputs): string {
  return `${binaryFolder}/nats-server-${version}${suffixOf(binary)}`;
}

function suffixOf(binary: BinaryInputs | undefined): string {
  if (binary === undefined) return "";
  return binary.kind === "installed" ? "-installed" : `-${binary.sha256.slice(0, 12)}`;
}

/** Name of a node's unit on its host. */
export function unitName(node: string): string {
  return `nats-${node}.service`;
}

/** Folder of JetStream's files of a node. */
export function dataFolder(target: Pick<HostsTargetInputs, "dir" | "dataDir">, node: string): string {
  return target.dataDir === undefined ? `${target.dir}/${node}/data` : `${target.dataDir}/${node}`;
}
