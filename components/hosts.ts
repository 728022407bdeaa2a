import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { usable } from "../provider/model/argument";
import type { Listener } from "../provider/model/cluster";
import { binaryPath, dataFolder } from "../provider/model/hosts";
import { milliseconds } from "../provider/model/units";
import { renderSystemdUnit } from "../provider/render/systemdUnit";
import { deployServers } from "./deployServers";
import type { HostArgs, HostsOptions } from "./hostsArgs";
import { hostListShape, hostsOptionsShape } from "./hostsShape";
import { hostsProblems } from "./hostsProblems";
import { hostsTarget, throughHosts } from "./hostsTarget";
import { lateHostsProblems } from "./lateHostsProblems";
import { isLater } from "./resolveInputs";
import { defaultPorts } from "./defaultPorts";
import { monitorAt } from "./monitorListen";
import type { Deployment, PlacedNode, Placement, Target, TargetSettings, WantedListeners } from "./target";

/**
 * Runs a cluster's servers on hosts of your own, one server a host, reached over ssh: Linux with systemd and a user who may become root.
 * Each gets nats-server, a user, its folder, and a hardened systemd unit that starts at boot and leaves as a lame duck when stopped. Nothing of
 * the tool stays on a host, and no port is opened for it.
 *
 * Errors before anything changes: an unknown or changed host key, a host that can't be reached, no root's rights, another system than Linux with
 * systemd, a port that another program holds, a folder or unit of another cluster, a full disk.
 *
 * Addresses and what logs in may be Outputs, such as those of machines that the same program makes. A preview looks at no host while
 * any address is unknown, and says so; `up` waits for new hosts to boot (`ssh.bootTimeout`), then looks at all of them before it starts
 * anything. A server stays with its data: a machine in place of another one needs a `name` of its own.
 *
 * A host that is gone for good is taken out of the list: its server leaves the cluster without it. `pulumi destroy` is refused while a host
 * can't be reached; `PULUMI_NATS_ON_LOST_HOST=leave pulumi destroy` takes down all others and says what stays.
 *
 * @example
 * ```ts
 * const target = nats.hosts(["10.0.1.11", "10.0.1.12", "10.0.1.13"], { ssh: { user: "ops" } });
 * const cluster = new nats.Cluster("east", { target, jetstream: { maxFileStore: "100GiB" } });
 *
 * const vms = ["a", "b", "c"].map((zone) => new cloud.Vm(`nats-${zone}`, { zone }));
 * nats.hosts(vms.map((vm) => ({ address: vm.privateIp, advertise: vm.publicIp, ssh: { hostKey: vm.hostKey } })));
 *
 * nats.hosts([{ address: "10.0.1.11", name: "east-a", advertise: "east-a.example.com", ssh: { hostKey: "SHA256:…" } }, …]);
 * ```
 */
export function hosts(addresses: readonly (pulumi.Input<string> | HostArgs)[], given: HostsOptions = {}): Target {
  const ofList = hostListShape(addresses, "hosts");
  const ofOptions = hostsOptionsShape(given, "");
  const options = usable(given ?? {}, ofOptions);
  const list =
    ofList.length > 0 ? undefined : addresses.map((host) => withAddresses(isAddress(host) ? { address: host } : host));
  return targetOf(list, options, [...ofList, ...ofOptions, ...hostsProblems(list, options)]);
}

function targetOf(all: readonly HostArgs[] | undefined, given: HostsOptions, problems: readonly Problem[]): Target {
  const isSound = !problems.some(({ path }) => path.startsWith("hosts"));
  const list = isSound && all ? all : (all ?? [0]).map((_, index) => ({ address: `10.0.1.${index + 1}` }));
  const options = usable(given, problems);
  return {
    problems,
    place: (cluster, wanted) => place(list, options, cluster, wanted),
    deploy(name, deployment, resourceOptions) {
      const target = hostsTarget(list, options, deployment);
      const problems = pulumi
        .all([deployment.problems, lateHostsProblems(list, options)])
        .apply(([found, late]) => [...found, ...late]);
      return deployServers(name, { ...deployment, problems }, target, throughHosts(target), resourceOptions, {
        unit: (node, config) => unitOf(node, config, deployment, target),
      });
    },
  };
}

function isAddress(host: pulumi.Input<string> | HostArgs): host is pulumi.Input<string> {
  return typeof host === "string" || isLater(host);
}

/** A machine that turns out to have no such address gets an empty one, which is a problem that can be told. */
function withAddresses(host: HostArgs): HostArgs {
  const whole = (address: pulumi.Input<string>): pulumi.Input<string> =>
    isLater(address) ? pulumi.output(address).apply((known: string | undefined) => known ?? "") : address;
  const { address, advertise } = host;
  return { ...host, address: whole(address), ...(advertise === undefined ? {} : { advertise: whole(advertise) }) };
}

function place(list: readonly HostArgs[], options: HostsOptions, cluster: string, wanted: WantedListeners): Placement {
  const on: Record<Listener, boolean> = {
    client: true,
    monitor: true,
    cluster: list.length > 1 || wanted.gateway,
    ...wanted,
  };
  const nodes = list.map((host, index): PlacedNode => {
    const ports = Object.entries({ ...defaultPorts, ...options.ports, ...host.ports });
    return {
      name: host.name ?? `${cluster}-${index + 1}`,
      host: host.advertise ?? host.address,
      routeHost: host.address,
      listen: options.listen === "address" ? host.address : (options.listen ?? "0.0.0.0"),
      ...(options.monitorListen === "address" ? { monitorListen: host.address } : monitorAt(options.monitorListen)),
      ports: Object.fromEntries(ports.filter(([listener]) => on[listener as Listener])),
    };
  });
  // On the host itself one calls it by the loopback; nats.js compares a certificate with "localhost" whenever a URL holds an IP address.
  const loopback = options.listen === "address" ? ["localhost"] : ["localhost", "127.0.0.1", "::1"];
  const tlsHosts = [...list.map(({ address }) => address), ...loopback];
  return { nodes, layout: { tlsDir: "current/tls", storeDir: "data" }, tlsHosts, settings };
}

const settings: TargetSettings = {
  ports: (listener) =>
    `ports are the target's: \`nats.hosts([…], { ports: { ${listener}: ${defaultPorts[listener]} }${listener === "monitor" ? ', monitorListen: "127.0.0.1"' : ""} })\``,
  address: "the address is the target's: `nats.hosts([…], { listen })`",
  folder: "the folder is the target's: `nats.hosts([…], { dataDir })`",
};

function unitOf(
  node: PlacedNode,
  config: string,
  deployment: Deployment,
  target: ReturnType<typeof hostsTarget>,
): string {
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
  return /^\d+$/.test(text) ? Number(text) * 1000 : milliseconds(text);
}
