import { natsImages } from "../bed/kubernetes/images";
import { joinKubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { previewOfNothing, secondsOf, TimedProject } from "./clusterFigure";
import type { ClusterFigure } from "./clusterFigure";

const program = `
const nats = require("pulumi-nats");
const { BENCH_NAMESPACE: namespace, BENCH_PAYLOAD: maxPayload = "1MiB", BENCH_SUBSCRIPTIONS: subscriptions } = process.env;
new nats.Cluster("east", {
  target: nats.kubernetes({ namespace, volume: { size: "256MiB" } }),
  jetstream: { maxFileStore: "128MiB", maxMemoryStore: "32MiB" },
  accounts: { APP: { jetstream: true, users: [{ user: "app", password: "app-password" }] } },
  config: { maxPayload, ...(subscriptions ? { maxSubscriptions: Number(subscriptions) } : {}) },
});
`;

/** Three pods, against `kubectl apply` of as few objects as can be and a wait for their rollout. */
export async function kubernetesFigures(): Promise<ClusterFigure[]> {
  const bed = await joinKubernetesBed();
  try {
    const plain = await kubectlFigures(bed);
    const env = { ...bed.env, BENCH_NAMESPACE: await bed.namespace("bench") };
    const project = await TimedProject.make(program);
    try {
      const up = await project.up(env);
      const nothing = { name: "preview of an empty program", seconds: await previewOfNothing() };
      const unchanged = await project.unchanged(env);
      const reload = await project.up({ ...env, BENCH_PAYLOAD: "2MiB" });
      const restart = await project.up({ ...env, BENCH_PAYLOAD: "2MiB", BENCH_SUBSCRIPTIONS: "10000" });
      return [
        {
          title: "3 pods: up from nothing",
          seconds: up,
          other: { name: "kubectl apply, rollout status", seconds: plain.up },
        },
        { title: "3 pods: unchanged preview", seconds: unchanged, other: nothing },
        { title: "3 pods: hot reload", seconds: reload },
        {
          title: "3 pods: rolling restart",
          seconds: restart,
          other: { name: "kubectl rollout restart, status", seconds: plain.restart },
        },
      ];
    } finally {
      await project.end(env);
    }
  } finally {
    await bed.down();
  }
}

async function kubectlFigures(bed: KubernetesBed): Promise<{ readonly up: number; readonly restart: number }> {
  const namespace = await bed.namespace("plain");
  const status = (): Promise<string> =>
    bed.kubectl("rollout", "status", "-n", namespace, "statefulset/nats", "--timeout=300s");
  const up = await secondsOf("kubectl apply, rollout status", async () => {
    await bed.apply(objects, namespace);
    await status();
  });
  const restart = await secondsOf("kubectl rollout restart, status", async () => {
    await bed.kubectl("rollout", "restart", "-n", namespace, "statefulset/nats");
    await status();
  });
  await bed.kubectl("delete", "-n", namespace, "statefulset/nats");
  return { up, restart };
}

const labels = { app: "nats" };
const routes = [0, 1, 2].map((index) => `nats://nats-${index}.nats:6222`).join(", ");
const conf = `server_name: $POD_NAME
listen: 0.0.0.0:4222
http: 0.0.0.0:8222
jetstream { store_dir: /data, max_file_store: 128MB, max_memory_store: 32MB }
cluster { name: nats, listen: 0.0.0.0:6222, routes: [${routes}] }
accounts { $SYS { users: [{ user: sys, password: sys }] }, APP { jetstream: enabled, users: [{ user: app, password: app }] } }
`;
const objects = [
  { apiVersion: "v1", kind: "Secret", metadata: { name: "nats" }, stringData: { "nats.conf": conf } },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "nats" },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: labels,
      ports: [
        { name: "client", port: 4222 },
        { name: "cluster", port: 6222 },
      ],
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "nats" },
    spec: {
      serviceName: "nats",
      replicas: 3,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            fsGroup: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "nats",
              image: natsImages[0]!.image,
              args: ["-c", "/etc/nats/nats.conf"],
              env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
              readinessProbe: { httpGet: { path: "/healthz", port: 8222 }, periodSeconds: 2 },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [
                { name: "conf", mountPath: "/etc/nats" },
                { name: "data", mountPath: "/data" },
              ],
            },
          ],
          volumes: [{ name: "conf", secret: { secretName: "nats" } }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "256Mi" } } },
        },
      ],
    },
  },
];
