import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { programFile } from "../provider/apply/programFile";
import type { BinaryInputs, HostInputs } from "../provider/model/hosts";
import type { SshSettings } from "../provider/model/ssh";
import type { SshWay, Through } from "../provider/model/through";
import type { HostsTarget } from "../provider/resources/servers";
import type { HostArgs, HostsOptions, HostSshArgs } from "./hostsArgs";
import { isLater } from "./resolveInputs";
import type { Deployment } from "./target";

type Parts<Whole> = { readonly [Key in keyof Whole]: pulumi.Input<Whole[Key]> };

/** Where the servers of a deployment run, as the resource takes it. */
export function hostsTarget(list: readonly HostArgs[], options: HostsOptions, deployment: Deployment): HostsTarget {
  const { placement, cluster } = deployment;
  const user = options.user ?? "nats";
  const entries = placement.nodes.map((node, index): [string, HostsTarget["hosts"][string]] => {
    const { address, ssh } = list[index]!;
    const inside = insideOf(address, node.host);
    const own = inside === undefined ? {} : { inside };
    return [node.name, { address: node.host, ...own, ssh: sshSettings(address, { ...options.ssh, ...ssh }) }];
  });
  return {
    kind: "hosts",
    dir: options.dir ?? `/var/lib/nats/${cluster}`,
    hosts: Object.fromEntries(entries),
    user,
    group: options.group ?? user,
    ...(options.dataDir === undefined ? {} : { dataDir: `${options.dataDir}/${cluster}` }),
    ...(options.binary === undefined ? {} : { binary: binaryOf(options.binary) }),
  };
}

/** The address by which the host calls itself, where it is not the one of clients. */
function insideOf(address: pulumi.Input<string>, host: pulumi.Input<string>): pulumi.Input<string> | undefined {
  if (address === host) return undefined;
  if (!isLater(address) && !isLater(host)) return address;
  const inside = pulumi.all([address, host]).apply(([own, dialled]) => (own === dialled ? undefined : own));
  return inside as pulumi.Output<string>;
}

function binaryOf(binary: NonNullable<HostsOptions["binary"]>): BinaryInputs {
  if (binary === "installed") return { kind: "installed" };
  if ("file" in binary) {
    const file = path.resolve(binary.file);
    return { kind: "file", file, sha256: programFile(file).sha256 };
  }
  return { kind: "url", url: binary.url, sha256: binary.sha256.toLowerCase() };
}

/** With every secret marked at its own place, so that all else stays readable in the state and in diffs. */
function sshSettings(address: pulumi.Input<string>, args: HostSshArgs): Parts<SshSettings> {
  const { privateKey, passphrase, password, sudo, proxyJump, ...plain } = args;
  const hidden = Object.entries({ privateKey, passphrase, password }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, pulumi.secret(value)]],
  );
  const rights =
    typeof sudo === "object" && sudo.password !== undefined ? { password: pulumi.secret(sudo.password) } : sudo;
  return {
    address,
    ...plain,
    ...Object.fromEntries(hidden),
    ...(rights === undefined ? {} : { sudo: rights }),
    ...(proxyJump === undefined ? {} : { proxyJump: sshSettings(proxyJump.address, proxyJump) }),
  } as Parts<SshSettings>;
}

/** How this machine reaches the servers. */
export function throughHosts(target: HostsTarget): pulumi.Output<Through> {
  const hosts = pulumi.output(Object.values(target.hosts)) as pulumi.Output<HostInputs[]>;
  return hosts.apply((known) => ({ ways: [sshWay(known)] }));
}

function sshWay(all: readonly HostInputs[]): SshWay {
  const inside = all.flatMap((host) => (host.inside === undefined ? [] : [[host.address, host.inside] as const]));
  return {
    kind: "ssh",
    hosts: Object.fromEntries(all.map(({ address, ssh }) => [address, ssh])),
    ...(inside.length === 0 ? {} : { inside: Object.fromEntries(inside) }),
  };
}
