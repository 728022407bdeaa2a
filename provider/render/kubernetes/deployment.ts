import type { Manifest } from "./manifest";
import { present } from "../../model/present";
import { restricted } from "./securityContext";

/** One pod that is always there, as small helpers beside a cluster are. Values may be Outputs. */
export interface DeploymentSettings {
  readonly name: string;
  readonly namespace: string;
  /** What it is, as app.kubernetes.io/name says it: "nack". */
  readonly app: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly podAnnotations?: unknown;
  readonly image: string;
  readonly imagePullPolicy?: string | undefined;
  readonly imagePullSecrets?: readonly string[] | undefined;
  readonly command?: readonly string[];
  readonly args?: unknown;
  readonly env?: readonly object[];
  readonly ports?: Readonly<Record<string, number>>;
  /** Path and port's name by which it is asked whether it serves and lives. */
  readonly probes?: Readonly<Record<"ready" | "alive", { readonly path: string; readonly port: string }>>;
  readonly resources?: object | undefined;
  readonly volumes: readonly PodVolume[];
  /** With a token of the Kubernetes API; else without. */
  readonly serviceAccountName?: string;
  /** User and group of the processes, and of the volumes' files. */
  readonly user: number;
}

export interface PodVolume {
  readonly name: string;
  readonly mountPath: string;
  /** Secret or ConfigMap whose keys are the files; without one, an empty folder in memory. */
  readonly secret?: string;
  readonly configMap?: string;
}

/** What selects the pods: it can't change. */
export function appLabels({ app, name }: Pick<DeploymentSettings, "app" | "name">): Record<string, string> {
  return { "app.kubernetes.io/name": app, "app.kubernetes.io/instance": name };
}

/** On every object of the helper. */
export function helperLabels(settings: Pick<DeploymentSettings, "app" | "name" | "labels">): Record<string, string> {
  return { ...settings.labels, ...appLabels(settings), "app.kubernetes.io/managed-by": "pulumi-nats" };
}

export function deployment(settings: DeploymentSettings): Manifest {
  const { name, namespace, user } = settings;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: helperLabels(settings) },
    spec: {
      replicas: 1,
      // Two at a time would do everything twice.
      strategy: { type: "Recreate" },
      selector: { matchLabels: appLabels(settings) },
      template: {
        metadata: present({ labels: helperLabels(settings), annotations: settings.podAnnotations }),
        spec: present({
          automountServiceAccountToken: settings.serviceAccountName !== undefined,
          serviceAccountName: settings.serviceAccountName,
          enableServiceLinks: false,
          imagePullSecrets: settings.imagePullSecrets?.map((secret) => ({ name: secret })),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [container(settings)],
          volumes: settings.volumes.map(volume),
        }),
      },
    },
  };
}

function volume({ name, secret, configMap }: PodVolume): object {
  if (secret !== undefined) return { name, secret: { secretName: secret, defaultMode: 0o440 } };
  if (configMap !== undefined) return { name, configMap: { name: configMap } };
  return { name, emptyDir: { medium: "Memory" } };
}

function container(settings: DeploymentSettings): object {
  const { probes, ports } = settings;
  const probe = (which: "ready" | "alive", period: number): object | undefined =>
    probes && { httpGet: probes[which], periodSeconds: period };
  return present({
    name: settings.app,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    command: settings.command,
    args: settings.args,
    env: settings.env,
    ports: ports && Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    readinessProbe: probe("ready", 2),
    livenessProbe: probe("alive", 10),
    resources: settings.resources,
    securityContext: restricted,
    volumeMounts: settings.volumes.map(({ name, mountPath, secret, configMap }) =>
      present({ name, mountPath, readOnly: secret === undefined && configMap === undefined ? undefined : true }),
    ),
  });
}
