import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const cluster = (more = "", routes = 'routes: ["nats://127.0.0.1:{p1}"]') =>
  `cluster { name: C, listen: "127.0.0.1:-1", ${routes}${more === "" ? "" : `, ${more}`} }`;

export const clusterChanges: readonly ReloadChange[] = [
  { name: "cluster appears", from: "", to: cluster().replace("-1", "{p2}") },
  { name: "cluster disappears", from: cluster(), to: "" },
  { name: "cluster's name changes", from: cluster(), to: cluster().replace("name: C", "name: D") },
  { name: "cluster's name appears", from: cluster().replace("name: C, ", ""), to: cluster() },
  { name: "cluster's name disappears", from: cluster(), to: cluster().replace("name: C, ", "") },
  { name: "cluster's port changes", from: cluster().replace("-1", "{p2}"), to: cluster().replace("-1", "{p3}") },
  {
    name: "cluster's host changes",
    from: cluster().replace("-1", "{p2}"),
    to: cluster().replace("127.0.0.1:-1", "localhost:{p2}"),
  },
  {
    name: "a route is added",
    from: cluster(),
    to: cluster("", 'routes: ["nats://127.0.0.1:{p1}", "nats://127.0.0.1:{p2}"]'),
  },
  {
    name: "a route is removed",
    from: cluster("", 'routes: ["nats://127.0.0.1:{p1}", "nats://127.0.0.1:{p2}"]'),
    to: cluster(),
  },
  {
    name: "a route's credentials change",
    from: cluster("", 'routes: ["nats://u:hush-r@127.0.0.1:{p1}"]'),
    to: cluster("", 'routes: ["nats://u:hush-s@127.0.0.1:{p1}"]'),
  },
  {
    name: "cluster's authorization appears",
    from: cluster(),
    to: cluster("authorization { user: u, password: hush-r, timeout: 2 }"),
  },
  {
    name: "cluster's password changes",
    from: cluster("authorization { user: u, password: hush-r }"),
    to: cluster("authorization { user: u, password: hush-s }"),
  },
  {
    name: "cluster's authorization disappears",
    from: cluster("authorization { user: u, password: hush-r }"),
    to: cluster(),
  },
  {
    name: "cluster's authorization timeout",
    from: cluster("authorization { user: u, password: hush-r }"),
    to: cluster("authorization { user: u, password: hush-r, timeout: 5 }"),
  },
  { name: "cluster's tls appears", from: cluster(), to: cluster(tlsA()) },
  { name: "cluster's tls disappears", from: cluster(tlsA()), to: cluster() },
  { name: "cluster's certificate changes", from: cluster(tlsA()), to: cluster(tlsB()) },
  { name: "cluster's tls timeout", from: cluster(tlsA()), to: cluster(tlsA("timeout: 5")) },
  { name: "cluster's tls verify_and_map", from: cluster(tlsA()), to: cluster(tlsA("verify_and_map: true")) },
  { name: "cluster's pinned_certs", from: cluster(tlsA()), to: cluster(tlsA('pinned_certs: ["{pinA}"]')) },
  { name: "cluster's permissions", from: cluster(), to: cluster('permissions { import: ["a.>"], export: ["b.>"] }') },
  { name: "cluster's pool_size", from: cluster(), to: cluster("pool_size: 5") },
  { name: "cluster's pooling off", from: cluster(), to: cluster("pool_size: -1") },
  { name: "cluster's compression", from: cluster(), to: cluster("compression: s2_fast") },
  {
    name: "cluster's compression as a map",
    from: cluster(),
    to: cluster('compression { mode: s2_auto, rtt_thresholds: ["5ms", "20ms", "40ms"] }'),
  },
  { name: "cluster's no_advertise", from: cluster(), to: cluster("no_advertise: true") },
  { name: "cluster's advertise", from: cluster(), to: cluster('cluster_advertise: "example.com:6222"') },
  { name: "cluster's connect_retries", from: cluster(), to: cluster("connect_retries: 5") },
  { name: "cluster's connect_backoff", from: cluster(), to: cluster("connect_backoff: true"), since: "2.12" },
  { name: "cluster's ping_interval", from: cluster(), to: cluster('ping_interval: "10s"') },
  { name: "cluster's ping_max", from: cluster(), to: cluster("ping_max: 5") },
  { name: "cluster's write_deadline", from: cluster(), to: cluster('write_deadline: "5s"') },
  { name: "cluster's write_timeout", from: cluster(), to: cluster("write_timeout: close") },
  {
    name: "an account gets a route of its own",
    from: `${cluster()}\naccounts { {system}, A { users: [{ user: a, password: hush-a }] } }`,
    to: `${cluster("accounts: [A]")}\naccounts { {system}, A { users: [{ user: a, password: hush-a }] } }`,
  },
  {
    name: "a new account gets a route of its own",
    from: `${cluster()}\naccounts { {system}, A { users: [{ user: a, password: hush-a }] } }`,
    to: `${cluster("accounts: [B]")}\naccounts { {system}, A { users: [{ user: a, password: hush-a }] }, B { users: [{ user: b, password: hush-b }] } }`,
  },
];
