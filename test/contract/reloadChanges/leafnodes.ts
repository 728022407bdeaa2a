import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const leaf = (more = "") => `leafnodes { listen: "127.0.0.1:-1"${more === "" ? "" : `, ${more}`} }`;

export const leafnodesChanges: readonly ReloadChange[] = [
  { name: "leafnodes appear", from: "", to: leaf().replace("-1", "{p1}") },
  { name: "leafnodes disappear", from: leaf(), to: "" },
  { name: "leafnodes' port changes", from: leaf().replace("-1", "{p2}"), to: leaf().replace("-1", "{p3}") },
  {
    name: "leafnodes' host changes",
    from: leaf().replace("-1", "{p2}"),
    to: leaf().replace("127.0.0.1:-1", "localhost:{p2}"),
  },
  { name: "leafnodes' port goes from one to any", from: leaf().replace("-1", "{p2}"), to: leaf(), oneWay: true },
  {
    name: "leafnodes' user changes",
    from: leaf("authorization { user: u, password: hush-l }"),
    to: leaf("authorization { user: v, password: hush-l }"),
  },
  { name: "leafnodes' user appears", from: leaf(), to: leaf("authorization { user: u, password: hush-l }") },
  {
    name: "leafnodes' password changes",
    from: leaf("authorization { user: u, password: hush-l }"),
    to: leaf("authorization { user: u, password: hush-m }"),
  },
  {
    name: "a leaf user is added",
    from: leaf("authorization { users: [{ user: u, password: hush-l }] }"),
    to: leaf("authorization { users: [{ user: u, password: hush-l }, { user: v, password: hush-m }] }"),
  },
  {
    name: "a leaf user's password changes",
    from: leaf("authorization { users: [{ user: u, password: hush-l }] }"),
    to: leaf("authorization { users: [{ user: u, password: hush-m }] }"),
  },
  {
    name: "a leaf user's proxy_required",
    from: leaf("authorization { users: [{ user: u, password: hush-l }] }"),
    to: leaf("authorization { users: [{ user: u, password: hush-l, proxy_required: true }] }"),
    since: "2.12",
  },
  {
    name: "leafnodes' authorization account",
    from: `${leaf("authorization { user: u, password: hush-l }")}\naccounts { {system}, A {} }`,
    to: `${leaf("authorization { user: u, password: hush-l, account: A }")}\naccounts { {system}, A {} }`,
  },
  { name: "leafnodes' authorization timeout", from: leaf(), to: leaf("authorization { timeout: 5 }") },
  { name: "leafnodes' authorization nkey", from: leaf(), to: leaf('authorization { nkey: "{userKey}" }') },
  {
    name: "leafnodes' authorization proxy_required",
    from: leaf("authorization { user: u, password: hush-l }"),
    to: leaf("authorization { user: u, password: hush-l, proxy_required: true }"),
    since: "2.12",
  },
  { name: "leafnodes' tls appears", from: leaf(), to: leaf(tlsA()) },
  { name: "leafnodes' tls disappears", from: leaf(tlsA()), to: leaf() },
  {
    name: "leafnodes' tls appears beside an explicit timeout",
    from: leaf("authorization { timeout: 4 }"),
    to: leaf(`authorization { timeout: 4 }, ${tlsA()}`),
  },
  { name: "leafnodes' certificate changes", from: leaf(tlsA()), to: leaf(tlsB()) },
  { name: "leafnodes' tls verify", from: leaf(tlsA()), to: leaf(tlsA("verify: true")) },
  { name: "leafnodes' tls verify_and_map", from: leaf(tlsA()), to: leaf(tlsA("verify_and_map: true")) },
  { name: "leafnodes' tls handshake_first", from: leaf(tlsA()), to: leaf(tlsA("handshake_first: true")) },
  { name: "leafnodes' pinned_certs", from: leaf(tlsA()), to: leaf(tlsA('pinned_certs: ["{pinA}"]')) },
  { name: "leafnodes' tls timeout", from: leaf(tlsA()), to: leaf(tlsA("timeout: 5")) },
  {
    name: "leafnodes' tls timeout beside an explicit timeout",
    from: leaf(`authorization { timeout: 4 }, ${tlsA()}`),
    to: leaf(`authorization { timeout: 4 }, ${tlsA("timeout: 5")}`),
  },
  { name: "leafnodes' tls min_version", from: leaf(tlsA()), to: leaf(tlsA('min_version: "1.3"')) },
  { name: "leafnodes' compression", from: leaf(), to: leaf("compression: s2_best") },
  {
    name: "leafnodes' advertise beside a password",
    from: leaf("authorization { user: u, password: hush-l }"),
    to: leaf('authorization { user: u, password: hush-l }, advertise: "example.com:7422"'),
  },
  { name: "leafnodes' advertise", from: leaf(), to: leaf('advertise: "example.com:7422"') },
  { name: "leafnodes' no_advertise", from: leaf(), to: leaf("no_advertise: true") },
  { name: "leafnodes' min_version", from: leaf(), to: leaf('min_version: "2.12.0"') },
  { name: "leafnodes' reconnect", from: leaf(), to: leaf('reconnect: "5s"') },
  {
    name: "leafnodes' isolate_leafnode_interest",
    from: leaf(),
    to: leaf("isolate_leafnode_interest: true"),
    since: "2.12",
  },
  { name: "leafnodes' dial_timeout", from: leaf(), to: leaf('dial_timeout: "3s"'), since: "2.14" },
  { name: "leafnodes' write_deadline", from: leaf(), to: leaf('write_deadline: "5s"') },
  { name: "leafnodes' write_timeout", from: leaf(), to: leaf("write_timeout: close") },
];
