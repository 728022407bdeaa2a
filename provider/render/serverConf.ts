import { isConfMap, Reference, toConfValue } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { writeConf } from "../conf/writer";
import type { ClusterModel, Listener, NodeModel } from "../model/cluster";
import type { GeneratedSecrets } from "../model/generated";
import { extractSecrets } from "./extractSecrets";
import { withGatewayLogins, withLeafLogins } from "./remoteLogins";

/** The texts that a cluster's servers run from. */
export interface ServerConf {
  /** nats.conf, the same on every node. */
  readonly config: string;
  /** node.conf by server_name. */
  readonly nodes: Readonly<Record<string, string>>;
  /** secrets.conf's variables, once the generated secrets are known. */
  readonly secrets: (generated: GeneratedSecrets) => Readonly<Record<string, string>>;
}

const clusterUser = "cluster";
const managementVariable = "MANAGEMENT_NKEY";
const passwordVariable = "CLUSTER_PASSWORD";

/** Cluster model to nats.conf, node.conf and the secrets that both refer to. */
export function renderServerConf(cluster: ClusterModel): ServerConf {
  const { conf, secrets } = withLeafLogins(
    withGatewayLogins(extractSecrets(cluster.settings, cluster.secrets)),
    cluster.leafLogins,
  );
  const meshed = cluster.nodes.length > 1 || conf.has("gateway");
  const shared = new Map<string, ConfValue>([
    ["listen", new Reference(listenVariable("client"))],
    ...advertised(cluster, "client", "client_advertise"),
    ["http", new Reference(listenVariable("monitor"))],
    ["lame_duck_duration", "30s"],
    ["lame_duck_grace_period", "2s"],
    ...withTls(cluster, conf.get("tls"), { verify: cluster.tls?.verify ?? false }),
    ...(hasToken(conf) || conf.has("operator") ? [] : [["system_account", "$SYS"] as const]),
    ...withoutBlocks(conf),
    ...jetstreamBlock(cluster, conf.get("jetstream")),
    ...(meshed ? [["cluster", clusterBlock(cluster, mapOf(conf.get("cluster")))] as const] : []),
    ...listenerBlock(cluster, conf, "gateway"),
    ...listenerBlock(cluster, conf, "leafnodes"),
    ...listenerBlock(cluster, conf, "websocket"),
    ...listenerBlock(cluster, conf, "mqtt"),
    ...accessBlocks(conf),
  ]);
  const used = usedVariables(shared);
  const fixed = Object.fromEntries(Object.entries(secrets).filter(([name]) => used.has(name)));
  return {
    config: writeConf(shared, {
      header:
        `Cluster ${cluster.name}, by pulumi-nats: the next \`pulumi up\` puts back what is changed here by hand.`.split(
          "\n",
        ),
      includes: ["node.conf", "secrets.conf"],
    }),
    nodes: Object.fromEntries(cluster.nodes.map((node) => [node.name, nodeConf(node, used)])),
    secrets: (generated) => ({ ...fixed, ...generatedVariables(cluster, generated, used) }),
  };
}

/** Blocks that the cluster completes itself; all else goes through as it is. */
const completedBlocks = new Set([
  "tls",
  "jetstream",
  "cluster",
  "gateway",
  "leafnodes",
  "websocket",
  "mqtt",
  "accounts",
  "authorization",
]);

function withoutBlocks(conf: ConfMap): [string, ConfValue][] {
  return [...conf].filter(([key]) => !completedBlocks.has(key));
}

/** The cluster's certificate with what the program says beyond it; without a certificate, only what the program says. */
function withTls(
  cluster: ClusterModel,
  wanted: ConfValue | undefined,
  extra: { readonly verify: boolean; readonly timeout?: false },
): (readonly [string, ConfValue])[] {
  if (wanted !== undefined && !isConfMap(wanted)) return [["tls", wanted]];
  if (!cluster.tls) return wanted === undefined ? [] : [["tls", wanted]];
  const dir = cluster.layout.tlsDir;
  const ownCertificate = ["cert_file", "certs", "cert_store"].some((key) => mapOf(wanted).has(key));
  return [
    [
      "tls",
      new Map<string, ConfValue>([
        ...(ownCertificate
          ? []
          : ([
              ["cert_file", `${dir}/server.pem`],
              ["key_file", `${dir}/server.key`],
            ] as const)),
        ["ca_file", `${dir}/ca.pem`],
        ...(extra.verify ? [["verify", true] as const] : []),
        ...(extra.timeout === false ? [] : [["timeout", 5n] as const]),
        ...mapOf(wanted),
      ]),
    ],
  ];
}

function jetstreamBlock(cluster: ClusterModel, wanted: ConfValue | undefined): [string, ConfValue][] {
  if (wanted === undefined || wanted === false || wanted === "disabled") return [];
  return [["jetstream", new Map<string, ConfValue>([["store_dir", cluster.layout.storeDir], ...mapOf(wanted)])]];
}

function clusterBlock(cluster: ClusterModel, settings: ConfMap): ConfMap {
  const routes = cluster.nodes.map((node) => new Reference(routeVariable(node)));
  const foreign = settings.get("routes");
  return new Map<string, ConfValue>([
    ["name", cluster.name],
    ["listen", new Reference(listenVariable("cluster"))],
    ...advertised(cluster, "cluster"),
    ["routes", [...routes, ...(Array.isArray(foreign) ? (foreign as ConfValue[]) : [])]],
    [
      "authorization",
      new Map<string, ConfValue>([
        ["user", clusterUser],
        ["password", new Reference(passwordVariable)],
        ["timeout", 5n],
      ]),
    ],
    // Routes dial with the server's own certificate, so the listener can ask for one.
    ...withTls(cluster, settings.get("tls"), { verify: true }),
    ...[...settings].filter(([key]) => key !== "routes" && key !== "tls"),
  ]);
}

function listenerBlock(
  cluster: ClusterModel,
  conf: ConfMap,
  block: Exclude<Listener, "client" | "monitor" | "cluster">,
): [string, ConfValue][] {
  const wanted = conf.get(block);
  if (wanted === undefined || wanted === false) return [];
  const settings = mapOf(wanted);
  const listens = cluster.nodes.some((node) => node.ports[block] !== undefined);
  if (!listens) return [[block, settings]];
  const isPlain = block === "websocket" && settings.get("no_tls") === true;
  const extra = { verify: block === "gateway", ...(block === "websocket" ? { timeout: false as const } : {}) };
  const tls = isPlain ? [] : withTls(cluster, settings.get("tls"), extra);
  // A default timeout moves when tls is added, which makes the server refuse the reload: it is always explicit.
  const explicitTimeout = block === "gateway" || block === "leafnodes";
  const authorization = mapOf(settings.get("authorization"));
  return [
    [
      block,
      new Map<string, ConfValue>([
        ...(block === "gateway" ? [["name", cluster.name] as const] : []),
        ["listen", new Reference(listenVariable(block))],
        ...(block === "mqtt" ? [] : advertised(cluster, block)),
        ...tls,
        ...(block === "websocket" && tls.length === 0 ? [["no_tls", true] as const] : []),
        ...[...settings].filter(([key]) => key !== "tls"),
        ...(explicitTimeout
          ? [["authorization", new Map<string, ConfValue>([["timeout", 5n], ...authorization])] as const]
          : []),
      ]),
    ],
  ];
}

/**
 * Accounts and users, with the management user in the system account; a cluster without any user stays open to anyone.
 * Beside a token the server takes neither accounts nor users, so there is no management user then; an operator issues them all.
 */
function accessBlocks(conf: ConfMap): [string, ConfValue][] {
  const authorization = mapOf(conf.get("authorization"));
  if (conf.has("operator")) return authorization.size === 0 ? [] : [["authorization", authorization]];
  if (hasToken(conf)) {
    const accounts = conf.get("accounts");
    return [
      ["authorization", authorization],
      ...(accounts === undefined ? [] : ([["accounts", accounts]] as const)),
    ].map(([key, value]) => [key, value] as [string, ConfValue]);
  }
  const accounts = mapOf(conf.get("accounts"));
  const named = conf.get("system_account");
  const systemAccount = typeof named === "string" ? named : "$SYS";
  const system = mapOf(accounts.get(systemAccount));
  const users = system.get("users");
  const management = new Map<string, ConfValue>([["nkey", new Reference(managementVariable)]]);
  const open = isOpen(conf, systemAccount);
  return [
    ...(open
      ? ([
          ["no_auth_user", "anyone"],
          ["authorization", toConfValue({ users: [{ user: "anyone" }] })],
        ] as [string, ConfValue][])
      : authorization.size > 0
        ? ([["authorization", usersOf(authorization)]] as [string, ConfValue][])
        : []),
    [
      "accounts",
      new Map<string, ConfValue>([
        ...accounts,
        [
          systemAccount,
          new Map<string, ConfValue>([
            ...system,
            ["users", [management, ...(Array.isArray(users) ? (users as ConfValue[]) : [])]],
          ]),
        ],
      ]),
    ],
  ];
}

/** True where clients show one token, and the server therefore knows no user by which it could be managed. */
export function hasToken(conf: ConfMap): boolean {
  return mapOf(conf.get("authorization")).has("token");
}

/** True where the program declares no client user anywhere, so that any client may connect. */
export function isOpen(conf: ConfMap, systemAccount = "$SYS"): boolean {
  const authorization = mapOf(conf.get("authorization"));
  const declares = ["user", "token", "users", "auth_callout"].some((key) => authorization.has(key));
  const inAccounts = [...mapOf(conf.get("accounts"))].some(
    ([name, account]) => name !== systemAccount && mapOf(account).has("users"),
  );
  return !declares && !inAccounts && !conf.has("operator") && !conf.has("no_auth_user");
}

/** A single user is written as a list of one: the server refuses `user` beside accounts. */
function usersOf(authorization: ConfMap): ConfMap {
  if (!authorization.has("user") || authorization.has("users")) return authorization;
  const user = new Map<string, ConfValue>();
  const rest = new Map<string, ConfValue>();
  for (const [key, value] of authorization) (key === "user" || key === "password" ? user : rest).set(key, value);
  return new Map<string, ConfValue>([...rest, ["users", [user]]]);
}

function nodeConf(node: NodeModel, used: ReadonlySet<string>): string {
  const variables = Object.entries(node.ports)
    .flatMap(([listener, port]) => {
      const listens = (listener === "monitor" ? node.monitorListen : undefined) ?? node.listen ?? node.host;
      const dialled = listener === "cluster" ? (node.routeHost ?? node.host) : node.host;
      return [
        [listenVariable(listener as Listener), `${inUrl(listens)}:${port}`] as const,
        [advertiseVariable(listener as Listener), `${inUrl(dialled)}:${port}`] as const,
      ];
    })
    .filter(([variable]) => used.has(variable));
  return writeConf(new Map<string, ConfValue>([["server_name", node.name], ...variables]));
}

function generatedVariables(
  cluster: ClusterModel,
  generated: GeneratedSecrets,
  used: ReadonlySet<string>,
): Record<string, string> {
  const routes = cluster.nodes.map((node) => [
    routeVariable(node),
    `nats-route://${clusterUser}:${generated.clusterPassword}@${inUrl(node.routeHost ?? node.host)}:${node.ports.cluster}`,
  ]);
  const all = [[managementVariable, generated.managementKey], [passwordVariable, generated.clusterPassword], ...routes];
  return Object.fromEntries(all.filter(([name]) => used.has(name!))) as Record<string, string>;
}

function routeVariable(node: NodeModel): string {
  return `ROUTE_${node.name.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
}

/** A server that listens on every address would tell all of them to clients and peers, also those that nobody else can dial. */
function advertised(cluster: ClusterModel, listener: Listener, key = "advertise"): [string, ConfValue][] {
  const isNeeded = cluster.nodes.some((node) => node.listen !== undefined && node.listen !== node.host);
  return isNeeded ? [[key, new Reference(advertiseVariable(listener))]] : [];
}

function inUrl(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** The variable of node.conf with the address that others dial; only where the block advertises one. */
export function advertiseVariable(listener: Listener): string {
  return `ADVERTISE_${listener.toUpperCase()}`;
}

function listenVariable(listener: Listener): string {
  return `${listener.toUpperCase()}_LISTEN`;
}

function mapOf(value: ConfValue | undefined): ConfMap {
  return isConfMap(value) ? value : new Map<string, ConfValue>();
}

function usedVariables(value: ConfValue, found = new Set<string>()): Set<string> {
  if (value instanceof Reference) found.add(value.variable);
  else if (isConfMap(value)) for (const member of value.values()) usedVariables(member, found);
  else if (Array.isArray(value)) for (const member of value as ConfValue[]) usedVariables(member, found);
  return found;
}
