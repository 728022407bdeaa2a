import type { ReloadChange } from "./change";

const operator = (resolver: string, more = "") =>
  `operator: "{fixtures}/operator.jwt"\nsystem_account: {sysAccount}\n${resolver}\n${more}`;
const preload = (app = "") =>
  `resolver_preload { {sysAccount}: "{sysJwt}"${app === "" ? "" : `, {appAccount}: "${app}"`} }`;
const memory = (app = "") => `resolver: MEMORY\n${preload(app)}`;
const full = (more = "") => `resolver { type: full, dir: "{dir}/jwt"${more === "" ? "" : `, ${more}`} }\n${preload()}`;

export const resolverChanges: readonly ReloadChange[] = [
  { name: "an account in the preload", from: operator(memory()), to: operator(memory("{appJwt}")), mode: "operator" },
  {
    name: "an account's JWT in the preload",
    from: operator(memory("{appJwt}")),
    to: operator(memory("{appJwt2}")),
    mode: "operator",
  },
  {
    name: "an account leaves the preload",
    from: operator(memory("{appJwt}")),
    to: operator(memory()),
    mode: "operator",
  },
  { name: "a full resolver instead of memory", from: operator(memory()), to: operator(full()), mode: "operator" },
  { name: "allow_delete", from: operator(full()), to: operator(full("allow_delete: true")), mode: "operator" },
  { name: "the resolver's limit", from: operator(full()), to: operator(full("limit: 100")), mode: "operator" },
  { name: "the resolver's interval", from: operator(full()), to: operator(full('interval: "5m"')), mode: "operator" },
  { name: "the resolver's timeout", from: operator(full()), to: operator(full('timeout: "3s"')), mode: "operator" },
  {
    name: "the resolver's dir",
    from: operator(full()),
    to: operator(full().replace("{dir}/jwt", "{dir}/jwt2")),
    mode: "operator",
  },
  {
    name: "another operator",
    from: operator(memory()),
    to: operator(memory()).replace("operator.jwt", "operator2.jwt"),
    mode: "operator",
  },
  {
    name: "resolver_pinned_accounts",
    from: operator(memory("{appJwt}")),
    to: operator(memory("{appJwt}"), "resolver_pinned_accounts: [{appAccount}]"),
    mode: "operator",
  },
  {
    name: "default_sentinel",
    from: operator(memory("{appJwt}")),
    to: operator(memory("{appJwt}"), 'default_sentinel: "{sentinel}"'),
    mode: "operator",
  },
  {
    name: "websocket's jwt_cookie",
    from: operator(memory(), 'websocket { listen: "127.0.0.1:-1", no_tls: true }'),
    to: operator(memory(), 'websocket { listen: "127.0.0.1:-1", no_tls: true, jwt_cookie: c }'),
    mode: "operator",
  },
  {
    name: "operator mode under a config mode server",
    from: "accounts { {system}, A {} }",
    to: operator(memory(), "# {system}"),
  },
  {
    name: "a max_payload in operator mode",
    from: operator(memory()),
    to: operator(memory(), "max_payload: 2MB"),
    mode: "operator",
  },
  { name: "a resolver without an operator", from: "", to: "resolver: MEMORY" },
  { name: "trusted_keys under a config mode server", from: "", to: "trusted_keys: {operatorKey}" },
];
