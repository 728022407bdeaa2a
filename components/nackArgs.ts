import type { ConnectArgs } from "./connectArgs";
import type { KubernetesHelperArgs } from "./kubernetesHelper";

/** Arguments of {@link Nack}. */
export interface NackArgs extends KubernetesHelperArgs {
  /**
   * As whom the controller speaks for objects that name no account: `creds`, an `nkey` or a client certificate. For a user with
   * a password, or a token, give objects a `nats.nack.Account`. Default: objects must name one. A change restarts the controller.
   */
  readonly connection?: ConnectArgs;
  /** Only objects in its own namespace count, and only there it may read Secrets. Default true; false is the whole Kubernetes cluster. A change restarts the controller. */
  readonly namespaced?: boolean;
  /**
   * Make the definitions of its kinds, which all controllers of a Kubernetes cluster share. Default true; false where they are
   * there already. They stay at the end, because with them all streams of all controllers would go.
   */
  readonly definitions?: boolean;
  /** It reads, and changes nothing in NATS. Default false. A change restarts the controller. */
  readonly readOnly?: boolean;
  /** How often it looks for what others have changed in NATS, and puts it back: a duration. Default "1m". A change restarts the controller. */
  readonly syncInterval?: string;
  /** Image. Default `natsio/jetstream-controller:0.22.4`. A change restarts the controller. */
  readonly image?: string;
}
