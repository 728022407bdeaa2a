import type { SshSettings } from "./ssh";

/** How servers are reached that this machine can't dial by itself. An address that no way knows is dialled directly. */
export interface Through {
  readonly ways: readonly Way[];
}

export type Way = SshWay | KubernetesWay;

/** An ssh connection to each server's own host, which dials for us. */
export interface SshWay {
  readonly kind: "ssh";
  /** ssh settings by the address in the servers' URLs. */
  readonly hosts: Readonly<Record<string, SshSettings>>;
  /** Address that the host itself dials, by the one in the URLs, where it may not reach that one (a public one, say). */
  readonly inside?: Readonly<Record<string, string>>;
}

/** A port-forward of the Kubernetes API server. */
export interface KubernetesWay {
  readonly kind: "kubernetes";
  /** Content of a kubeconfig file; default: KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: string;
  /** Default: the kubeconfig's current context. */
  readonly context?: string;
  readonly namespace: string;
  /** Pod by the host in the servers' URLs. A Service's name leads to any of its pods: list it with several. */
  readonly pods: Readonly<Record<string, readonly string[]>>;
}

/** All ways of several clusters in one. */
export function joinThrough(all: readonly (Through | undefined)[]): Through | undefined {
  const ways = all.flatMap((one) => one?.ways ?? []);
  return ways.length === 0 ? undefined : { ways };
}
