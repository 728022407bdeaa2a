import { allUsers, appears, asksForCredentials, authTimeoutMoves, comesOrGoes, disappears } from "./configRule";
import type { ConfigRule } from "./configRule";
import { memberMap } from "./listIdentity";

const users = ["authorization.users[]", "accounts.<name>.users[]"];
const below = (...keys: string[]) => users.flatMap((path) => keys.map((key) => `${path}.${key}`));

/** Who may connect, and as what. */
export const authRules: readonly ConfigRule[] = [
  {
    path: "authorization.timeout",
    when: (change, context) => !authTimeoutMoves("")(change, context),
    impact: "none",
    why: "the time to authenticate is what it was",
  },
  {
    path: ["authorization.user", "authorization.password", "authorization.token"],
    impact: "hot-reload",
    why: "every client is asked again: those that did not send what is valid now are closed",
    hazards: ["dropsClients"],
  },
  {
    path: users,
    when: (change, { from }) => appears(change) && !asksForCredentials(from),
    impact: "hot-reload",
    why: "the server was open and now asks for credentials: clients that did not send any are closed",
    hazards: ["dropsClients"],
  },
  { path: users, when: appears, impact: "hot-reload", why: "a reload adds the user", whole: true },
  {
    path: users,
    when: disappears,
    impact: "hot-reload",
    why: "the user's connections are closed",
    hazards: ["dropsClients"],
    whole: true,
  },
  {
    path: below("password", "nkey", "user", "allowed_connection_types", "proxy_required"),
    impact: "hot-reload",
    why: "the user's connections that are no longer valid are closed",
    hazards: ["dropsClients"],
  },
  {
    path: "no_auth_user",
    when: (change, { to }) => disappears(change) && !allUsers(to).some((user) => user.get("user") === change.from),
    impact: "hot-reload",
    why: "it goes together with its user: clients without credentials are closed",
    hazards: ["dropsClients"],
  },
  {
    path: "no_auth_user",
    when: disappears,
    impact: "rolling-restart",
    why: "a reload takes it away only together with the user that it names",
  },
  { path: "no_auth_user", impact: "rolling-restart", why: "a reload neither adds nor changes it" },
  {
    path: "authorization.auth_callout",
    impact: "rolling-restart",
    why: "a reload refuses any change of the auth callout",
    whole: true,
  },
  {
    path: "accounts.<name>",
    when: (change) => disappears(change) && memberMap(change.from).has("jetstream"),
    impact: "hot-reload",
    why: "its clients are closed, its streams are no longer served (the files stay), and /healthz answers 503 until the account is back",
    hazards: ["dropsClients", "unhealthy"],
    whole: true,
  },
  {
    path: "accounts.<name>",
    when: disappears,
    impact: "hot-reload",
    why: "its clients are closed",
    hazards: ["dropsClients"],
    whole: true,
  },
  {
    path: "accounts.<name>",
    when: (change, { from }) => appears(change) && !asksForCredentials(from) && memberMap(change.to).has("users"),
    impact: "hot-reload",
    why: "the server was open and now asks for credentials: clients that did not send any are closed",
    hazards: ["dropsClients"],
    whole: true,
  },
  { path: "accounts.<name>", impact: "hot-reload", why: "a reload adds the account", whole: true },
  {
    path: "accounts.<name>.jetstream",
    when: (change) => comesOrGoes(change) || change.to === false || change.from === false,
    impact: "hot-reload",
    why: "a reload switches JetStream for the account; the files of what it stored stay",
    whole: true,
  },
];
