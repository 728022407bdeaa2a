import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const gateway = (more = "") => `gateway { name: C, listen: "127.0.0.1:-1"${more === "" ? "" : `, ${more}`} }`;
const remote = (name: string, port: string, more = "") =>
  `{ name: ${name}, urls: ["nats://127.0.0.1:{${port}}"]${more === "" ? "" : `, ${more}`} }`;

export const gatewayChanges: readonly ReloadChange[] = [
  { name: "gateway appears", from: "", to: gateway().replace("-1", "{p1}") },
  { name: "gateway disappears", from: gateway(), to: "" },
  { name: "gateway's name changes", from: gateway(), to: gateway().replace("name: C", "name: D") },
  {
    name: "gateway's host changes",
    from: gateway().replace(":-1", ":{p2}"),
    to: gateway().replace("127.0.0.1:-1", "localhost:{p2}"),
  },
  { name: "gateway's port goes from one to any", from: gateway().replace(":-1", ":{p2}"), to: gateway(), oneWay: true },
  { name: "gateway's port changes", from: gateway().replace("-1", "{p2}"), to: gateway().replace("-1", "{p3}") },
  { name: "a remote gateway is added", from: gateway(), to: gateway(`gateways: [${remote("D", "p1")}]`) },
  {
    name: "a remote gateway is removed",
    from: gateway(`gateways: [${remote("D", "p1")}, ${remote("E", "p2")}]`),
    to: gateway(`gateways: [${remote("D", "p1")}]`),
  },
  {
    name: "a remote gateway's url changes",
    from: gateway(`gateways: [${remote("D", "p1")}]`),
    to: gateway(`gateways: [${remote("D", "p2")}]`),
  },
  {
    name: "a remote gateway's urls in another order",
    from: gateway('gateways: [{ name: D, urls: ["nats://127.0.0.1:{p1}", "nats://127.0.0.1:{p2}"] }]'),
    to: gateway('gateways: [{ name: D, urls: ["nats://127.0.0.1:{p2}", "nats://127.0.0.1:{p1}"] }]'),
  },
  {
    name: "gateway's authorization appears",
    from: gateway(),
    to: gateway("authorization { user: u, password: hush-g }"),
  },
  {
    name: "gateway's password changes",
    from: gateway("authorization { user: u, password: hush-g }"),
    to: gateway("authorization { user: u, password: hush-h }"),
  },
  { name: "gateway's timeout changes", from: gateway(), to: gateway("authorization { timeout: 5 }") },
  { name: "gateway's timeout spelled as it was", from: gateway(), to: gateway("authorization { timeout: 2 }") },
  { name: "gateway's tls appears", from: gateway(), to: gateway(tlsA()) },
  { name: "gateway's tls disappears", from: gateway(tlsA()), to: gateway() },
  {
    name: "gateway's tls appears beside an explicit timeout",
    from: gateway("authorization { timeout: 4 }"),
    to: gateway(`authorization { timeout: 4 }, ${tlsA()}`),
  },
  {
    name: "gateway's tls appears with the timeout it had",
    from: gateway(),
    to: gateway(`authorization { timeout: 2 }, ${tlsA()}`),
  },
  { name: "gateway's certificate changes", from: gateway(tlsA()), to: gateway(tlsB()) },
  { name: "gateway's tls timeout", from: gateway(tlsA()), to: gateway(tlsA("timeout: 5")) },
  {
    name: "gateway's tls timeout beside an explicit timeout",
    from: gateway(`authorization { timeout: 4 }, ${tlsA()}`),
    to: gateway(`authorization { timeout: 4 }, ${tlsA("timeout: 5")}`),
  },
  { name: "gateway's tls verify_and_map", from: gateway(tlsA()), to: gateway(tlsA("verify_and_map: true")) },
  { name: "gateway's pinned_certs", from: gateway(tlsA()), to: gateway(tlsA('pinned_certs: ["{pinA}"]')) },
  {
    name: "a remote gateway's tls appears",
    from: gateway(`gateways: [${remote("D", "p1")}]`),
    to: gateway(`gateways: [${remote("D", "p1", tlsA())}]`),
  },
  {
    name: "a remote gateway's certificate changes",
    from: gateway(`gateways: [${remote("D", "p1", tlsA())}]`),
    to: gateway(`gateways: [${remote("D", "p1", tlsB())}]`),
  },
  {
    name: "a remote gateway's tls timeout",
    from: gateway(`gateways: [${remote("D", "p1", tlsA())}]`),
    to: gateway(`gateways: [${remote("D", "p1", tlsA("timeout: 5"))}]`),
  },
  { name: "reject_unknown_cluster", from: gateway(), to: gateway("reject_unknown_cluster: true") },
  { name: "gateway's connect_retries", from: gateway(), to: gateway("connect_retries: 5") },
  { name: "gateway's connect_backoff", from: gateway(), to: gateway("connect_backoff: true"), since: "2.12" },
  { name: "gateway's advertise", from: gateway(), to: gateway('advertise: "example.com:7222"') },
  { name: "gateway's write_deadline", from: gateway(), to: gateway('write_deadline: "5s"') },
  { name: "gateway's write_timeout", from: gateway(), to: gateway("write_timeout: close") },
  {
    name: "a listed gateway changes beside a password",
    from: gateway("authorization { user: u, password: hush-g }"),
    to: gateway("authorization { user: u, password: hush-g }, connect_retries: 5"),
  },
];
