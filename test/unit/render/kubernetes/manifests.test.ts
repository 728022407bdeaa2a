import assert from "node:assert/strict";
import { podMonitor } from "../../../../provider/render/kubernetes/exporter";
import { bytesOf, quantity } from "../../../../provider/render/kubernetes/quantity";
import { clientService, exposedServices, headlessService } from "../../../../provider/render/kubernetes/services";
import { memoryLimitEnv } from "../../../../provider/render/kubernetes/serverPod";
import type { ConfParts, KubernetesSettings } from "../../../../provider/render/kubernetes/settings";
import { statefulSet } from "../../../../provider/render/kubernetes/statefulSet";

const conf: ConfParts = {
  restartKeys: "0123",
  graceSeconds: 60,
  healthPath: (query) => `/healthz${query}`,
  monitorUrl: "http://127.0.0.1:8222",
  env: [],
};

function settings(more: Partial<KubernetesSettings> = {}): KubernetesSettings {
  return {
    name: "east",
    namespace: "nats",
    servers: 3,
    owner: "project/stack/east",
    ports: { client: 4222, monitor: 8222, cluster: 6222 },
    labels: {},
    annotations: {},
    podLabels: {},
    podAnnotations: {},
    image: "nats:2.15.2-alpine",
    imagePullSecrets: [],
    volume: { kind: "claim", size: "10GiB", accessMode: "ReadWriteOnce" },
    serviceAccount: { name: "east", annotations: {} },
    service: { type: "ClusterIP", annotations: {} },
    gateway: { type: "ClusterIP", annotations: {} },
    leafnodes: { type: "ClusterIP", annotations: {} },
    files: ["tls/ca.pem", "tls/server.pem"],
    secretFiles: ["tls/server.key"],
    ...more,
  };
}

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly securityContext: unknown;
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Spec {
  readonly updateStrategy: unknown;
  readonly podManagementPolicy: string;
  readonly volumeClaimTemplates?: readonly unknown[];
  readonly template: {
    readonly metadata: { readonly annotations: Readonly<Record<string, unknown>> };
    readonly spec: {
      readonly containers: readonly Container[];
      readonly volumes: readonly { readonly name: string; readonly emptyDir?: unknown }[];
      readonly securityContext: unknown;
      readonly automountServiceAccountToken: boolean;
      readonly terminationGracePeriodSeconds: unknown;
      readonly topologySpreadConstraints: unknown;
    };
  };
}

const specOf = (more?: Partial<KubernetesSettings>): Spec => statefulSet(settings(more), conf)["spec"] as Spec;

describe("StatefulSet", () => {
  it("leaves restarts to the rollout, and starts all servers at once", () => {
    const { updateStrategy, podManagementPolicy, template } = specOf();
    assert.deepEqual(updateStrategy, { type: "OnDelete" });
    assert.equal(podManagementPolicy, "Parallel");
    assert.deepEqual(template.metadata.annotations, { "pulumi-nats/restart-keys": "0123" });
    assert.equal(template.spec.terminationGracePeriodSeconds, 60);
  });

  it("spreads pods over nodes, as far as there are enough, unless the program says how", () => {
    const spread = (more?: Partial<KubernetesSettings>): unknown =>
      specOf(more).template.spec.topologySpreadConstraints;
    assert.deepEqual(spread(), [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": "nats", "app.kubernetes.io/instance": "east" } },
      },
    ]);
    assert.deepEqual(spread({ topologySpreadConstraints: [] }), []);
  });

  it("asks each probe's own variant of /healthz", () => {
    const [server] = specOf().template.spec.containers;
    assert.equal(server!.startupProbe!.httpGet.path, "/healthz");
    assert.equal(server!.readinessProbe!.httpGet.path, "/healthz?js-enabled-only=true");
    assert.equal(server!.livenessProbe!.httpGet.path, "/healthz?js-server-only=true");
  });

  it("has what restricted pod security asks, the sidecar too", () => {
    const { spec } = specOf({ exporter: { image: "exporter:1" } }).template;
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(
      spec.containers.map(({ name }) => name),
      ["nats", "exporter"],
    );
    for (const { securityContext } of spec.containers) {
      assert.deepEqual(securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
    assert.equal(spec.automountServiceAccountToken, false);
    assert.ok(spec.containers[1]!.args!.includes("http://127.0.0.1:8222"));
  });

  it("has one volume of files whose paths never depend on whether TLS is on", () => {
    const paths = (more: Partial<KubernetesSettings>): string => JSON.stringify(specOf(more).template.spec.volumes[0]);
    assert.equal(paths({ files: [], secretFiles: [] }), paths({}));
    assert.match(paths({}), /\{"key":"tls__server.pem","path":"tls\/server.pem"\}/);
    assert.match(paths({}), /"secret":\{"name":"east-secrets","items":\[\{"key":"secrets.conf"/);
  });

  it("keeps JetStream's files in claims, or in the pod", () => {
    assert.deepEqual(
      specOf({
        volume: { kind: "claim", size: "1.5GiB".replace("1.5", "3"), storageClass: "ssd", accessMode: "ReadWriteOnce" },
      }).volumeClaimTemplates,
      [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "ssd",
            resources: { requests: { storage: "3Gi" } },
          },
        },
      ],
    );
    const memory = specOf({ volume: { kind: "emptyDir", inMemory: true, size: "512MiB" } });
    assert.equal(memory.volumeClaimTemplates, undefined);
    assert.deepEqual(memory.template.spec.volumes.at(-1), {
      name: "data",
      emptyDir: { medium: "Memory", sizeLimit: "512Mi" },
    });
  });
});

describe("Services", () => {
  it("name pods before they are ready, and lead clients to those that are", () => {
    const headless = headlessService(settings())["spec"] as Record<string, unknown>;
    assert.equal(headless["clusterIP"], "None");
    assert.equal(headless["publishNotReadyAddresses"], true);
    const client = clientService(settings({ service: { type: "LoadBalancer", annotations: { a: "b" } } }));
    assert.equal(client.metadata.name, "east");
    assert.equal(client.metadata.annotations!["a"], "b");
    const awaited = ({ metadata }: ReturnType<typeof clientService>): unknown[] =>
      ["skipAwait", "waitFor"].map((key) => metadata.annotations![`pulumi.com/${key}`]);
    assert.deepEqual(awaited(client), [undefined, "jsonpath={.status.loadBalancer.ingress}"]);
    assert.deepEqual(awaited(clientService(settings())), ["true", undefined]);
    assert.deepEqual((client["spec"] as Record<string, unknown>)["ports"], [
      { name: "client", port: 4222, targetPort: "client", appProtocol: "tcp" },
    ]);
  });

  it("bring gateways in by one address, or by one for each pod", () => {
    const ports = { client: 4222, monitor: 8222, cluster: 6222, gateway: 7222 };
    const names = (more: Partial<KubernetesSettings>): string[] =>
      exposedServices(settings({ ports, ...more }), "gateway").map(({ metadata }) => metadata.name);
    assert.deepEqual(names({}), ["east-gateway"]);
    assert.deepEqual(names({ gateway: { type: "LoadBalancer", annotations: {}, address: "{pod}.nats.example" } }), [
      "east-gateway-0",
      "east-gateway-1",
      "east-gateway-2",
    ]);
    assert.deepEqual(exposedServices(settings(), "gateway"), []);
    const [node] = exposedServices(
      settings({ ports, gateway: { type: "NodePort", annotations: {}, address: "n.example", nodePort: 30722 } }),
      "gateway",
    );
    assert.deepEqual((node!["spec"] as { ports: unknown }).ports, [
      { name: "gateway", port: 7222, targetPort: "gateway", appProtocol: "tcp", nodePort: 30722 },
    ]);
  });
});

describe("around the pods", () => {
  it("a PodMonitor is there where the exporter asks for one", () => {
    assert.equal(podMonitor(settings({ exporter: { image: "e" } })), undefined);
    const monitor = podMonitor(settings({ exporter: { image: "e", podMonitor: { labels: { release: "prom" } } } }));
    assert.equal(monitor!.metadata.labels!["release"], "prom");
  });

  it("sizes are written as Kubernetes reads them, and read as it writes them", () => {
    for (const [size, text] of [
      ["10GiB", "10Gi"],
      ["1536MiB", "1536Mi"],
      ["1000", "1000"],
      ["512KB", "512Ki"],
    ]) {
      assert.equal(quantity(size!), text);
    }
    assert.equal(bytesOf("1.5Gi"), 1610612736n);
    assert.equal(bytesOf("2k"), 2000n);
    assert.equal(bytesOf("much"), undefined);
    assert.deepEqual(memoryLimitEnv("1Gi"), [{ name: "GOMEMLIMIT", value: "966367641B" }]);
  });
});
