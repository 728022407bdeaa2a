import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { maskAddress } from "../../../redact";
import { parseGoDuration, shortDuration } from "../../units";
import { plainText } from "./context";
import type { CheckContext } from "./context";
import { find, isJetStreamOn, portOf, textAt } from "./find";
import { member } from "./member";
import { durationProblem, hostPortProblem } from "./scalars";
import { checkCompressions } from "./startCompression";
import { checkLeafnodes } from "./startLeafnodes";
import { checkListeners } from "./startListeners";
import { checkOperator } from "./startOperator";
import { isValidSubject } from "./subjects";

/** What a server refuses when it starts, though `nats-server -t` takes it. */
export function checkStart(root: ConfMap, context: CheckContext): void {
  limits(root, context);
  checkOperator(root, context);
  checkLeafnodes(root, context);
  checkListeners(root, context);
  gateway(root, context);
  jetstream(root, context);
  systemAccount(root, context);
  checkCompressions(root, context);
  ports(root, context);
}

function limits(root: ConfMap, context: CheckContext): void {
  const tooShort = (spanAt(root, "lame_duck_duration") || parseGoDuration("30s")) < parseGoDuration("30s");
  const duration = spanAt(root, "lame_duck_duration") || parseGoDuration("2m");
  const grace = spanAt(root, "lame_duck_grace_period") || parseGoDuration("10s");
  // A duration below its own minimum is said already.
  if (grace >= duration && !tooShort)
    context.error(
      find(root, "lame_duck_grace_period")?.path ?? "lame_duck_grace_period",
      `lame_duck_grace_period (${shortDuration(grace)}) must be less than lame_duck_duration (${shortDuration(duration)})`,
      `"${shortDuration(duration / 3n)}"`,
    );
  const payload = sizeAt(root, "max_payload") || 1_048_576n;
  const pending = sizeAt(root, "max_pending") || 67_108_864n;
  if (payload > pending)
    context.error(
      find(root, "max_payload")?.path ?? "max_pending",
      `max_payload (${payload}) is more than max_pending (${pending})`,
      `max_pending: ${payload}`,
    );
}

function gateway(root: ConfMap, context: CheckContext): void {
  const block = find(root, "gateway");
  if (!block) return;
  const name = textAt(root, "gateway.name");
  const port = portOf(root, "gateway");
  if (name === "" && port === 0) return;
  if (name === "") context.error(block.path, "has no name", 'name: "…", the same as cluster.name');
  if (port === 0) context.error(block.path, "has no port", "port: 7222");
  const cluster = textAt(root, "cluster.name");
  if (name !== "" && cluster !== "" && name !== cluster)
    context.error(
      find(root, "gateway.name")!.path,
      `"${name}" is not the same as cluster.name ("${cluster}")`,
      `"${cluster}"`,
    );
  const remotes = find(root, "gateway.gateways");
  if (!remotes || !isConfList(remotes.value)) return;
  remotes.value.forEach((remote, index) => {
    const path = joinPath(remotes.path, index);
    const urls = member(remote, "urls");
    if (!member(remote, "name")) context.error(path, "has no name", 'name: "…"');
    if (member(remote, "url") === undefined && !(isConfList(urls) && urls.length > 0))
      context.error(path, "has no URL", 'url: "nats://…:7222"');
  });
}

function jetstream(root: ConfMap, context: CheckContext): void {
  const domain = find(root, "jetstream.domain");
  if (
    domain &&
    typeof domain.value === "string" &&
    domain.value !== "" &&
    (/[.*>]/.test(domain.value) || !isValidSubject(domain.value))
  )
    context.error(domain.path, `"${domain.value}" is not a name: no ".", "*", ">" or space`);
  defaultDomains(root, context);
  metaGroup(root, context);
  if (!isJetStreamOn(root) || portOf(root, "cluster") === 0) return;
  if (textAt(root, "server_name") === "")
    context.error(
      "server_name",
      "JetStream in a cluster needs server_name",
      'server_name: "…", another one on each server',
    );
  if (textAt(root, "cluster.name") === "" && textAt(root, "gateway.name") === "")
    context.error(
      joinPath(find(root, "cluster")!.path, "name"),
      "JetStream in a cluster needs cluster.name",
      'name: "…"',
    );
  const hint = find(root, "jetstream.extension_hint");
  if (hint && typeof hint.value === "string" && !/^(will_extend|no_extend)?$/i.test(hint.value))
    context.error(hint.path, `"${hint.value}" is none of will_extend, no_extend`, '"no_extend"');
  if (sizeAt(root, "jetstream.max_outstanding_catchup") < 0n)
    context.error(find(root, "jetstream.max_outstanding_catchup")!.path, "is less than 0");
}

/** Servers with JetStream in a cluster find each other over routes, or over a leafnode of the system account. */
function metaGroup(root: ConfMap, context: CheckContext): void {
  if (!isJetStreamOn(root) || (portOf(root, "cluster") === 0 && portOf(root, "gateway") === 0)) return;
  const routes = find(root, "cluster.routes")?.value;
  if (isConfList(routes) && routes.length > 0) return;
  const system = textAt(root, "system_account") || "$SYS";
  const remotes = find(root, "leafnodes.remotes")?.value;
  if (isConfList(remotes) && remotes.some((remote) => member(remote, "account", "local") === system)) return;
  const cluster = find(root, "cluster");
  context.error(
    joinPath(cluster?.path ?? "cluster", "routes"),
    "JetStream in a cluster needs routes, or a leafnode remote of the system account",
    'routes: ["nats://…:6222"]',
  );
}

function defaultDomains(root: ConfMap, context: CheckContext): void {
  const domains = find(root, "default_js_domain");
  if (!domains || !isConfMap(domains.value) || find(root, "operator")) return;
  const system = textAt(root, "system_account") || "$SYS";
  for (const [name, domain] of domains.value) {
    const path = joinPath(domains.path, name);
    const account = find(root, "accounts")?.value;
    const declared = isConfMap(account) ? account.get(name) : undefined;
    if (name === system) context.error(path, "the system account has no domain here");
    else if (name !== "$G" && declared === undefined && !(isConfList(account) && account.includes(name)))
      context.error(path, `the account "${name}" is not declared`);
    const own = member(declared ?? "", "jetstream");
    if (domain !== "" && own !== undefined && own !== false && !/^disabled?$/i.test(textOf(own)))
      context.error(path, `the account "${name}" has JetStream here`);
    if (typeof domain === "string" && domain !== "" && !isValidSubject(`$JS.${domain}.API.>`))
      context.error(path, `"${domain}" is not a domain`);
  }
}

function systemAccount(root: ConfMap, context: CheckContext): void {
  const system = find(root, "system_account");
  const accounts = find(root, "accounts")?.value;
  const declared = new Set<ConfValue>(isConfMap(accounts) ? accounts.keys() : isConfList(accounts) ? accounts : []);
  const name = typeof system?.value === "string" ? system.value : "";
  if (
    system &&
    name !== "" &&
    !find(root, "operator") &&
    !find(root, "trusted_keys") &&
    name !== "$G" &&
    name !== "$SYS" &&
    !declared.has(name)
  )
    context.error(system.path, `the account "${name}" is not declared`, `accounts { ${name} { users: [ … ] } }`);
  const key = name === "" ? "$SYS" : name;
  const own = isConfMap(accounts) ? member(accounts.get(key) ?? "", "jetstream") : undefined;
  if (isJetStreamOn(root) && own !== undefined && own !== false && !/^disabled?$/i.test(textOf(own)))
    context.error(
      joinPath(joinPath("accounts", key), "jetstream"),
      "the system account can't have JetStream",
      "leave it out",
    );
}

function ports(root: ConfMap, context: CheckContext): void {
  const listeners = ["listen", "port", "http", "http_port", "https", "https_port", "prof_port"];
  for (const block of ["cluster", "gateway", "leafnodes", "websocket", "mqtt"])
    listeners.push(`${block}.listen`, `${block}.port`);
  for (const place of listeners) {
    const found = find(root, place);
    const text = typeof found?.value === "string" ? (/:([+-]?\d+)$/.exec(found.value)?.[1] ?? "0") : found?.value;
    const port = typeof text === "bigint" || typeof text === "string" ? Number(text) : 0;
    if (found && (port > 65_535 || port < -1))
      context.error(found.path, `there is no port ${port}`, "a port from 1 to 65535, or -1 for any free one");
  }
  for (const place of [
    "client_advertise",
    "cluster.cluster_advertise",
    "gateway.advertise",
    "leafnodes.advertise",
    "websocket.advertise",
  ]) {
    const found = find(root, place);
    if (typeof found?.value !== "string" || found.value === "") continue;
    // The port may be left out here.
    const isHost = !found.value.includes(":") || /^\[[^\]]*\]$/.test(found.value);
    if (!isHost && hostPortProblem(found.value))
      context.error(found.path, `"${maskAddress(found.value)}" is not host:port`, '"host:4222"');
  }
  if (find(root, "http") && find(root, "https") && sameKind(root))
    context.error(
      find(root, "https")!.path,
      "http and https are both given: a server monitors on one of them",
      "leave http out",
    );
  if ((find(root, "https") ?? find(root, "https_port")) && !find(root, "tls"))
    context.error((find(root, "https") ?? find(root, "https_port"))!.path, "needs tls at the top level", "tls { … }");
}

function sameKind(root: ConfMap): boolean {
  const isOn = (place: string): boolean => !/^(0|.*:0)$/.test(plainText(find(root, place)?.value) || "0");
  return isOn("http") && isOn("https");
}

function textOf(value: ConfValue): string {
  return typeof value === "string" ? value : "";
}

function spanAt(root: ConfMap, place: string): bigint {
  const value = find(root, place)?.value;
  return typeof value === "string" && !durationProblem(value) ? parseGoDuration(value) : 0n;
}

function sizeAt(root: ConfMap, place: string): bigint {
  const value = find(root, place)?.value;
  return typeof value === "bigint" ? value : 0n;
}
