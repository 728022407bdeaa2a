/**
 * # One NATS over three regions
 *
 * A cluster in each region, on hosts of your own, joined by gateways with TLS and a generated password. Accounts are the same in all regions;
 * what is published in one reaches subscribers in all. One JetStream spans them: the stream ORDERS lives in the first region, on three of
 * its servers, and a mirror of it in the second.
 *
 *     pulumi config set --path 'regions[0].name' us-east
 *     pulumi config set --path 'regions[0].hosts[0].address' 10.0.1.11       # and further hosts, and regions[1], regions[2]
 *     pulumi config set user ops                                             # keys: ssh agent or ~/.ssh; host keys: ~/.ssh/known_hosts
 *     pulumi up
 *     pulumi config set --path 'regions[1].version' 2.15.2 && pulumi preview # an upgrade of one region, one server at a time
 *     (umask 077; pulumi stack output creds --show-secrets > orders.creds) && pulumi stack output caCertificate > ca.pem
 *     nats --server tls://10.0.1.11:4222 --creds orders.creds --tlsca ca.pem stream report
 *
 * A further region at the end of the list joins without touching those that run. One that leaves the list is first taken out of JetStream,
 * which is refused while streams live there. Of three regions one may be lost; with two, JetStream needs both.
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

interface Region {
  readonly name: string;
  readonly hosts: readonly nats.HostArgs[];
  readonly version?: string;
}

const config = new pulumi.Config();
const regions = config.requireObject<readonly Region[]>("regions");
const privateKey = config.getSecret("privateKey");
const knownHostsFile = config.get("knownHostsFile");
const ssh = {
  user: config.get("user") ?? "ops",
  ...(privateKey ? { privateKey } : {}),
  ...(knownHostsFile ? { knownHostsFile } : {}),
};

const operator = new nats.Operator("acme");
const ca = new nats.CertificateAuthority("ca");
const world = new nats.SuperCluster("world", {
  operator,
  tls: { issuer: ca },
  jetstream: { maxMemoryStore: "64MiB", maxFileStore: "1GiB" },
  regions: Object.fromEntries(
    regions.map(({ name, hosts, ...own }) => [name, { target: nats.hosts(hosts, { ssh }), ...own }]),
  ),
});

const limits = { jsDiskStorage: "512MiB", jsMemStorage: "64MiB", jsStreams: -1, jsConsumer: -1 } as const;
const orders = new nats.Account("orders", { cluster: world, ...limits });
const clerk = new nats.User("clerk", { account: orders });

const [home = "us-east", copy = home] = regions.map(({ name }) => name);
const login = { creds: clerk.creds, tls: { ca: ca.cert } };
const provider = new nats.Provider("orders", { servers: world.region(home).urls, through: world, ...login });
// Through the world streams come when all regions are linked; they go with the first.
const options = { provider, deletedWith: world.region(home).servers };
const placed = (cluster: string) => ({ replicas: 3, placement: { cluster } });
const stream = new nats.Stream("ORDERS", { subjects: ["orders.>"], ...placed(home) }, options);
new nats.Stream("ORDERS-COPY", { mirror: { name: stream.name }, ...placed(copy) }, options);

export const urls = world.urls;
export const caCertificate = ca.cert;
export const creds = clerk.creds;
