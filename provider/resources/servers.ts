import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { HostInputs, HostsTargetInputs } from "../model/hosts";
import type { ManagementInputs, NodeInputs, NodeStatus, RolloutInputs, TargetInputs } from "../model/servers";
import type { SshSettings } from "../model/ssh";
import { NatsResource } from "./natsResource";

/** Arguments of {@link Servers}; the names are those of the stored inputs. */
export interface ServersArgs {
  /** cluster.name. Another name is another cluster: refused while servers exist. */
  readonly cluster: pulumi.Input<string>;
  /** nats-server's version, such as "2.15.2". A change restarts the servers one by one. */
  readonly version: pulumi.Input<string>;
  /** Where the servers run. A change is refused while servers exist, because their data would stay behind. */
  readonly target: pulumi.Input<TargetInputs | HostsTarget>;
  /** nats.conf, the same for all servers and without any secret. What a change costs depends on the keys; the preview says it. */
  readonly config: pulumi.Input<string>;
  /** Servers by server_name. A new one is started and joins; one that is gone leaves JetStream's peers, then stops. */
  readonly nodes: pulumi.Input<Record<string, pulumi.Input<ServerArgs>>>;
  /** Variables that `config` uses, by name; secrets. */
  readonly secrets: pulumi.Input<Record<string, string>>;
  /** Texts by path beside nats.conf, such as certificates. A change is a hot reload. */
  readonly files: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The same for what only the server may read, such as keys. */
  readonly secretFiles: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** As whom the rollout asks the servers. */
  readonly management: pulumi.Input<Parts<ManagementInputs>>;
  /** How patient the rollout is, and whether it may stop all servers at once. */
  readonly rollout?: pulumi.Input<RolloutInputs>;
  /** What happens to JetStream's files of servers that go: "refuse" (default) keeps them, "allow" removes them. */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
  /** What was found wrong before; reported with all else that is. */
  readonly problems?: pulumi.Input<readonly Problem[]>;
}

/** Hosts of which addresses and logins may be known only later. */
export type HostsTarget = Omit<HostsTargetInputs, "hosts"> & {
  readonly hosts: Readonly<Record<string, Parts<Omit<HostInputs, "ssh">> & { readonly ssh: Parts<SshSettings> }>>;
};
type Parts<Whole> = { readonly [Key in keyof Whole]: pulumi.Input<Whole[Key]> };

/** One server of {@link Servers}. */
export type ServerArgs = Parts<NodeInputs>;

/**
 * All servers of one cluster on one target, rolled out as a whole. {@link Cluster} makes one; use it directly only with a
 * nats.conf of your own.
 */
export class Servers extends NatsResource {
  /** Servers by server_name, with the URL that each answers at. */
  declare readonly nodes: pulumi.Output<Readonly<Record<string, NodeInputs>>>;
  /** What each server says of itself: its id, its version and the digest of its configuration. */
  declare readonly status: pulumi.Output<Readonly<Record<string, NodeStatus>>>;

  constructor(name: string, args: ServersArgs, options?: pulumi.CustomResourceOptions) {
    // For the check: never stored.
    const applying = pulumi.runtime.isDryRun() ? {} : { __applying: true };
    super("Servers", name, { ...args, ...applying }, ["status"], options);
  }
}
