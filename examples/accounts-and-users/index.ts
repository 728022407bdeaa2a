/**
 * # Operator, accounts, users
 *
 * What `nsc` does by hand, as a program: an operator with a signing key and a system account, an account with JetStream, and a
 * user for each app with what it may publish and receive. Keys are made once and kept encrypted in the stack. The account is
 * pushed to every server and is there when `pulumi up` is done; `nsc push` is not needed.
 *
 *     pulumi up
 *     pulumi config set maxConnections 2 && pulumi preview --diff     # new claims of the account, pushed and in use at once
 *     (umask 077; pulumi stack output nexusContext --show-secrets > ~/.config/nats/context/nexus.json)
 *     nats --context nexus publish my.topic hello
 *     pulumi refresh                                                  # sees claims that others pushed
 *     pulumi destroy
 *
 * Beside each resource stands what it does in nsc's words. Settings: `credsDir` (folder for the users' creds files, default the
 * program's), `maxConnections`, `port` (first client port), `clusterPort`, `monitorPort`, `dir` (folder of the servers).
 */
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();

// nsc add operator --name MyOperator --generate-signing-key --sys
const operator = new nats.Operator("MyOperator");

const cluster = new nats.Cluster("east", {
  target: nats.thisMachine({
    servers: 3,
    ports: {
      client: config.getNumber("port") ?? 4222,
      cluster: config.getNumber("clusterPort") ?? 6222,
      monitor: config.getNumber("monitorPort") ?? 8222,
    },
    ...(config.get("dir") ? { dir: config.require("dir") } : {}),
  }),
  operator,
  jetstream: { maxFileStore: "1GiB" },
});

// nsc add account stream-core
// nsc edit account stream-core --sk generate --js-disk-storage -1 --js-consumer -1 --js-streams -1
const streamCore = new nats.Account("stream-core", {
  cluster,
  sk: "generate",
  jsDiskStorage: -1,
  jsConsumer: -1,
  jsStreams: -1,
  conns: config.getNumber("maxConnections") ?? -1,
});

// nsc add user --account stream-core --name nexus; nsc edit user nexus --allow-pub "my.topic" --allow-sub "my.topic"
const nexus = new nats.User("nexus", { account: streamCore, allowPub: ["my.topic"], allowSub: ["my.topic"] });

const solaris = new nats.User("solaris", {
  account: streamCore,
  allowSub: ["staging.tunnel.inbound", "staging.private.solaris.>", "_INBOX.>"],
  allowPub: ["staging.tunnel.outbound", "staging.private.solaris.>", "audit", "$JS.API.>"],
});

const folder = path.resolve(config.get("credsDir") ?? ".");
const nexusFile = new nats.CredsFile("nexus", { creds: nexus.creds, path: path.join(folder, "nexus.creds") });
const solarisFile = new nats.CredsFile("solaris", { creds: solaris.creds, path: path.join(folder, "solaris.creds") });

export const urls = cluster.urls;
export const account = streamCore.publicKey;
export const nexusContext = cluster.cliContext({ creds: nexusFile.path });
export const solarisContext = cluster.cliContext({ creds: solarisFile.path });
