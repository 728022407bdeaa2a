import { isConfList, isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { keyTree } from "../model/facts";
import type { KeyNode } from "../model/facts";
import { memberOf } from "../model/facts/keyTree";

type Members = Map<string, ConfValue>;

/**
 * One shape for what nats.conf lets one write in several: `listen` as host and port, a single subject as a list, `url` as `urls`,
 * `compression: s2_fast` as a block, `jetstream: enabled` as a block, accounts by name, store_dir where JetStream looks for it.
 * Takes canonical spelling (normalizeConf).
 */
export function canonicalConf(conf: ConfMap): ConfMap {
  const top = canonicalMap(conf, keyTree(), "");
  splitHttp(top);
  canonicalJetStream(top);
  return top;
}

function canonicalMap(map: ConfMap, node: KeyNode, path: string): Members {
  const result: Members = new Map();
  for (const [key, value] of map) {
    const member = memberOf(node, key);
    const child = path === "" ? key : `${path}.${member === node.any ? "*" : key}`;
    if (key === "write_timeout" && value === "default") continue;
    result.set(key, member ? canonicalValue(value, member, child) : value);
  }
  if (result.has("listen") && node.members.has("host")) splitListen(result, "listen", "host", "port");
  if (path === "leafnodes.remotes" || path === "gateway.gateways") mergeUrl(result);
  if (path === "leafnodes.remotes" && result.get("account") === "$G") result.delete("account");
  return result;
}

function canonicalValue(value: ConfValue, node: KeyNode, path: string): ConfValue {
  const type = node.fact?.type ?? "";
  if (path === "accounts" && isConfList(value))
    return new Map(value.filter((name) => typeof name === "string").map((name) => [name, new Map()]));
  if (node.key === "compression" && type.includes("map") && !isConfMap(value))
    return new Map([["mode", compressionMode(value)]]);
  if (isPermission(node) && !isConfMap(value)) return new Map([["allow", listOf(value)]]);
  if (isConfMap(value)) return canonicalMap(value, node, path);
  if (isConfList(value)) return value.map((item) => (isConfMap(item) ? canonicalMap(item, node, path) : item));
  if (/^(subject|string|account|nkey)\|list/.test(type)) return [value];
  return value;
}

function isPermission(node: KeyNode): boolean {
  return node.members.has("allow") && node.members.has("deny");
}

function compressionMode(value: ConfValue): ConfValue {
  if (value === true) return "on";
  return value === false ? "off" : value;
}

function listOf(value: ConfValue): readonly ConfValue[] {
  return isConfList(value) ? value : [value];
}

function mergeUrl(remote: Members): void {
  const url = remote.get("url");
  if (url === undefined || remote.has("urls")) return;
  remote.delete("url");
  remote.set("urls", [url]);
}

function splitListen(block: Members, key: string, hostKey: string, portKey: string): void {
  const listen = block.get(key)!;
  block.delete(key);
  const match = typeof listen === "string" ? /^(?:\[([^\]]*)\]|([^:]*)):(-?\d+)$/.exec(listen) : null;
  if (match) {
    const host = match[1] ?? match[2]!;
    if (host !== "") block.set(hostKey, host);
    block.set(portKey, BigInt(match[3]!));
  } else if (typeof listen === "bigint") block.set(portKey, listen);
  else block.set(key, listen);
}

/** http: "host:port" and http_port say the same port; the host is the server's unless another one is named. */
function splitHttp(top: Members): void {
  for (const scheme of ["http", "https"]) {
    if (!top.has(scheme)) continue;
    splitListen(top, scheme, "$host", `${scheme}_port`);
    const host = top.get("$host");
    top.delete("$host");
    if (host !== undefined && host !== (top.get("host") ?? "0.0.0.0")) top.set(scheme, host);
  }
}

function canonicalJetStream(top: Members): void {
  const value = top.get("jetstream");
  if (value === undefined) return;
  const block: Members = new Map(isConfMap(value) ? value : []);
  if (!isConfMap(value) && !isOn(value)) block.set("enabled", false);
  const dir = top.get("store_dir");
  if (dir !== undefined && !block.has("store_dir")) {
    block.set("store_dir", dir);
    top.delete("store_dir");
  }
  if (block.get("cipher") === "chachapoly") block.set("cipher", "chacha");
  top.set("jetstream", block);
}

function isOn(value: ConfValue): boolean {
  return value === true || (typeof value === "string" && /^(true|enabled?)$/i.test(value));
}
