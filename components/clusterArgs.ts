import type * as pulumi from "@pulumi/pulumi";
import type { ServerConfig } from "../provider/model/config/serverConfig";
import type { CertificateAuthority } from "../provider/resources/certificateAuthority";
import type { ClusterOperator } from "./clusterOperator";
import type { Inputs } from "./inputs";
import type { Target } from "./target";

/** Blocks of nats.conf that {@link ClusterArgs} takes at its own top level. */
export const topLevelBlocks = [
  "jetstream",
  "accounts",
  "authorization",
  "websocket",
  "mqtt",
  "leafnodes",
  "gateway",
] as const;

type TopLevelBlocks = Pick<ServerConfig, (typeof topLevelBlocks)[number]>;

/** Arguments of {@link Cluster}. */
export interface ClusterArgs extends ClusterBlocks {
  /** Where the servers run: `nats.thisMachine({ servers: 3 })`. Another kind of target is another cluster. */
  readonly target: Target;
  /**
   * cluster.name, which must be unique among clusters that gateways join; letters, digits, "-" and "_".
   * Default the resource's name. A change needs all servers to stop at once: refused without `rollout.allowOutage`.
   */
  readonly name?: string;
  /** nats-server's version, such as "2.15.2", at least 2.11. Default the newest that this package knows. A change restarts the servers one by one. */
  readonly version?: string;
  /**
   * Certificates of all listeners. Default none: plain text. Adding it reloads all servers, then restarts them one by one.
   * Further settings of a listener's TLS go beside it, such as `config: { tls: { minVersion: "1.3", handshakeFirst: true } }` or
   * `mqtt: { tls: { … } }`; where nats.conf wants a file, the CA is "current/tls/ca.pem" on every server.
   */
  readonly tls?: ClusterTlsArgs;
  /**
   * Who issues accounts and users, a `nats.Operator`: then they are `nats.Account` and `nats.User`, in place of `accounts` and
   * `authorization`, and every server keeps all accounts (a full resolver beside JetStream's files; `config.resolver` sets its
   * limits). Default none. A changed operator restarts the servers one by one. A cluster with accounts of its own can't get one,
   * nor lose it: JetStream's data belongs to the accounts, so that is a second cluster and a migration.
   */
  readonly operator?: ClusterOperator;
  /**
   * All else of nats.conf, typed, with keys in camelCase: `{ maxPayload: "8MiB", cluster: { poolSize: 5 } }`. What the
   * cluster sets itself (names, addresses, JetStream's folder) can't be set here. Each key says what a change of it costs.
   */
  readonly config?: { readonly [Key in keyof ServerConfig]: Inputs<ServerConfig[Key]> };
  /**
   * Further texts beside nats.conf, by path, which nats.conf names as "current/<path>": `files: { "proxy/ca.pem": pem }` for
   * `caFile: "current/proxy/ca.pem"`. A change is a hot reload.
   */
  readonly files?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same for what only the servers may read; kept as secrets: `secretFiles: { "hub/edge.creds": creds }`. A change is a hot reload. */
  readonly secretFiles?: Readonly<Record<string, pulumi.Input<string>>>;
  /** How changes are rolled out. */
  readonly rollout?: ClusterRolloutArgs;
  /**
   * What happens to JetStream's files when the cluster, or one of its servers, goes: "refuse" (default) keeps them on disk
   * and says where; "allow" deletes them. An account that leaves `accounts` takes its streams with it: with "refuse" one that holds messages
   * is a problem of the preview, with "allow" they are deleted.
   */
  readonly onDataLoss?: "refuse" | "allow";
}

/**
 * The blocks of nats.conf that most clusters have; the same keys as in `config`. With `authorization.token` the servers have no
 * accounts and no user of the system account: a reload is then a signal, and a server can't be taken out of JetStream's peers.
 */
export type ClusterBlocks = { readonly [Key in keyof TopLevelBlocks]?: Inputs<TopLevelBlocks[Key]> };

/** Rollout settings of a {@link Cluster}. */
export interface ClusterRolloutArgs {
  /** Longest wait for one server to be as it should after its reload or restart, a Go duration. Default "2m". No change of servers. */
  readonly timeout?: string;
  /** Allows changes that restart all servers at once, such as a new cluster name. Default false: such a change is refused. */
  readonly allowOutage?: boolean;
}

/** TLS of a {@link Cluster}: certificates from an issuer, or your own. */
export interface ClusterTlsArgs {
  /** Signs one certificate for all servers, with all their addresses in it: a CertificateAuthority, or PEM texts of one. */
  readonly issuer?: CertificateAuthority | { readonly cert: pulumi.Input<string>; readonly key: pulumi.Input<string> };
  /** Further DNS names and IP addresses by which clients call the servers, such as a load balancer's. Default none. A change is a hot reload. */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** How long a certificate from the issuer is valid, a duration. Default "2160h" (90 days). A change is a hot reload. */
  readonly validity?: string;
  /**
   * How long before its end a certificate is renewed by the next `pulumi up`, a duration. Default "720h" (30 days). One that has ended is
   * renewed by a hot reload too, though clients are refused until then.
   */
  readonly renewBefore?: string;
  /** PEM of your own certificate for all servers, for server and client use. A change is a hot reload. */
  readonly cert?: pulumi.Input<string>;
  /** PEM of its private key; kept as a secret. */
  readonly key?: pulumi.Input<string>;
  /** PEM of the CAs that clients and servers trust. */
  readonly ca?: pulumi.Input<string>;
  /** Clients must show a certificate of the CA too. Default false. A change is a hot reload; clients without one stay until they reconnect. */
  readonly verify?: boolean;
}
