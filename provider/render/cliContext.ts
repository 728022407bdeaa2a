/** What a nats CLI context says: where, as whom, trusting whom. Paths are absolute. */
export interface CliContextModel {
  readonly description: string;
  readonly urls: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly creds?: string;
  readonly nkey?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly tlsFirst?: boolean;
  readonly jetstreamDomain?: string;
  readonly inboxPrefix?: string;
}

/** The JSON of `~/.config/nats/context/<name>.json`, as the nats CLI, NUI and surveyor read it. */
export function renderCliContext(context: CliContextModel): string {
  const { urls, tlsFirst, jetstreamDomain, inboxPrefix, ...rest } = context;
  const further = { tls_first: tlsFirst, jetstream_domain: jetstreamDomain, inbox_prefix: inboxPrefix };
  return `${JSON.stringify({ url: urls.join(","), ...rest, ...further }, undefined, 2)}\n`;
}
