/**
 * # Quickstart: a TLS JetStream cluster on this machine
 *
 * Three servers with routes between them, certificates of an own authority, a system account with an administrator,
 * two accounts with users, and a stream on three replicas. Everything listens on 127.0.0.1.
 *
 *     pulumi up
 *     pulumi config set maxPayload 8MiB && pulumi preview --diff      # a hot reload
 *     pulumi config set maxSubscriptions 10000 && pulumi preview      # a rolling restart, one server at a time
 *     pulumi config set maxMsgs 10 && pulumi preview                  # would delete messages: refused
 *     (umask 077; pulumi stack output ordersContext --show-secrets > ~/.config/nats/context/orders.json)
 *     nats --context orders stream info ORDERS
 *     pulumi destroy                                                  # stops the servers, keeps their files and says where
 *
 * Settings: `port` (first client port), `clusterPort`, `monitorPort`, `dir` (folder of the servers).
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();

const ca = new nats.CertificateAuthority("ca");
const admin = new nats.Password("admin");
const orders = new nats.Password("orders");
const billing = new nats.Password("billing");

const cluster = new nats.Cluster("quickstart", {
  target: nats.thisMachine({
    servers: 3,
    ports: {
      client: config.getNumber("port") ?? 4222,
      cluster: config.getNumber("clusterPort") ?? 6222,
      monitor: config.getNumber("monitorPort") ?? 8222,
    },
    ...(config.get("dir") ? { dir: config.require("dir") } : {}),
  }),
  tls: { issuer: ca },
  jetstream: { maxMemoryStore: "64MiB", maxFileStore: "1GiB" },
  accounts: {
    $SYS: { users: [{ user: "admin", password: admin.result }] },
    ORDERS: {
      jetstream: true,
      users: [{ user: "orders", password: orders.result }],
      exports: [{ stream: "orders.shipped" }],
    },
    BILLING: {
      users: [{ user: "billing", password: billing.result, permissions: { publish: { deny: [">"] } } }],
      imports: [{ stream: { account: "ORDERS", subject: "orders.shipped" } }],
    },
  },
  config: {
    maxPayload: config.get("maxPayload") ?? "1MiB",
    maxSubscriptions: config.getNumber("maxSubscriptions") ?? 0,
  },
});

const ordersUser = { user: "orders", password: orders.result };
const provider = new nats.Provider("orders", { servers: cluster.urls, ...ordersUser, tls: { ca: ca.cert } });
const stream = new nats.Stream(
  "ORDERS",
  { subjects: ["orders.>"], replicas: 3, maxAge: "24h", maxMsgs: config.getNumber("maxMsgs") ?? -1 },
  { provider, deletedWith: cluster.servers },
);

export const urls = cluster.urls;
export const monitorUrls = cluster.monitorUrls;
export const streamName = stream.name;
export const ordersContext = cluster.cliContext(ordersUser);
export const adminContext = cluster.cliContext({ user: "admin", password: admin.result });
export const billingContext = cluster.cliContext({ user: "billing", password: billing.result });
