import type * as pulumi from "@pulumi/pulumi";
import { input, objectOf, secretText, text } from "../provider/model/argument";

/** As whom a context of {@link Cluster.cliContext} connects: a user with its password, a token, or files of credentials. */
export interface CliUser {
  /** User name. */
  readonly user?: pulumi.Input<string>;
  /** Password of the user. */
  readonly password?: pulumi.Input<string>;
  /** Token, where the cluster has one. */
  readonly token?: pulumi.Input<string>;
  /** Absolute path of a .creds file. */
  readonly creds?: pulumi.Input<string>;
  /** Absolute path of a file with an nkey seed. */
  readonly nkey?: pulumi.Input<string>;
  /** Absolute path of the client's certificate in PEM, for a cluster with `tls.verify`. */
  readonly cert?: pulumi.Input<string>;
  /** Absolute path of the private key of `cert`. */
  readonly key?: pulumi.Input<string>;
  /**
   * Absolute path, where the CLI runs, of the CA's certificate: a context takes no text of it. Default the servers' own file where they
   * run on this machine, else the CAs that the CLI's machine trusts; `pulumi stack output caCertificate > ca.pem` writes it.
   */
  readonly ca?: pulumi.Input<string>;
}

/** What a program may give for one. */
export const cliUserShape = objectOf<CliUser>({
  user: input(text),
  password: input(secretText),
  token: input(secretText),
  creds: input(text),
  nkey: input(text),
  cert: input(text),
  key: input(text),
  ca: input(text),
});
