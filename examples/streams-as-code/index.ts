/**
 * # Streams as code: an account's streams and consumers, as maps
 *
 * All streams are one resource and all consumers another, so that a thousand cost little more than ten; each is still checked,
 * previewed and changed by itself. A mirror keeps a compressed copy of the orders for a year. The servers are those that the
 * nats CLI would take (`NATS_URL`, `NATS_CREDS`, `NATS_CONTEXT`), or `servers` of the stack.
 *
 *     nats-server -js &
 *     export NATS_URL=nats://127.0.0.1:4222
 *     pulumi up
 *     nats stream ls
 *     pulumi config set maxAge 1h && pulumi preview --diff    # defaults.maxAge, and what it would delete
 *     pulumi destroy                                          # refuses while a stream holds messages, and says which
 *
 * Settings: `servers` (URLs), `replicas` (1; 3 on a cluster), `maxAge` (24h).
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const servers = config.get("servers");
const provider = new nats.Provider("account", servers === undefined ? {} : { servers });

const streams = new nats.Streams(
  "streams",
  {
    defaults: { replicas: config.getNumber("replicas") ?? 1, maxAge: config.get("maxAge") ?? "24h" },
    streams: {
      ORDERS: { subjects: ["orders.>"], maxBytes: "1GiB", allowDirect: true },
      PAYMENTS: { subjects: ["payments.>"], denyDelete: true },
      JOBS: { subjects: ["jobs.>"], retention: "workqueue", maxMsgs: 100_000, discard: "new" },
      ORDERS_ARCHIVE: { mirror: { name: "ORDERS" }, maxAge: "8760h", compression: "s2" },
    },
  },
  { provider },
);

new nats.Consumers(
  "consumers",
  {
    defaults: { maxDeliver: 5 },
    consumers: {
      ORDERS: {
        invoices: { filterSubject: "orders.paid", backoff: ["1s", "10s", "1m"] },
        shipping: { filterSubjects: ["orders.paid", "orders.cancelled"], ackWait: "1m", maxAckPending: 100 },
      },
      JOBS: { workers: { filterSubject: "jobs.*" } },
      ORDERS_ARCHIVE: { audit: { ackPolicy: "all", maxDeliver: -1 } },
    },
  },
  { provider, dependsOn: streams },
);

export const streamNames = streams.names;
