/**
 * # A JetStream cluster on Kubernetes
 *
 * Three servers as pods of a StatefulSet: TLS between them and to clients, an account, and a stream on three replicas. The pods satisfy
 * restricted pod security, each has a volume, and the configuration lies in a ConfigMap, all secrets in a Secret. It is deployed with the
 * kubeconfig that kubectl uses; the servers are reached through the API server, so that no port is opened for the tool.
 *
 *     pulumi up
 *     pulumi config set maxPayload 8MiB && pulumi preview --diff       # a hot reload: no pod restarts
 *     pulumi config set version 2.15.2 && pulumi preview               # an upgrade, one pod at a time, meta leader last
 *     pulumi config set servers 5 && pulumi up                         # two more join; back to 3, they leave JetStream's peers first
 *     pulumi refresh                                                   # what was edited by kubectl; the next up puts it back
 *     (umask 077; pulumi stack output context --show-secrets > ~/.config/nats/context/orders.json) && pulumi stack output caCertificate > ca.pem
 *     nats --context orders --tlsca ca.pem stream info ORDERS          # inside of Kubernetes, where the URLs lead to the pods
 *     pulumi destroy                                                   # keeps the volumes and says so; the next up finds them
 *
 * Every object has a last word of yours: `transform: { StatefulSet: (object) => … }`.
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const kubeconfig = config.getSecret("kubeconfig");
const version = config.get("version");

const ca = new nats.CertificateAuthority("ca");
const password = new nats.Password("orders");

const cluster = new nats.Cluster("east", {
  target: nats.kubernetes({
    namespace: config.get("namespace") ?? "nats",
    createNamespace: config.getBoolean("createNamespace") ?? true,
    servers: config.getNumber("servers") ?? 3,
    volume: { size: "1GiB" },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
    exporter: true,
    ...(kubeconfig ? { kubeconfig } : {}),
  }),
  ...(version ? { version } : {}),
  tls: { issuer: ca },
  jetstream: { maxMemoryStore: "64MiB", maxFileStore: "512MiB" },
  accounts: { ORDERS: { jetstream: true, users: [{ user: "orders", password: password.result }] } },
  config: { maxPayload: config.get("maxPayload") ?? "1MiB" },
});

// Through the cluster: JetStream is reached by port-forwards too.
const user = { user: "orders", password: password.result };
const provider = new nats.Provider("orders", {
  servers: cluster.urls,
  through: cluster,
  ...user,
  tls: { ca: ca.cert },
});
const stream = new nats.Stream(
  "ORDERS",
  { subjects: ["orders.>"], replicas: 3, maxAge: "24h" },
  { provider, deletedWith: cluster.servers },
);

export const urls = cluster.urls;
export const caCertificate = ca.cert;
export const streamName = stream.name;
export const context = cluster.cliContext(user);
