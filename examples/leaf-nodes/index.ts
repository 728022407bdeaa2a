/**
 * # Stores as leaf nodes of a hub
 *
 * A hub, and stores that each have a NATS of their own: tills talk to the server in the store, which goes on while the line to the hub is
 * down. The account STORE of a store is joined with CENTRAL of the hub, with TLS and a password a store; "till.>" never leaves it. Sales are
 * kept in the store's own JetStream, in its domain, and the hub's stream takes them over whenever the line is up.
 *
 *     pulumi up
 *     pulumi config set --path 'stores[2]' harbour && pulumi up      # a third store; the hub learns its password by a reload
 *     (umask 077; pulumi stack output context --show-secrets > ~/.config/nats/context/central.json)
 *     nats --context central stream info SALES                       # the sales of all stores
 *     nats --context central --js-domain airport stream info SALES   # those of one store, asked through the hub
 *
 * Here all run on this machine; `target: nats.hosts([{ address }])` or `nats.kubernetes({ … })` puts a store, or the hub, elsewhere.
 * Settings: `stores`, `port` (first client port), `dir` (folder of the servers).
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const stores = config.getObject<string[]>("stores") ?? ["airport", "market"];
const port = config.getNumber("port") ?? 4222;
const dir = config.get("dir");
const target = (name: string, first: number, servers = 1) =>
  nats.thisMachine({
    servers,
    ports: { client: first, monitor: first + 3, cluster: first + 6, leafnodes: first + 9 },
    ...(dir ? { dir: `${dir}/${name}` } : {}),
  });

const ca = new nats.CertificateAuthority("ca");
const shared = { tls: { issuer: ca }, jetstream: { maxMemoryStore: "64MiB", maxFileStore: "1GiB" } } as const;
const central = new nats.Password("central").result;
const passwords = stores.map((store) => ({ user: store, password: new nats.Password(store).result }));

const hub = new nats.Cluster("hub", {
  target: target("hub", port, 3),
  ...shared,
  accounts: { CENTRAL: { jetstream: true, users: [{ user: "central", password: central }, ...passwords] } },
  leafnodes: {},
});

const sales = passwords.map(({ user: store, password }, index) => {
  const leaf = new nats.LeafNode(store, {
    target: target(store, port + 20 + 12 * index),
    ...shared,
    hub,
    user: store,
    password,
    account: "STORE",
    denyExports: ["till.>"],
    accounts: { STORE: { jetstream: true, users: [{ user: "till", password }] } },
  });
  const provider = new nats.Provider(store, { servers: leaf.urls, user: "till", password, tls: { ca: ca.cert } });
  const options = { provider, deletedWith: leaf.servers };
  return new nats.Stream(`${store}-SALES`, { name: "SALES", subjects: [`sales.${store}`] }, options);
});

const login = { user: "central", password: central };
const provider = new nats.Provider("central", { servers: hub.urls, ...login, tls: { ca: ca.cert } });
const external = (store: string) => ({ api: `$JS.${store}.API` });
const sources = sales.map((stream, index) => ({ name: stream.name, external: external(stores[index]!) }));
new nats.Stream("SALES", { sources, replicas: 3 }, { provider, deletedWith: hub.servers });

export const urls = hub.urls;
export const context = hub.cliContext(login);
