import { annotations, keyOf, objectNames, serverContainer } from "../../model/kubernetes";
import { configFile, nodeFile, secretsFile } from "../../model/nodeFiles";
import { exporterContainer } from "./exporter";
import { objectLabels, selectorLabels } from "./labels";
import { present } from "../../model/present";
import { bytesOf, quantity } from "./quantity";
import { restricted } from "./securityContext";
import type { ConfParts, KubernetesSettings } from "./settings";

const configDir = "/etc/nats/current";
/** Where the certificate lies; listed from the start, so that TLS can come to pods that run. */
const tlsFiles = { public: ["tls/ca.pem", "tls/server.pem"], secret: ["tls/server.key"] };

/** The pod template of the servers. */
export function serverPod(settings: KubernetesSettings, conf: ConfParts): object {
  return {
    metadata: {
      labels: { ...settings.podLabels, ...objectLabels(settings) },
      annotations: { ...settings.podAnnotations, [annotations.restartKeys]: conf.restartKeys },
    },
    spec: present({
      serviceAccountName: settings.serviceAccount.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: conf.graceSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      imagePullSecrets:
        settings.imagePullSecrets.length > 0 ? settings.imagePullSecrets.map((name) => ({ name })) : undefined,
      nodeSelector: settings.nodeSelector,
      affinity: settings.affinity,
      tolerations: settings.tolerations,
      priorityClassName: settings.priorityClassName,
      topologySpreadConstraints: settings.topologySpreadConstraints ?? [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: selectorLabels(settings) },
        },
      ],
      containers: [
        container(settings, conf),
        ...(settings.exporter ? [exporterContainer(settings.exporter, conf)] : []),
      ],
      volumes: volumes(settings),
    }),
  };
}

function container(settings: KubernetesSettings, conf: ConfParts): object {
  return present({
    name: serverContainer,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    command: ["nats-server", "-c", `${configDir}/${configFile}`],
    workingDir: "/etc/nats",
    env: conf.env,
    ports: Object.entries(settings.ports).map(([name, containerPort]) => ({ name, containerPort })),
    // The server hands its work over before it ends; the TERM that follows does not hurry it.
    lifecycle: { preStop: { exec: { command: ["nats-server", "--signal", "ldm=1"] } } },
    startupProbe: probe(conf.healthPath(""), { periodSeconds: 2, failureThreshold: 900 }),
    readinessProbe: probe(conf.healthPath("?js-enabled-only=true"), { periodSeconds: 5, failureThreshold: 3 }),
    livenessProbe: probe(conf.healthPath("?js-server-only=true"), { periodSeconds: 15, failureThreshold: 4 }),
    resources: settings.resources,
    securityContext: restricted,
    volumeMounts: [
      { name: "config", mountPath: configDir },
      { name: "run", mountPath: "/run/nats" },
      { name: "data", mountPath: "/data" },
    ],
  });
}

function probe(path: unknown, times: { readonly periodSeconds: number; readonly failureThreshold: number }): object {
  return { httpGet: { path, port: "monitor" }, timeoutSeconds: 5, ...times };
}

function volumes(settings: KubernetesSettings): object[] {
  const { volume } = settings;
  const names = objectNames(settings.name);
  const items = (files: readonly string[]): object[] => [...new Set(files)].map((path) => ({ key: keyOf(path), path }));
  return [
    {
      name: "config",
      // One volume for all: the kubelet exchanges its files at one moment, and they stay where nats.conf looks for them.
      projected: {
        defaultMode: 0o440,
        sources: [
          {
            configMap: {
              name: names.config,
              items: items([configFile, nodeFile, ...tlsFiles.public, ...settings.files]),
              optional: true,
            },
          },
          {
            secret: {
              name: names.secrets,
              items: items([secretsFile, ...tlsFiles.secret, ...settings.secretFiles]),
              optional: true,
            },
          },
        ],
      },
    },
    { name: "run", emptyDir: {} },
    ...(volume.kind === "claim"
      ? []
      : [
          {
            name: "data",
            emptyDir: present({
              medium: volume.inMemory ? "Memory" : undefined,
              sizeLimit: volume.size === undefined ? undefined : quantity(volume.size),
            }),
          },
        ]),
  ];
}

/** Go's collector works harder before the kernel ends the process: nine tenths of the limit. */
export function memoryLimitEnv(limit: string | undefined): { name: string; value: string }[] {
  const bytes = limit === undefined ? undefined : bytesOf(limit);
  return bytes === undefined ? [] : [{ name: "GOMEMLIMIT", value: `${(bytes * 9n) / 10n}B` }];
}
