import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../provider/resources/certificate";
import type { ClusterTlsArgs } from "./clusterArgs";
import type { Placement } from "./target";

/** What the servers' TLS needs: PEM texts of all servers' one certificate. */
export interface ClusterTls {
  readonly cert: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
  readonly ca: pulumi.Output<string>;
}

/** The user's own certificate, or one from the issuer with every address of the cluster in it. */
export function clusterTls(
  name: string,
  args: ClusterTlsArgs,
  { nodes, tlsHosts = [] }: Placement,
  options: pulumi.CustomResourceOptions,
): ClusterTls {
  if (!args.issuer) {
    return {
      cert: pulumi.output(args.cert ?? ""),
      key: pulumi.secret(args.key ?? ""),
      ca: pulumi.output(args.ca ?? ""),
    };
  }
  const own = pulumi.all(nodes.map((node) => node.host));
  const hosts = pulumi
    .all([own, pulumi.output(args.hosts ?? []), pulumi.output(tlsHosts)])
    .apply(([all, asked, further]) => [
      ...new Set([...all, ...(all.some(isLoopback) ? loopback : []), ...asked, ...further]),
    ]);
  const certificate = new Certificate(
    `${name}-tls`,
    {
      issuer: args.issuer,
      commonName: name,
      dnsNames: hosts.apply((all) => all.filter((host) => !isAddress(host))),
      ipAddresses: hosts.apply((all) => all.filter(isAddress)),
      ...(args.validity ? { validity: args.validity } : {}),
      ...(args.renewBefore ? { renewBefore: args.renewBefore } : {}),
    },
    options,
  );
  return { cert: certificate.chain, key: certificate.key, ca: pulumi.output(args.issuer.cert) };
}

const loopback = ["localhost", "127.0.0.1", "::1"];

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1" || host === "localhost";
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}
