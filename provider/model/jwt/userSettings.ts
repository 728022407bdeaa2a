import type { Duration, Size } from "../units";

/**
 * What a user may publish and receive. Without a list of what is allowed all is; what is denied wins over what is allowed.
 * A change is a new JWT: clients keep what the old one allows until they connect with the new one.
 */
export interface PermissionSettings {
  /** Subjects that may be published to. Default all, unless `allowPubsub` names some. */
  readonly allowPub?: readonly string[];
  /** Subjects that may not be published to. Default none. */
  readonly denyPub?: readonly string[];
  /** Subjects that may be subscribed to; "orders.> workers" allows them in the queue group "workers" only. Default all. */
  readonly allowSub?: readonly string[];
  /** Subjects that may not be subscribed to. Default none. */
  readonly denySub?: readonly string[];
  /** Subjects that may be published to and subscribed to. Default none. */
  readonly allowPubsub?: readonly string[];
  /** Subjects that may neither be published to nor subscribed to. Default none. */
  readonly denyPubsub?: readonly string[];
  /**
   * How many answers may be published to the reply subject of a message that was received; without `allowPub` nothing else may be
   * published then. Default 0: no answers beyond `allowPub`.
   */
  readonly allowPubResponse?: number;
  /** How long answers are allowed after the message was received. Default "2m", which is the server's. Implies `allowPubResponse: 1`. */
  readonly responseTtl?: Duration;
}

/** What a user, or every user that a scoped signing key issues, may do and use. */
export interface UserLimitSettings extends PermissionSettings {
  /** Subscriptions of one connection; -1 is unlimited. Default -1. */
  readonly subs?: number;
  /** Bytes that one connection may send, which no nats-server up to 2.15 holds anyone to; -1 is unlimited. Default -1. */
  readonly data?: Size;
  /** Largest message; -1 is the server's limit. Default -1. */
  readonly payload?: Size;
  /** Networks that connections may come from, as CIDR: "10.0.0.0/8". Default any. */
  readonly sourceNetwork?: readonly string[];
  /**
   * Hours of the day in which connections are allowed: "08:00:00-18:00:00", or over midnight, "22:00:00-06:00:00". They end with the
   * hours. Default all day.
   */
  readonly time?: readonly string[];
  /** Time zone of `time`: "Europe/Berlin". A server that doesn't know it (no tzdata) lets nobody in. Default the server's own. */
  readonly locale?: string;
  /** The JWT alone opens a connection, without proof of the seed: whoever reads it can be the user. Default false. */
  readonly bearer?: boolean;
  /** Kinds of connections. Default all. */
  readonly connType?: readonly ConnectionType[];
}

/** Kinds of connections that a user may make. */
export type ConnectionType = "STANDARD" | "WEBSOCKET" | "LEAFNODE" | "LEAFNODE_WS" | "MQTT" | "MQTT_WS" | "IN_PROCESS";

/** Settings of a user, named as nsc's flags. A change of any is a new JWT for the same key. */
export interface UserSettings extends UserLimitSettings {
  /** The user's name, as connz shows it. */
  readonly name: string;
  /**
   * Until when the JWT is valid: "90d", "12h", "6M" (months), "1y" from when it is issued, or a date, "2027-01-31". Default always.
   * One of a time span is issued anew by the first `pulumi up` in the last third of its time.
   */
  readonly expiry?: string;
  /** From when the JWT is valid, in the same words. Default at once. */
  readonly start?: string;
  /** Tags, in lower case. Default none. */
  readonly tag?: readonly string[];
}
