/** Secrets that the cluster makes for itself; they are known only after the first apply. */
export interface GeneratedSecrets {
  /** Password of the routes between the cluster's own servers. */
  readonly clusterPassword: string;
  /** Public nkey (U…) of the user by which the rollout asks servers. Not secret, but known as late as the others. */
  readonly managementKey: string;
}
