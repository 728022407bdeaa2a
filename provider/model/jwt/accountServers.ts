import type { Through } from "../through";

/** The servers of one cluster, as accounts get onto them: by a user of the system account. */
export interface AccountServers {
  /** cluster.name. */
  readonly cluster: string;
  /** Names of all its servers: each must have an account for it to be pushed. */
  readonly names: readonly string[];
  /** Where they answer clients. */
  readonly urls: readonly string[];
  /** Content of a creds file of a user of the system account. */
  readonly creds: string;
  /** PEM of the CA that signed the servers' certificates. */
  readonly ca?: string;
  /** PEM of a client certificate, where the servers verify clients. */
  readonly cert?: string;
  /** PEM of its private key. */
  readonly key?: string;
  /** The listener speaks TLS before INFO. */
  readonly handshakeFirst?: boolean;
  /** How this machine reaches them where it can't dial them. */
  readonly through?: Through;
}
