import type { ReloadChange } from "./change";

const users = (name: string) => `users: [{ user: ${name}, password: hush-${name} }]`;
const account = (more: string, other = "") =>
  `accounts { {system}, A { ${users("a")}${more === "" ? "" : `, ${more}`} }${other === "" ? "" : `, ${other}`} }`;
const plain = account("");
const two = account("", `B { ${users("b")} }`);

export const accountsChanges: readonly ReloadChange[] = [
  { name: "the first account", from: "", to: plain },
  { name: "an account is added", from: plain, to: two },
  { name: "an account is removed", from: two, to: plain },
  {
    name: "a user moves to another account",
    from: two,
    to: `accounts { {system}, A { ${users("b")} }, B { ${users("a")} } }`,
  },
  { name: "accounts as a list", from: plain, to: `accounts { {system}, A { ${users("a")} }, LIST {} }` },
  {
    name: "a user is added to an account",
    from: plain,
    to: `accounts { {system}, A { users: [{ user: a, password: hush-a }, { user: c, password: hush-c }] } }`,
  },
  { name: "an account's nkey", from: plain, to: account('nkey: "{accountKey}"') },
  { name: "an export of a stream", from: two, to: account('exports: [{ stream: "a.>" }]', `B { ${users("b")} }`) },
  {
    name: "an export with its import",
    from: two,
    to: account(
      'exports: [{ stream: "a.>" }, { service: "q" }]',
      `B { ${users("b")}, imports: [{ stream { account: A, subject: "a.>" }, prefix: "from" }, { service { account: A, subject: "q" } }] }`,
    ),
  },
  {
    name: "the target of an import",
    from: account(
      'exports: [{ service: "q" }]',
      `B { ${users("b")}, imports: [{ service { account: A, subject: "q" } }] }`,
    ),
    to: account(
      'exports: [{ service: "q" }]',
      `B { ${users("b")}, imports: [{ service { account: A, subject: "q" }, to: "qq" }] }`,
    ),
  },
  {
    name: "a private export",
    from: account('exports: [{ service: "q" }]', `B { ${users("b")} }`),
    to: account('exports: [{ service: "q", accounts: [B] }]', `B { ${users("b")} }`),
  },
  {
    name: "response_type of an export",
    from: account('exports: [{ service: "q" }]'),
    to: account('exports: [{ service: "q", response_type: stream }]'),
  },
  {
    name: "threshold of an export",
    from: account('exports: [{ service: "q" }]'),
    to: account('exports: [{ service: "q", threshold: "3s" }]'),
  },
  {
    name: "latency of an export",
    from: account('exports: [{ service: "q" }]'),
    to: account('exports: [{ service: "q", latency { subject: "lat", sampling: 50% } }]'),
  },
  {
    name: "account_token_position of an export",
    from: account('exports: [{ service: "q.*" }]'),
    to: account('exports: [{ service: "q.*", account_token_position: 2 }]'),
  },
  {
    name: "a service's export instead of a stream's",
    from: account('exports: [{ service: "q" }]'),
    to: account('exports: [{ stream: "q" }]'),
  },
  { name: "a mapping of an account", from: plain, to: account('mappings { "a": "b" }') },
  {
    name: "a weighted mapping",
    from: account('mappings { "a": "b" }'),
    to: account('mappings { "a": [{ destination: "b", weight: 60% }, { destination: "c", weight: 40% }] }'),
  },
  { name: "a global mapping", from: "", to: 'mappings { "a": "b" }' },
  { name: "a global mapping changes", from: 'mappings { "a": "b" }', to: 'mappings { "a": "c" }' },
  { name: "default_permissions of an account", from: plain, to: account('default_permissions { publish: "a.>" }') },
  {
    name: "limits of an account",
    from: plain,
    to: account("limits { max_connections: 10, max_payload: 1MB, max_subscriptions: 100, max_leafnodes: 2 }"),
  },
  {
    name: "limits of an account go down",
    from: account("limits { max_connections: 10 }"),
    to: account("limits { max_connections: 5 }"),
  },
  { name: "msg_trace of an account", from: plain, to: account('msg_trace { dest: "t", sampling: "10%" }') },
  {
    name: "jetstream of an account",
    from: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${plain}`,
    to: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${account("jetstream: enabled")}`,
  },
  {
    name: "jetstream's limits of an account go up",
    from: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${account("jetstream { max_mem: 1MB, max_file: 10MB, max_streams: 3, max_consumers: 4 }")}`,
    to: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${account("jetstream { max_mem: 2MB, max_file: 20MB, max_streams: 5, max_consumers: 6 }")}`,
  },
  {
    name: "an account with jetstream goes",
    from: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${account("", `B { ${users("b")}, jetstream: enabled }`)}`,
    to: `jetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 128MB }\n${plain}`,
  },
  { name: "system_account appears", from: plain, to: `system_account: A\n${plain}` },
  { name: "system_account $SYS is spelled out", from: plain, to: `system_account: "$SYS"\n${plain}` },
  {
    name: "users of $SYS appear",
    from: "accounts { A {} }",
    to: 'accounts { "$SYS" { users: [{ user: s, password: hush-s }] }, A {} }',
    mode: "signal",
  },
  {
    name: "system_account $SYS is spelled out where no account says so",
    from: "accounts { A {} }",
    to: 'system_account: "$SYS"\naccounts { A {} }',
    mode: "signal",
  },
  {
    name: "system_account appears where no account says so",
    from: "accounts { A {} }",
    to: "system_account: A\naccounts { A {} }",
    mode: "signal",
  },
  {
    name: "system_account disappears",
    from: "system_account: A\naccounts { A {} }",
    to: "accounts { A {} }",
    mode: "signal",
  },
  { name: "system_account $SYS is no longer spelled out", from: `system_account: "$SYS"\n${plain}`, to: plain },
  {
    name: "system_account changes",
    from: `system_account: S\naccounts { S { users: [{ user: sys, password: hush-sys }] }, T { ${users("t")} }, # {system}\n}`,
    to: `system_account: T\naccounts { S { users: [{ user: sys, password: hush-sys }] }, T { ${users("t")} }, # {system}\n}`,
  },
  { name: "no_system_account", from: plain, to: `no_system_account: true\n${plain}` },
];
