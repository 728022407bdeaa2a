// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { Verbatim } from "./verbatim";

/** Allowed and denied subjects. */
export interface SubjectPermission {
  /**
   * Denied subjects.
   * A change is reloaded.
   */
  readonly deny?: string | readonly string[];
  /**
   * Allowed subjects.
   * A change is reloaded.
   */
  readonly allow?: string | readonly string[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A user, by name and password or by nkey: `users: [{ }]`. */
export interface UserConfig {
  /**
   * User name, unique over all accounts.
   * A change is reloaded.
   */
  readonly user?: string;
  /**
   * nkey user; excludes user/password.
   * A change is reloaded.
   */
  readonly nkey?: string;
  /**
   * Password, plain or bcrypt.
   * A change is reloaded.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /**
   * Permissions.
   * A change is reloaded.
   * On tightening, live subscriptions that are now forbidden are removed and the client gets -ERR, the connection
   * stays.
   */
  readonly permissions?: Permissions;
  /**
   * Must come through a trusted proxy. Default false. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly proxyRequired?: boolean;
  /**
   * STANDARD, WEBSOCKET, LEAFNODE, LEAFNODE_WS, MQTT, MQTT_WS, IN_PROCESS. Default all.
   * A change is reloaded.
   */
  readonly allowedConnectionTypes?: readonly (
    "STANDARD" | "WEBSOCKET" | "LEAFNODE" | "LEAFNODE_WS" | "MQTT" | "MQTT_WS" | "IN_PROCESS"
  )[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** What a user may publish and subscribe: `permissions { }`. */
export interface Permissions {
  /**
   * Allow list, or a map with allow/deny. Default all.
   * A change is reloaded.
   */
  readonly publish?: string | readonly string[] | SubjectPermission;
  /**
   * Allow list, or a map with allow/deny. Default all.
   * A change is reloaded.
   * subscribe entries may be "subject queue".
   */
  readonly subscribe?: string | readonly string[] | SubjectPermission;
  /**
   * Dynamic reply permission; blanks the publish allow list if that is unset. Default false.
   * A change is reloaded.
   */
  readonly allowResponses?: boolean | ResponsePermission;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** How far replies are allowed. */
export interface ResponsePermission {
  /**
   * Replies allowed; negative = no limit. Default 1.
   * A change is reloaded.
   */
  readonly max?: number;
  /**
   * Window; quoted string required. Default 2m.
   * A change is reloaded.
   */
  readonly expires?: Duration;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `authorization { }`: who may connect, outside accounts. */
export interface Authorization {
  /**
   * Single user.
   * A change is reloaded.
   */
  readonly user?: string;
  /**
   * Shared token, plain or bcrypt.
   * A change is reloaded.
   * Exclusive with user/pass and users.
   * Holds a secret: give it as a secret output.
   */
  readonly token?: string;
  /**
   * Users of the global account.
   * A change is reloaded.
   * Order does not matter.
   */
  readonly users?: readonly UserConfig[];
  /**
   * Time for a client to authenticate. Default 2s, or tls.timeout+1 with TLS.
   * A change is reloaded.
   * Unquoted 1m means 1000000 seconds (warning, and -t fails).
   */
  readonly timeout?: Duration;
  /**
   * Password, plain or bcrypt.
   * A change is reloaded.
   * Clients that used the old value are disconnected.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /**
   * Delegate authentication to a service. Default absent. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   * Any change (also allowed_accounts, xkey) needs a restart. Not allowed in FIPS mode.
   */
  readonly authCallout?: AuthCallout;
  /**
   * Single user must come through a trusted proxy. Default false. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly proxyRequired?: boolean;
  /**
   * Permissions for users without their own.
   * A change is reloaded.
   */
  readonly defaultPermissions?: Permissions;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `authorization { auth_callout { } }`. */
export interface AuthCallout {
  /**
   * Encrypts requests and replies. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly xkey?: string;
  /**
   * Signs the service replies. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly issuer?: string;
  /**
   * Account of the service; default $G. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly account?: string;
  /**
   * Users that bypass the callout. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly authUsers?: readonly string[];
  /**
   * Accounts the callout may place users in; must exist in accounts{}. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly allowedAccounts?: readonly string[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
