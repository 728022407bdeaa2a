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
}

/** The JSON of `~/.config/nats/context/<name>.json`, as the nats CLI, NUI and surveyor read it. */
export function renderCliContext(context: CliContextModel): string {
  const { urls, ...rest } = context;
  return `${JSON.stringify({ url: urls.join(","), ...rest }, undefined, 2)}\n`;
}
