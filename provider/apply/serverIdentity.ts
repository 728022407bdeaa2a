import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";

/** A server's certificate must be for one of these. `host` is the name that the client has asked for. */
export function serverIdentity(
  hosts: readonly string[],
  serverName?: string,
): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (host, certificate) => {
    // For an address the client gives no name, and Node would hold the certificate against "localhost".
    const wanted = serverName ? [serverName] : hosts.includes(host) ? [host] : hosts.filter((one) => isIP(one) !== 0);
    const failures = wanted.map((one) => checkServerIdentity(one, certificate));
    return failures.some((failure) => failure === undefined) ? undefined : failures[0];
  };
}

/** The host of "host:4222", "tls://host:4222" or "[::1]:4222". */
export function hostOf(server: string): string {
  return server
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
}
