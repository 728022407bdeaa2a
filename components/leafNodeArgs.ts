import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../provider/resources/account";
import type { ClusterArgs } from "./clusterArgs";

/** Arguments of {@link LeafNode}: those of a {@link Cluster}, and its links to a hub. */
export interface LeafNodeArgs extends ClusterArgs, LeafLinkArgs {
  /** The cluster or supercluster that it connects to, which has `leafnodes: {}`; a supercluster's region for that region alone. */
  readonly hub: LeafHub;
  /** Links of further accounts, or to further hubs. Default none. */
  readonly links?: readonly LeafLinkArgs[];
}

/** One link: an account here, and a user there whose account it is joined with. */
export interface LeafLinkArgs {
  /** Where it leads. Default the leaf node's own `hub`. */
  readonly hub?: LeafHub;
  /**
   * Account of this side. Default the one of clients without an account; with an operator it must be given: a `nats.Account`, or its
   * public key (A…). A change closes the link and opens the new one, by a reload.
   */
  readonly account?: Account | pulumi.Input<string>;
  /** User at the hub. Default none: the hub takes anybody. */
  readonly user?: pulumi.Input<string>;
  /** Password of the user; kept as a secret. */
  readonly password?: pulumi.Input<string>;
  /** Content of a creds file of a user at the hub, such as `user.creds` of a `nats.User`, in place of user and password; kept as a secret. A change makes the links anew, by a reload. */
  readonly creds?: pulumi.Input<string>;
  /** Subjects that are not taken from the hub. Default none. A change restarts the servers one by one. */
  readonly denyImports?: pulumi.Input<readonly string[]>;
  /** Subjects that are not sent to the hub. Default none. A change restarts the servers one by one. */
  readonly denyExports?: pulumi.Input<readonly string[]>;
}

/** What leaf nodes connect to: a {@link Cluster}, a {@link SuperCluster}, or the addresses of one in another program. */
export interface LeafHub {
  /** Where leaf nodes dial: "tls://hub.example.com:7422". */
  readonly leafnodeUrls: pulumi.Input<readonly string[]>;
  /** PEM of the CA that signed the hub's certificates. Default: those that the system trusts. */
  readonly caCertificate?: pulumi.Input<string>;
}
