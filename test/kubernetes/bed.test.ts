import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "nats";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { natsImages } from "../bed/kubernetes/images";

const security = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

describe("the Kubernetes bed", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let namespace: string;

  before(async function () {
    bed = await kubernetesBed(this);
    namespace = await bed.namespace("bed");
  });

  after(() => bed?.down());

  it("has one node, ready, and Kubernetes of a release", async () => {
    const [name, version, ready] = (
      await bed.kubectl(
        "get",
        "nodes",
        "-o",
        `jsonpath={.items[*].metadata.name} {.items[*].status.nodeInfo.kubeletVersion} {.items[*].status.conditions[?(@.type=="Ready")].status}`,
      )
    ).split(" ");
    assert.equal(name, "node");
    assert.match(version!, /^v1\.\d+\.\d+$/);
    assert.equal(ready, "True");
  });

  for (const { version, image } of natsImages) {
    it(`runs ${image} under restricted pod security, on a volume, reached by its balancer and its node port`, async () => {
      const name = `nats-${version.replaceAll(".", "-")}`;
      await bed.apply(objects(name, image), namespace);
      await bed.kubectl("rollout", "status", "-n", namespace, `statefulset/${name}`, "--timeout=180s");
      const said = await bed.kubectl("exec", "-n", namespace, `${name}-0`, "--", "nats-server", "--version");
      assert.equal(said.trim(), `nats-server: v${version}`);
      const address = await balancerOf(bed, namespace, name);
      const port = await bed.kubectl(
        "get",
        "-n",
        namespace,
        "service",
        name,
        "-o",
        "jsonpath={.spec.ports[0].nodePort}",
      );
      for (const servers of [`nats://${address}:4222`, `nats://${bed.address}:${port}`]) {
        // An address is told a moment before the node's proxy lets it lead anywhere.
        const connection = await connect({
          servers,
          waitOnFirstConnect: true,
          reconnectTimeWait: 100,
          maxReconnectAttempts: 300,
        });
        assert.equal(connection.info?.version, version, servers);
        assert.equal(connection.info?.server_name, `${name}-0`);
        await connection.close();
      }
      const found = await bed.kubectl(
        "exec",
        "-n",
        namespace,
        `${name}-0`,
        "--",
        "nslookup",
        `${name}.${namespace}.svc.cluster.local`,
      );
      assert.match(found, /10\.96\.0\.\d+/);
    });
  }

  it("refuses a pod that may do more than its namespace allows", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "loose" },
      spec: { containers: [{ name: "a", image: natsImages[0]!.image }] },
    };
    await assert.rejects(
      bed.apply([pod], namespace),
      /violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false/,
    );
  });
});

async function balancerOf(bed: KubernetesBed, namespace: string, name: string): Promise<string> {
  for (let left = 150; left > 0; left--) {
    const address = await bed.kubectl(
      "get",
      "-n",
      namespace,
      "service",
      name,
      "-o",
      "jsonpath={.status.loadBalancer.ingress[0].ip}",
    );
    if (address) return address;
    await pause(200);
  }
  throw new Error(`${name} has no address after 30 s`);
}

function objects(name: string, image: string): object[] {
  const labels = { app: name };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { type: "LoadBalancer", selector: labels, ports: [{ name: "client", port: 4222 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name },
      spec: {
        serviceName: name,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: { fsGroup: 1000 },
            containers: [
              {
                name: "nats",
                image,
                args: ["--jetstream", "--store_dir", "/data", "--http_port", "8222", "--name", `${name}-0`],
                readinessProbe: { httpGet: { path: "/healthz", port: 8222 }, periodSeconds: 1 },
                securityContext: security,
                volumeMounts: [{ name: "data", mountPath: "/data" }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    },
  ];
}
