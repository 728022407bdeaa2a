import type { Line, ReloadChange } from "./change";

export interface Tree {
  [key: string]: unknown;
}

/** The least configuration in which the keys under a path can stand. The first that fits counts. */
export interface FactBase {
  readonly under: RegExp;
  readonly tree: Tree;
  readonly since?: Line;
  readonly mode?: ReloadChange["mode"];
}

const listen = "127.0.0.1:-1";
const tls = { cert_file: "{fixtures}/a.pem", key_file: "{fixtures}/a.key", ca_file: "{fixtures}/ca.pem", verify: true };
const dialling = { cert_file: "{fixtures}/a.pem", key_file: "{fixtures}/a.key", ca_file: "{fixtures}/ca.pem" };
const user = () => ({ user: "a", password: "hush-a" });
const system = { users: [{ user: "sys", password: "hush-sys" }] };
const cluster = { name: "C", listen, routes: ["nats://127.0.0.1:{p1}"] };
const gateway = { name: "C", listen };
const remoteGateway = { name: "D", urls: ["nats://127.0.0.1:{p1}"] };
const remote = { urls: ["nats-leaf://127.0.0.1:{p1}"] };
const websocket = { listen, no_tls: true };
const jetstream = { store_dir: "{dir}/js", max_memory_store: 1_048_576, max_file_store: 1_048_576 };
const mqtt = { server_name: "m", jetstream };

export const factBases: readonly FactBase[] = [
  { under: /^tls\./, tree: { tls } },
  { under: /^cluster\.tls\./, tree: { cluster: { ...cluster, tls } } },
  { under: /^cluster\./, tree: { cluster } },
  { under: /^gateway\.tls\./, tree: { gateway: { ...gateway, tls } } },
  {
    under: /^gateway\.gateways\[\]\.tls\./,
    tree: { gateway: { ...gateway, gateways: [{ ...remoteGateway, tls: dialling }] } },
  },
  { under: /^gateway\.gateways\[\]\./, tree: { gateway: { ...gateway, gateways: [remoteGateway] } } },
  { under: /^gateway\./, tree: { gateway } },
  { under: /^leafnodes\.tls\./, tree: { leafnodes: { listen, tls } } },
  {
    under: /^leafnodes\.authorization\.users\[\]\./,
    tree: { leafnodes: { listen, authorization: { users: [user()] } } },
  },
  { under: /^leafnodes\.remotes\[\]\.tls\./, tree: { leafnodes: { remotes: [{ ...remote, tls: dialling }] } } },
  {
    under: /^leafnodes\.remotes\[\]\.proxy\.tls\./,
    since: "2.15",
    tree: {
      leafnodes: {
        remotes: [{ urls: ["ws://127.0.0.1:{p1}"], proxy: { url: "https://127.0.0.1:{p2}", tls: dialling } }],
      },
    },
  },
  {
    under: /^leafnodes\.remotes\[\]\.proxy\./,
    since: "2.12",
    tree: {
      leafnodes: {
        remotes: [
          { urls: ["ws://127.0.0.1:{p1}"], proxy: { url: "http://127.0.0.1:{p2}", username: "u", password: "hush-u" } },
        ],
      },
    },
  },
  { under: /^leafnodes\.remotes\[\]\./, tree: { leafnodes: { remotes: [remote] } } },
  { under: /^leafnodes\./, tree: { leafnodes: { listen } } },
  { under: /^websocket\.tls\./, tree: { websocket: { listen, tls } } },
  {
    under: /^websocket\.authorization\./,
    tree: { websocket: { ...websocket, authorization: user() } },
    mode: "signal",
  },
  { under: /^websocket\./, tree: { websocket } },
  { under: /^mqtt\.tls\./, tree: { ...mqtt, mqtt: { listen, tls } } },
  { under: /^mqtt\.authorization\./, tree: { ...mqtt, mqtt: { listen, authorization: user() } }, mode: "signal" },
  { under: /^mqtt\./, tree: { ...mqtt, mqtt: { listen } } },
  { under: /^jetstream\./, tree: { jetstream } },
  { under: /^authorization\.users\[\]\./, tree: { authorization: { users: [user()] } } },
  { under: /^authorization\.(user|password|token|timeout)$/, tree: { authorization: user() }, mode: "signal" },
  { under: /^authorization\./, tree: { authorization: { users: [user()] } } },
  {
    under: /^accounts\.<name>\.jetstream\./,
    tree: {
      jetstream,
      accounts: { $SYS: system, A: { users: [user()], jetstream: { max_memory: 100, max_store: 100 } } },
    },
  },
  {
    under: /^accounts\.<name>\.exports\[\]\./,
    tree: { accounts: { $SYS: system, A: { users: [user()], exports: [{ service: "q" }] } } },
  },
  {
    under: /^accounts\.<name>\.imports\[\]\./,
    tree: {
      accounts: {
        $SYS: system,
        B: { exports: [{ service: "q" }, { stream: "s" }] },
        A: { users: [user()], imports: [{ service: { account: "B", subject: "q" } }] },
      },
    },
  },
  {
    under: /^accounts\.<name>\.mappings\./,
    tree: { accounts: { $SYS: system, A: { users: [user()], mappings: { a: [{ destination: "b", weight: 50 }] } } } },
  },
  { under: /^accounts\.<name>\./, tree: { accounts: { $SYS: system, A: { users: [user()] } } } },
  { under: /^(ocsp|ocsp_cache)\./, tree: { tls, ocsp: { mode: "auto" }, ocsp_cache: { type: "local" } } },
  { under: /^[^.]+$/, tree: {} },
];
