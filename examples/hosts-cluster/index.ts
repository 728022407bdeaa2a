/**
 * # A JetStream cluster on your own hosts
 *
 * One nats-server on each host, reached over ssh: TLS between all of them and to clients, an account, and a stream on three replicas.
 * A host is any Linux with systemd and a user who may become root by sudo; there is nothing to install on it, and no port is opened for the
 * tool. It gets nats-server under /usr/local/lib/pulumi-nats, the user nats, a hardened unit nats-<server>.service that starts at boot
 * (journalctl -u nats-east-1), and everything else in /var/lib/nats/east/<server>.
 *
 *     pulumi config set --path 'hosts[0].address' 10.0.1.11            # and hosts[1], hosts[2]
 *     pulumi config set user ops                                       # keys: ssh agent or ~/.ssh, or
 *     pulumi config set --secret privateKey < ~/.ssh/id_ed25519        #   this one; host keys: ~/.ssh/known_hosts
 *     pulumi up
 *     pulumi config set maxPayload 8MiB && pulumi preview --diff       # a hot reload
 *     pulumi config set version 2.15.2 && pulumi preview               # an upgrade, one server at a time, meta leader last
 *     pulumi refresh                                                   # what was changed on a host by hand; the next up puts it back
 *     (umask 077; pulumi stack output context --show-secrets > ~/.config/nats/context/orders.json) && pulumi stack output caCertificate > ca.pem
 *     nats --context orders --tlsca ca.pem stream info ORDERS
 *     pulumi destroy                                                   # keeps JetStream's files and says where
 *
 * Another host at the end of the list joins while the others serve; one that leaves it is first taken out of JetStream's peers.
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const privateKey = config.getSecret("privateKey");
const knownHostsFile = config.get("knownHostsFile");
const version = config.get("version");

const ca = new nats.CertificateAuthority("ca");
const password = new nats.Password("orders");

const cluster = new nats.Cluster("east", {
  target: nats.hosts(config.requireObject<nats.HostArgs[]>("hosts"), {
    ssh: {
      user: config.get("user") ?? "ops",
      ...(privateKey ? { privateKey } : {}),
      ...(knownHostsFile ? { knownHostsFile } : {}),
    },
  }),
  ...(version ? { version } : {}),
  tls: { issuer: ca },
  jetstream: { maxMemoryStore: "64MiB", maxFileStore: "1GiB" },
  accounts: { ORDERS: { jetstream: true, users: [{ user: "orders", password: password.result }] } },
  config: { maxPayload: config.get("maxPayload") ?? "1MiB" },
});

// Through the cluster: JetStream is reached by ssh too, so that nothing but sshd need be open to this machine.
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
