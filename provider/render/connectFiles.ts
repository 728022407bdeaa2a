import { present } from "../model/present";
import { renderCliContext } from "./cliContext";

/** Where and as whom somebody connects. Credentials, keys and certificates are their contents. */
export interface ConnectModel {
  readonly description?: string;
  readonly servers: readonly string[];
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

const suffixes = { creds: "creds", nkey: "nk", ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;

/** A context of the nats CLI, as files by their names: `<name>.json`, and what it points to in the folder that holds them all. */
export function connectFiles(name: string, connect: ConnectModel, folder: string): Record<string, string> {
  const { description = name, servers, user, password, token, tlsFirst, jetstreamDomain, inboxPrefix } = connect;
  const texts = Object.entries(suffixes).flatMap(([key, suffix]) => {
    const text = connect[key as keyof typeof suffixes];
    return text ? [{ key, file: `${name}.${suffix}`, text }] : [];
  });
  const context = renderCliContext({
    description,
    urls: servers,
    ...present({ user, password, token, tlsFirst, jetstreamDomain, inboxPrefix }),
    ...Object.fromEntries(texts.map(({ key, file }) => [key, `${folder}/${file}`])),
  });
  return { [`${name}.json`]: context, ...Object.fromEntries(texts.map(({ file, text }) => [file, text])) };
}
