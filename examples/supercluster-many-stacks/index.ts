/**
 * # One NATS over several stacks
 *
 * Each region is a stack of its own, with its own state, rights and pace. The first makes the certificate authority and the password of the
 * gateways; every further one takes them from a stack that is there, and joins all regions that this one knows. The stacks that are joined
 * need not know of it, and none of their servers is touched.
 *
 *     pulumi stack init us-east && pulumi config set port 4222 && pulumi up
 *     pulumi stack init eu-west && pulumi config set port 4322 && pulumi config set join organization/<project>/us-east && pulumi up
 *     pulumi stack init ap-south && pulumi config set port 4422 && pulumi config set join organization/<project>/eu-west && pulumi up
 *     pulumi destroy                        # of the last stack: its servers leave the others' JetStream, unless messages live there
 *
 * Whoever may read the first stack's secrets may issue certificates: `caKey` is the price of an authority in common. With an authority of your
 * company's give each region `tls: { cert, key, ca }` instead. Here the regions are on one machine; `target: nats.hosts([…])` puts one elsewhere.
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const region = pulumi.getStack();
const port = config.getNumber("port") ?? 4222;
const dir = config.get("dir");
const other = config.get("join") ? new pulumi.StackReference(config.require("join")) : undefined;

const ca = other
  ? nats.CertificateAuthority.fromPem({ cert: other.requireOutput("caCertificate"), key: other.requireOutput("caKey") })
  : new nats.CertificateAuthority("ca");
const orders = other ? other.requireOutput("password") : new nats.Password("orders").result;

const world = new nats.SuperCluster("world", {
  tls: { issuer: ca },
  jetstream: { maxMemoryStore: "64MiB", maxFileStore: "1GiB" },
  accounts: { ORDERS: { jetstream: true, users: [{ user: "orders", password: orders }] } },
  ...(other ? { join: other.requireOutput("gateway") } : {}),
  regions: {
    [region]: {
      target: nats.thisMachine({
        servers: config.getNumber("servers") ?? 3,
        // Ten servers of each listener find room before the next region's.
        ports: { client: port, monitor: port + 10, cluster: port + 20, gateway: port + 30 },
        ...(dir ? { dir } : {}),
      }),
    },
  },
});

const login = { user: "orders", password: orders, tls: { ca: ca.cert } };
// Through the world the stream comes when its region is linked to the others.
const provider = new nats.Provider("orders", { servers: world.region(region).urls, through: world, ...login });
new nats.Stream(`ORDERS-${region}`, { subjects: [`orders.${region}.>`], placement: { cluster: region } }, { provider });

export const urls = world.region(region).urls;
export const gateway = world.gateway;
export const caCertificate = ca.cert;
export const caKey = pulumi.secret(ca.key);
export const password = pulumi.secret(orders);
