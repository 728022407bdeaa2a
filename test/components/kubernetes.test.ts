import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { kubernetes } from "../../components/kubernetes";
import type { KubernetesArgs } from "../../components/kubernetesArgs";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { register, valueOf } from "./mocks";
import type { Registered } from "./mocks";

describe("Cluster on Kubernetes, on mocks", () => {
  it("declares typed objects between the look ahead and the rollout", async () => {
    const all = await clusterOf({ namespace: "nats" });
    assert.deepEqual(kindsOf(all), [
      "ConfigMap east-config",
      "PodDisruptionBudget east-budget",
      "Secret east-secrets",
      "Service east-client",
      "Service east-headless",
      "ServiceAccount east-account",
      "StatefulSet east-pods",
    ]);
    const names = all.map(({ type, name }) => `${type.split(/[:/]/).pop()} ${name}`);
    assert.ok(names.includes("KubernetesPreflight east-preflight"), names.join());
    assert.ok(names.includes("KubernetesRollout east-servers"), names.join());
    const provider = all.find(({ type }) => type === "pulumi:providers:kubernetes")!;
    assert.equal(String(provider.inputs["enableConfigMapMutable"]), "true");
    assert.equal(String(provider.inputs["enableSecretMutable"]), "true");
  });

  it("keeps every secret in the Secret, and names in their place", async () => {
    const all = await clusterOf({ namespace: "nats" });
    const plain = JSON.stringify([one(all, "ConfigMap"), one(all, "StatefulSet"), one(all, "Service")]);
    for (const hidden of ["hunter2hunter2", "generated-password", "UGENERATED"]) {
      assert.equal(plain.includes(hidden), false, hidden);
      assert.equal(plain.includes(Buffer.from(hidden).toString("base64")), false, hidden);
    }
    const data = secretOf(one(all, "Secret").inputs["data"]) as Record<string, string>;
    const text = Buffer.from(data["secrets.conf"]!, "base64").toString();
    assert.match(
      text,
      /ROUTE_EAST_2: "nats-route:\/\/cluster:generated-password@east-2\.east-headless\.nats\.svc:6222"/,
    );
    assert.match(text, /hunter2hunter2/);
    assert.equal(Buffer.from(data["tls__server.key"]!, "base64").toString(), "KEY");
    const config = one(all, "ConfigMap").inputs["data"] as Record<string, string>;
    assert.deepEqual(Object.keys(config).sort(), ["nats.conf", "node.conf", "tls__ca.pem"]);
    assert.match(config["node.conf"]!, /^server_name: \$NATS_SERVER_NAME$/m);
  });

  it("gives every object to transform, also to what the rollout compares", async () => {
    const all = await clusterOf({
      namespace: "nats",
      transform: {
        StatefulSet: (object) => ({
          ...object,
          metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, team: "messaging" } },
          spec: { ...(object["spec"] as object), minReadySeconds: 3 },
        }),
        Service: (object) =>
          object.metadata.name === "east"
            ? { ...object, spec: { ...(object["spec"] as object), type: "NodePort" } }
            : object,
      },
    });
    const set = one(all, "StatefulSet").inputs as unknown as Manifest;
    assert.equal(set.metadata.annotations["team"], "messaging");
    assert.equal(set.spec["minReadySeconds"], 3);
    const rollout = all.find(({ name }) => name === "east-servers")!;
    assert.equal((rollout.inputs["statefulSet"] as Record<string, unknown>)["minReadySeconds"], 3);
    const services = all
      .filter(({ type }) => type.endsWith(":Service"))
      .map(({ inputs }) => inputs as unknown as Manifest);
    assert.deepEqual(services.map(({ metadata, spec }) => [metadata.name, spec["type"]]).sort(), [
      ["east", "NodePort"],
      ["east-headless", undefined],
    ]);
  });

  it("publishes addresses that a preview knows, and the way to them", async () => {
    let urls: string[] = [];
    let through: unknown;
    let gateways: string[] = [];
    await register(async () => {
      const cluster = new Cluster("east", {
        target: kubernetes({ namespace: "nats", servers: 2, gateway: { address: "{pod}.nats.example.com" } }),
        gateway: {},
      });
      urls = await valueOf(cluster.urls);
      gateways = await valueOf(cluster.gatewayUrls);
      through = await valueOf(cluster.through);
    });
    assert.deepEqual(urls, ["nats://east-0.east-headless.nats.svc:4222", "nats://east-1.east-headless.nats.svc:4222"]);
    assert.deepEqual(gateways, ["nats://east-0.nats.example.com:7222", "nats://east-1.nats.example.com:7222"]);
    const [way] = (through as { ways: { pods: Record<string, string[]> }[] }).ways;
    assert.deepEqual(way!.pods["east-1.east-headless.nats.svc"], ["east-1"]);
    assert.deepEqual(way!.pods["east.nats.svc"], ["east-0", "east-1"]);
  });

  it("asks for certificates with the names of pods and Services", async () => {
    const all = await clusterOf({ namespace: "nats" });
    const certificate = all.find(({ type }) => type.endsWith(":Certificate"))!;
    const names = certificate.inputs["dnsNames"] as string[];
    for (const name of ["*.east-headless.nats.svc", "east-0.east-headless.nats.svc", "east.nats.svc", "east"]) {
      assert.ok(names.includes(name), `${name} in ${names.join()}`);
    }
  });

  it("refuses a provider that would replace ConfigMaps", async () => {
    const { Provider } = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
    const all = await register(() => {
      const provider = new Provider("plain", { kubeconfig: "kc" });
      new Cluster("east", { target: kubernetes({ namespace: "nats", provider }) });
    });
    const { inputs } = all.find(({ name }) => name === "east-preflight")!;
    const problems = inputs["problems"] as { path: string; fix?: string }[];
    const found = problems.find(({ path }) => path === "target.provider");
    assert.match(found?.fix ?? "", /enableConfigMapMutable: true, enableSecretMutable: true/);
  });

  it("names wrong options with their path and fix", () => {
    assert.throws(
      () =>
        kubernetes({ namespace: "My Space", servers: 0, volume: { size: "big", kind: "memory", storageClass: "x" } }),
      (error: Error) => {
        for (const text of ["namespace: ", "servers: 0: a whole number", "volume.size: ", "volume.storageClass: "]) {
          assert.ok(error.message.includes(text), `${text} in ${error.message}`);
        }
        return true;
      },
    );
  });
});

interface Manifest {
  metadata: { name: string; annotations: Record<string, string> };
  spec: Record<string, unknown>;
}

function clusterOf(options: KubernetesArgs): Promise<Registered[]> {
  return register(() => {
    const issuer = new CertificateAuthority("ca");
    new Cluster("east", {
      target: kubernetes(options),
      tls: { issuer },
      jetstream: { maxFileStore: "1GiB" },
      accounts: { APP: { users: [{ user: "app", password: pulumi.secret("hunter2hunter2") }] } },
    });
  });
}

function kindsOf(all: readonly Registered[]): string[] {
  return all
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, name }) => `${type.split(":").pop()} ${name}`)
    .sort();
}

function one(all: readonly Registered[], kind: string): Registered {
  return all.find(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`))!;
}

function secretOf(value: unknown): unknown {
  const wrapped = value as { value?: unknown } | undefined;
  return wrapped?.value ?? value;
}
