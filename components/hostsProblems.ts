import path from "node:path";
import { programFile } from "../provider/apply/programFile";
import { toldBy } from "../provider/errors";
import type { Problem } from "../provider/errors";
import type { Listener } from "../provider/model/cluster";
import { defaultPorts } from "./defaultPorts";
import { monitorListenProblems } from "./monitorListen";
import type { HostArgs, HostsOptions } from "./hostsArgs";

/** What is wrong with the arguments of `nats.hosts`, as far as they tell by themselves; of the options alone where there is no list. */
export function hostsProblems(hosts: readonly HostArgs[] | undefined, options: HostsOptions): Problem[] {
  return [...(hosts ? [...listProblems(hosts), ...sharedPorts(hosts, options)] : []), ...optionProblems(options)];
}

function* listProblems(hosts: readonly HostArgs[]): Generator<Problem> {
  if (hosts.length === 0) {
    yield { path: "hosts", reason: "there is no host", fix: '[{ address: "10.0.1.11" }]' };
  }
  const names = new Map<string, number>();
  for (const [index, { address, name, advertise, ports }] of hosts.entries()) {
    const path = `hosts[${index}]`;
    for (const [key, value] of [
      ["address", address],
      ["advertise", advertise],
    ] as const) {
      // What is known only later is judged then.
      if (typeof value !== "string" || /^[\w.:-]+$/.test(value)) continue;
      const reason = value === "" ? "is empty" : `${JSON.stringify(value)} is no IP address and no DNS name`;
      yield { path: `${path}.${key}`, reason, fix: `${key}: "10.0.1.11"` };
    }
    if (name !== undefined && !/^[A-Za-z0-9_-]+$/.test(name)) {
      const fix = `name: "${name.replace(/[^A-Za-z0-9_-]+/g, "-") || "east-1"}"`;
      yield {
        path: `${path}.name`,
        reason: `"${name}" can't name a server: only letters, digits, "-" and "_" can`,
        fix,
      };
    }
    const same = name === undefined ? undefined : names.get(name);
    if (same !== undefined) {
      const reason = `"${name}" is the name of hosts[${same}] already`;
      yield { path: `${path}.name`, reason, fix: `name: "${name}-${index + 1}"` };
    }
    if (name !== undefined) names.set(name, index);
    yield* portProblems(ports, `${path}.ports`);
  }
}

function* portProblems(ports: HostArgs["ports"], path: string): Generator<Problem> {
  for (const [listener, port] of Object.entries(ports ?? {})) {
    if (Number.isInteger(port) && port >= 1 && port <= 65535) continue;
    const fix = `${listener}: ${defaultPorts[listener as Listener]}`;
    yield { path: `${path}.${listener}`, reason: `port ${port}: 1 to 65535 is wanted`, fix };
  }
}

/** Two servers may share a host, but not its ports. */
function* sharedPorts(hosts: readonly HostArgs[], options: HostsOptions): Generator<Problem> {
  const taken = new Map<string, number>();
  for (const [index, { address, ports }] of hosts.entries()) {
    if (typeof address !== "string") continue;
    const own = { ...defaultPorts, ...options.ports, ...ports };
    const used = (["client", "monitor", "cluster"] as const).map((listener) => `${address} ${own[listener]}`);
    const other = used.map((one) => taken.get(one)).find((one) => one !== undefined);
    for (const one of used) taken.set(one, index);
    if (other === undefined) continue;
    yield {
      path: `hosts[${index}].address`,
      reason: `${address} is hosts[${other}] already, and both servers would listen on the same ports`,
      fix: "another address, or ports of its own: ports: { client: 4223, monitor: 8223, cluster: 6223 }",
    };
  }
}

function* optionProblems(options: HostsOptions): Generator<Problem> {
  yield* portProblems(options.ports, "ports");
  for (const key of ["dir", "dataDir"] as const) {
    const value = options[key];
    if (value === undefined || /^(\/[\w.-]+)+$/.test(value)) continue;
    const reason = `"${value}" is no absolute path of letters, digits, ".", "_" and "-"`;
    yield { path: key, reason, fix: `${key}: "/data/nats"` };
  }
  for (const key of ["user", "group"] as const) {
    const value = options[key];
    if (value === undefined || /^[a-z_][a-z0-9_-]{0,31}$/.test(value)) continue;
    yield { path: key, reason: `"${value}" can't name a ${key} of a Linux system`, fix: `${key}: "nats"` };
  }
  yield* binaryProblems(options.binary);
  if (options.monitorListen !== "address") yield* monitorListenProblems(options.monitorListen);
}

function* binaryProblems(binary: HostsOptions["binary"]): Generator<Problem> {
  if (typeof binary === "object" && "file" in binary) yield* fileProblems(binary.file);
  if (typeof binary === "object" && !("url" in binary) && !("file" in binary)) {
    const fix = 'binary: { url: "https://example.com/nats-server", sha256: "…" }';
    yield { path: "binary", reason: "neither url nor file says where nats-server comes from", fix };
  }
  if (typeof binary === "object" && "url" in binary && !/^[0-9a-f]{64}$/i.test(binary.sha256 ?? "")) {
    const seen = (binary.sha256 as string | undefined) === undefined ? "nothing" : `"${binary.sha256}"`;
    const reason = `${seen} is no SHA-256 in 64 hexadecimal digits`;
    yield { path: "binary.sha256", reason, fix: "the output of `sha256sum nats-server`" };
  }
  if (typeof binary === "object" && "url" in binary && !/^https?:\/\/\S+$/.test(binary.url)) {
    const fix = 'url: "https://example.com/nats-server"';
    yield { path: "binary.url", reason: `"${binary.url}" is no http or https URL`, fix };
  }
}

/** Its checksum is part of what a preview compares. */
function fileProblems(file: string): Problem[] {
  try {
    programFile(path.resolve(file));
    return [];
  } catch (error) {
    return [{ path: "binary.file", ...toldBy(error) }];
  }
}
