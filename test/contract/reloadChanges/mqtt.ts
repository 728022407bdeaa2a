import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const base = 'server_name: m\njetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n';
const mqtt = (more = "") => `${base}mqtt { listen: "127.0.0.1:-1"${more === "" ? "" : `, ${more}`} }`;

export const mqttChanges: readonly ReloadChange[] = [
  { name: "mqtt appears", from: base, to: mqtt().replace(":-1", ":{p1}") },
  { name: "mqtt disappears", from: mqtt(), to: base },
  {
    name: "mqtt's host changes",
    from: mqtt().replace(":-1", ":{p2}"),
    to: mqtt().replace("127.0.0.1:-1", "localhost:{p2}"),
  },
  { name: "mqtt's port goes from one to any", from: mqtt().replace(":-1", ":{p2}"), to: mqtt(), oneWay: true },
  { name: "mqtt's port changes", from: mqtt().replace(":-1", ":{p2}"), to: mqtt().replace(":-1", ":{p3}") },
  { name: "mqtt's ack_wait", from: mqtt(), to: mqtt('ack_wait: "10s"') },
  { name: "mqtt's max_ack_pending", from: mqtt(), to: mqtt("max_ack_pending: 10") },
  { name: "mqtt's stream_replicas", from: mqtt(), to: mqtt("stream_replicas: 1") },
  { name: "mqtt's consumer_replicas", from: mqtt(), to: mqtt("consumer_replicas: 1") },
  { name: "mqtt's consumer_memory_storage", from: mqtt(), to: mqtt("consumer_memory_storage: true") },
  { name: "mqtt's consumer_inactive_threshold", from: mqtt(), to: mqtt('consumer_inactive_threshold: "1m"') },
  { name: "mqtt's js_api_timeout", from: mqtt(), to: mqtt('js_api_timeout: "3s"') },
  { name: "mqtt's js_domain", from: mqtt(), to: mqtt("js_domain: hub") },
  { name: "mqtt's reject_qos2_publish", from: mqtt(), to: mqtt("reject_qos2_publish: true") },
  { name: "mqtt's downgrade_qos2_subscribe", from: mqtt(), to: mqtt("downgrade_qos2_subscribe: true") },
  {
    name: "mqtt's authorization appears",
    from: mqtt(),
    to: mqtt("authorization { user: u, password: hush-q }"),
    mode: "signal",
  },
  {
    name: "mqtt's token changes",
    from: mqtt("authorization { token: hush-t }"),
    to: mqtt("authorization { token: hush-v }"),
    mode: "signal",
  },
  { name: "mqtt's authorization timeout", from: mqtt(), to: mqtt("authorization { timeout: 5 }") },
  { name: "mqtt's tls appears", from: mqtt(), to: mqtt(tlsA()) },
  { name: "mqtt's tls disappears", from: mqtt(tlsA()), to: mqtt() },
  { name: "mqtt's certificate changes", from: mqtt(tlsA()), to: mqtt(tlsB()) },
  { name: "mqtt's tls timeout", from: mqtt(tlsA()), to: mqtt(tlsA("timeout: 5")) },
  { name: "mqtt's tls verify_and_map", from: mqtt(tlsA()), to: mqtt(tlsA("verify_and_map: true")) },
  { name: "mqtt's pinned_certs", from: mqtt(tlsA()), to: mqtt(tlsA('verify: true, pinned_certs: ["{pinA}"]')) },
  {
    name: "mqtt's no_auth_user",
    from: `${mqtt()}\nauthorization { users: [{ user: a, password: hush-a }] }`,
    to: `${mqtt("no_auth_user: a")}\nauthorization { users: [{ user: a, password: hush-a }] }`,
  },
  { name: "a hot key beside a cold one", from: mqtt(), to: mqtt("max_ack_pending: 10, reject_qos2_publish: true") },
];
