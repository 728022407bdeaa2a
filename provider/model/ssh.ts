/** How to reach a host over ssh. */
export interface SshSettings {
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
  readonly agent?: string | boolean;
  readonly hostKey?: string;
  readonly knownHostsFile?: string;
  readonly sudo?: boolean | { readonly password?: string };
  readonly proxyJump?: SshSettings;
  readonly connectTimeout?: string;
}
