import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { hosts } from "../../components/hosts";
import type { HostArgs, HostsOptions, HostSshArgs } from "../../components/hostsArgs";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import type { HostsBed } from "../bed/hosts/hostsBed";

export const appPassword = "app-password-of-hosts-1";

/** What a test may want other than a TLS cluster with JetStream on all hosts of the bed, and a stream on three replicas. */
export interface WantedProgram {
  readonly args?: Partial<ClusterArgs>;
  readonly hosts?: readonly HostArgs[] | (() => readonly HostArgs[]);
  readonly options?: HostsOptions;
  /** Replicas of the stream; 0 for none. */
  readonly replicas?: number;
  /** Name of the cluster's resource; the cluster itself is "east" all the same. */
  readonly resource?: string;
}

/** As an operator logs in: a user who may become root, by the bed's key. */
export function opsSsh(bed: HostsBed): HostSshArgs {
  return { user: "ops", privateKey: pulumi.secret(bed.key), knownHostsFile: bed.knownHostsFile };
}

export function hostsProgram(bed: HostsBed, wanted: WantedProgram = {}): PulumiFn {
  return async () => {
    const { hosts: given = bed.hosts.map(({ address }) => ({ address })) } = wanted;
    const list = typeof given === "function" ? given() : given;
    const ca = new CertificateAuthority("ca");
    const cluster = new Cluster(wanted.resource ?? "east", {
      name: "east",
      target: hosts(list, { ssh: opsSsh(bed), ...wanted.options }),
      tls: { issuer: ca },
      jetstream: { maxFileStore: "512MiB", maxMemoryStore: "64MiB" },
      accounts: {
        APP: { jetstream: true, users: [{ user: "app", password: pulumi.secret(appPassword) }] },
      },
      rollout: { timeout: "60s" },
      ...wanted.args,
    });
    if (wanted.replicas !== 0) {
      const login = { user: "app", password: pulumi.secret(appPassword), tls: { ca: ca.cert } };
      const provider = new Provider("app", { servers: cluster.urls, through: cluster, ...login });
      new Stream(
        "ORDERS",
        { subjects: ["orders.>"], replicas: wanted.replicas ?? 3 },
        { provider, deletedWith: cluster.servers },
      );
    }
    return { urls: cluster.urls, monitorUrls: cluster.monitorUrls, ca: cluster.caCertificate };
  };
}
