import type { ReloadChange } from "./change";

const user = (name: string, more = "") => `{ user: ${name}, password: hush-${name}${more === "" ? "" : `, ${more}`} }`;

export const authorizationChanges: readonly ReloadChange[] = [
  { name: "a token appears", from: "", to: "authorization { token: hush-token }", mode: "signal" },
  {
    name: "a token changes",
    from: "authorization { token: hush-token }",
    to: "authorization { token: hush-other }",
    mode: "signal",
  },
  { name: "a token goes", from: "authorization { token: hush-token }", to: "", mode: "signal" },
  { name: "user and password appear", from: "", to: "authorization { user: a, password: hush-a }", mode: "signal" },
  {
    name: "the password changes",
    from: "authorization { user: a, password: hush-a }",
    to: "authorization { user: a, password: hush-b }",
    mode: "signal",
  },
  { name: "users appear", from: "", to: `authorization { users: [${user("a")}] }` },
  {
    name: "a user is added",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a")}, ${user("b")}] }`,
  },
  {
    name: "a user is removed",
    from: `authorization { users: [${user("a")}, ${user("b")}] }`,
    to: `authorization { users: [${user("a")}] }`,
  },
  {
    name: "a user's password changes",
    from: `authorization { users: [${user("a")}] }`,
    to: "authorization { users: [{ user: a, password: hush-new }] }",
  },
  {
    name: "a user's permissions tighten",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a", 'permissions { publish: "a.>", subscribe { deny: "b.>" } }')}] }`,
  },
  {
    name: "allow_responses",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a", 'permissions { allow_responses { max: 2, expires: "1m" } }')}] }`,
  },
  {
    name: "allowed_connection_types",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a", "allowed_connection_types: [STANDARD, WEBSOCKET]")}] }`,
  },
  {
    name: "an nkey user is added",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a")}, { nkey: "{userKey}" }] }`,
  },
  {
    name: "an nkey user changes",
    from: 'authorization { users: [{ nkey: "{userKey}" }] }',
    to: 'authorization { users: [{ nkey: "{otherUserKey}" }] }',
  },
  {
    name: "default_permissions",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { default_permissions { publish: "a.>" }, users: [${user("a")}] }`,
  },
  { name: "authorization's timeout", from: "", to: "authorization { timeout: 4 }" },
  { name: "authorization's timeout spelled as it was", from: "", to: "authorization { timeout: 2 }" },
  {
    name: "a user's proxy_required",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a", "proxy_required: true")}] }`,
    since: "2.12",
  },
  { name: "proxy_required", from: "", to: "authorization { proxy_required: true }", since: "2.12" },
  {
    name: "no_auth_user appears",
    from: `authorization { users: [${user("a")}] }`,
    to: `no_auth_user: a\nauthorization { users: [${user("a")}] }`,
  },
  {
    name: "no_auth_user changes",
    from: `no_auth_user: a\nauthorization { users: [${user("a")}, ${user("b")}] }`,
    to: `no_auth_user: b\nauthorization { users: [${user("a")}, ${user("b")}] }`,
  },
  {
    name: "no_auth_user goes, its user stays",
    from: `no_auth_user: a\nauthorization { users: [${user("a")}, ${user("b")}] }`,
    to: `authorization { users: [${user("a")}, ${user("b")}] }`,
  },
  {
    name: "no_auth_user goes with its user",
    from: `no_auth_user: a\nauthorization { users: [${user("a")}, ${user("b")}] }`,
    to: `authorization { users: [${user("b")}] }`,
  },
  {
    name: "no_auth_user of an account goes with its user",
    from: `no_auth_user: a\naccounts { {system}, A { users: [${user("a")}, ${user("b")}] } }`,
    to: `accounts { {system}, A { users: [${user("b")}] } }`,
  },
  {
    name: "auth_callout appears",
    from: `authorization { users: [${user("a")}] }`,
    to: `authorization { users: [${user("a")}], auth_callout { issuer: "{accountKey}", auth_users: [a] } }`,
  },
  {
    name: "auth_callout changes",
    from: `authorization { users: [${user("a")}], auth_callout { issuer: "{accountKey}", auth_users: [a, sys] } }`,
    to: `authorization { users: [${user("a")}], auth_callout { issuer: "{otherAccountKey}", auth_users: [a, sys] } }`,
  },
  {
    name: "auth_callout goes",
    from: `authorization { users: [${user("a")}], auth_callout { issuer: "{accountKey}", auth_users: [a, sys] } }`,
    to: `authorization { users: [${user("a")}] }`,
  },
];
