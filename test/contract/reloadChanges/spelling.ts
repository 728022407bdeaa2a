import type { ReloadChange } from "./change";

/** Nothing changes but the way it is written. */
export const spellingChanges: readonly ReloadChange[] = [
  { name: "a comment", from: "debug: true", to: "# why\ndebug: true // so" },
  { name: "the order of keys", from: "debug: true\nmax_payload: 1MB", to: "max_payload = 1MB\ndebug yes" },
  { name: "another unit for the same size", from: "max_payload: 1MB", to: "max_payload: 1048576" },
  { name: "the alias of a key", from: "max_connections: 50", to: "max_conn: 50" },
  { name: "the case of a key", from: "max_payload: 1MB", to: "MAX_PAYLOAD: 1MB" },
  { name: "a default spelled out", from: "", to: "max_payload: 1MB" },
  { name: "a default duration spelled out", from: "", to: 'ping_interval: "2m"' },
  { name: "the same duration in other words", from: 'ping_interval: "120s"', to: 'ping_interval: "2m0s"' },
  { name: "a default bool spelled out", from: "", to: "debug: false\nlogtime: true" },
  { name: "a variable", from: "max_payload: 2MB", to: "SIZE: 2MB\nmax_payload: $SIZE" },
  { name: "listen as host and port", from: "listen: 127.0.0.1:-1", to: "host: 127.0.0.1\nport: -1" },
  {
    name: "users in another order",
    from: "authorization { users: [{ user: a, password: hush-a }, { user: b, password: hush-b }] }",
    to: "authorization { users: [{ user: b, password: hush-b }, { user: a, password: hush-a }] }",
  },
  {
    name: "accounts in another order",
    from: "accounts { {system}, A { users: [{ user: a, password: hush-a }] }, B { users: [{ user: b, password: hush-b }] } }",
    to: "accounts { B { users: [{ user: b, pass: hush-b }] }, {system}, A { users: [{ username: a, password: hush-a }] } }",
  },
  {
    name: "routes in another order",
    from: 'cluster { name: C, listen: "127.0.0.1:-1", routes: ["nats://127.0.0.1:{p1}", "nats://127.0.0.1:{p2}"] }',
    to: 'cluster { name: C, listen: "127.0.0.1:-1", routes: ["nats://127.0.0.1:{p2}", "nats://127.0.0.1:{p1}"] }',
  },
  {
    name: "gateways in another order",
    from: 'gateway { name: C, listen: "127.0.0.1:-1", gateways: [{ name: D, url: "nats://127.0.0.1:{p1}" }, { name: E, url: "nats://127.0.0.1:{p2}" }] }',
    to: 'gateway { name: C, listen: "127.0.0.1:-1", gateways: [{ name: E, url: "nats://127.0.0.1:{p2}" }, { name: D, url: "nats://127.0.0.1:{p1}" }] }',
  },
  {
    name: "leaf users in another order",
    from: 'leafnodes { listen: "127.0.0.1:-1", authorization { users: [{ user: a, password: hush-a }, { user: b, password: hush-b }] } }',
    to: 'leafnodes { listen: "127.0.0.1:-1", authorization { users: [{ user: b, password: hush-b }, { user: a, password: hush-a }] } }',
  },
  {
    name: "websocket origins in another order",
    from: 'websocket { listen: "127.0.0.1:-1", no_tls: true, allowed_origins: ["http://a.example", "http://b.example"] }',
    to: 'websocket { listen: "127.0.0.1:-1", no_tls: true, allowed_origins: ["http://b.example", "http://a.example"] }',
  },
  {
    name: "permissions as one subject or a list of it",
    from: 'authorization { users: [{ user: a, password: hush-a, permissions { publish: "a.>" } }] }',
    to: 'authorization { users: [{ user: a, password: hush-a, permissions { publish: ["a.>"] } }] }',
  },
  {
    name: "jetstream's store as a block or enabled",
    from: 'jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }',
    to: 'jetstream { enabled: true, store_dir: "{dir}/js", max_memory_store: 67108864, max_file_store: 128M }'.replace(
      "128M }",
      "128MB }",
    ),
  },
];
