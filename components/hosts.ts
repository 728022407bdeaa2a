import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../provider/errors";
import type { Listener, NodeModel } from "../provider/model/cluster";
import { binaryPath, dataFolder } from "../provider/model/hosts";
import type { BinaryInputs, HostInputs, HostsTargetInputs } from "../provider/model/hosts";
import type { SshSettings } from "../provider/model/ssh";
import type { SshWay } from "../provider/model/through";
import { parseDuration } from "../provider/model/units";
import { renderSystemdUnit } from "../provider/render/systemdUnit";
import { deployServers } from "./deployServers";
import type { HostArgs, HostsOptions, HostSshArgs } from "./hostsArgs";
import { hostListShape, hostsOptionsShape } from "./hostsShape";
import { hostsProblems } from "./hostsProblems";
import { defaultPorts } from "./defaultPorts";
import type { Deployment, Placement, Target, WantedListeners } from "./target";

/**
 * Runs a cluster's servers on hosts of your own, one server a host, reached over ssh: Linux with systemd and a user who may become root.
 * Each gets nats-server, a user, its folder, and a hardened systemd unit that starts at boot and leaves as a lame duck when stopped. Nothing of
 * the tool stays on a host, and no port is opened for it.
 *
 * Errors before anything changes: an unknown or changed host key, a host that can't be reached, no root's rights, another system than Linux with
 * systemd, a port that another program holds, a folder or unit of another cluster, a full disk.
 *
 * @example
 * ```ts
 * const target = nats.hosts(["10.0.1.11", "10.0.1.12", "10.0.1.13"], { ssh: { user: "ops" } });
 * const cluster = new nats.Cluster("east", { target, jetstream: { maxFileStore: "100GiB" } });
 *
 * nats.hosts([{ address: "10.0.1.11", name: "east-a", advertise: "east-a.example.com", ssh: { hostKey: "SHA256:…" } }, …]);
 * ```
 */
export function hosts(addresses: readonly (string | HostArgs)[], options: HostsOptions = {}): Target {
  const wrong = [...hostListShape(addresses, "hosts"), ...hostsOptionsShape(options, "")];
  if (wrong.length > 0) throw new ProblemsError("nats.hosts", wrong);
  const list = addresses.map((host) => (typeof host === "string" ? { address: host } : host));
  const problems = hostsProblems(list, options);
  if (problems.length > 0) throw new ProblemsError("nats.hosts", problems);
  return {
    place: (cluster, wanted) => place(list, options, cluster, wanted),
    deploy(name, deployment, resourceOptions) {
      const target = targetOf(list, options, deployment);
      const through = { ways: [sshWay(Object.values(target.hosts))] };
      return deployServers(name, deployment, target, pulumi.output(through), resourceOptions, {
        unit: (node, config) => unitOf(node, config, deployment, target),
      });
    },
  };
}

function place(list: readonly HostArgs[], options: HostsOptions, cluster: string, wanted: WantedListeners): Placement {
  const on: Record<Listener, boolean> = {
    client: true,
    monitor: true,
    cluster: list.length > 1 || wanted.gateway,
    ...wanted,
  };
  const nodes = list.map((host, index): NodeModel => {
    const ports = Object.entries({ ...defaultPorts, ...options.ports, ...host.ports });
    return {
      name: host.name ?? `${cluster}-${index + 1}`,
      host: host.advertise ?? host.address,
      routeHost: host.address,
      listen: options.listen === "address" ? host.address : (options.listen ?? "0.0.0.0"),
      ports: Object.fromEntries(ports.filter(([listener]) => on[listener as Listener])),
    };
  });
  // On the host itself one calls it by the loopback; nats.js compares a certificate with "localhost" whenever a URL holds an IP address.
  const loopback = options.listen === "address" ? ["localhost"] : ["localhost", "127.0.0.1", "::1"];
  const tlsHosts = [...new Set([...list.map(({ address }) => address), ...loopback])];
  return { nodes, layout: { tlsDir: "current/tls", storeDir: "data" }, tlsHosts };
}

function targetOf(list: readonly HostArgs[], options: HostsOptions, deployment: Deployment): HostsTargetInputs {
  const { placement, cluster } = deployment;
  const user = options.user ?? "nats";
  const entries = placement.nodes.map((node, index): [string, HostInputs] => {
    const { address, ssh } = list[index]!;
    const inside = address === node.host ? {} : { inside: address };
    return [node.name, { address: node.host, ...inside, ssh: sshSettings(address, { ...options.ssh, ...ssh }) }];
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

function binaryOf(binary: NonNullable<HostsOptions["binary"]>): BinaryInputs {
  if (binary === "installed") return { kind: "installed" };
  if ("file" in binary) return { kind: "file", file: path.resolve(binary.file) };
  return { kind: "url", url: binary.url, sha256: binary.sha256.toLowerCase() };
}

/** With every secret marked at its own place, so that all else stays readable in the state and in diffs. */
function sshSettings(address: string, args: HostSshArgs): SshSettings {
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
  } as SshSettings;
}

function sshWay(all: readonly HostInputs[]): SshWay {
  const inside = all.flatMap((host) => (host.inside === undefined ? [] : [[host.address, host.inside] as const]));
  return {
    kind: "ssh",
    hosts: Object.fromEntries(all.map(({ address, ssh }) => [address, ssh])),
    ...(inside.length === 0 ? {} : { inside: Object.fromEntries(inside) }),
  };
}

function unitOf(node: NodeModel, config: string, deployment: Deployment, target: HostsTargetInputs): string {
  return renderSystemdUnit({
    node: node.name,
    cluster: deployment.cluster,
    user: target.user,
    group: target.group,
    binary: binaryPath(deployment.version, target.binary),
    nodeDir: `${target.dir}/${node.name}`,
    dataDir: dataFolder(target, node.name),
    lameDuck: lameDuckOf(config),
    privilegedPorts: Object.values(node.ports).some((port) => port < 1024),
  });
}

function lameDuckOf(config: string): number {
  const text = /^lame_duck_duration: "?([^"\n]+)"?$/m.exec(config)?.[1] ?? "2m";
  return /^\d+$/.test(text) ? Number(text) * 1000 : Number(parseDuration(text) / 1_000_000n);
}
