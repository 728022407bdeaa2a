import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { kubernetes } from "../../components/kubernetes";
import type { KubernetesArgs } from "../../components/kubernetesArgs";
import { problemText } from "../../provider/errors";
import type { Problem } from "../../provider/errors";
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

  it("takes nothing from a transform for no change, and says of which object it makes none", async () => {
    let all = await clusterOf({
      namespace: "nats",
      transform: {
        PodDisruptionBudget: () => undefined,
        StatefulSet: (object) => {
          (object["spec"] as Record<string, unknown>)["minReadySeconds"] = 4;
        },
      },
    });
    assert.equal((one(all, "StatefulSet").inputs as unknown as Manifest).spec["minReadySeconds"], 4);
    assert.deepEqual(problemsOf(all, "east-preflight"), []);
    all = await clusterOf({
      namespace: "nats",
      transform: {
        ConfigMap: (() => Promise.resolve({})) as never,
        Secret: (() => "text") as never,
        Service: ((object: object) => ({ ...object, metadata: { name: "other", namespace: "nats" } })) as never,
      },
    });
    assert.deepEqual(problemsOf(all, "east-preflight"), [
      'target.transform.Service: of Service east-headless it makes one with metadata.name "other", and by "east-headless" it is found. Fix: leave metadata.name as it is',
      "target.transform.ConfigMap: of ConfigMap east-config it makes a Promise (it can't be async), which is no object of the Kubernetes API. Fix: (object) => ({ ...object, … })",
      'target.transform.Secret: of Secret east-secrets it makes "text", which is no object of the Kubernetes API. Fix: (object) => ({ ...object, … })',
      'target.transform.Service: of Service east it makes one with metadata.name "other", and by "east" it is found. Fix: leave metadata.name as it is',
    ]);
  });

  it("refuses two clusters of one program in the same place, and no others", async () => {
    const programOf = (others: readonly Partial<KubernetesArgs & { name: string }>[]): (() => void) => {
      return () => {
        new Cluster("first", { name: "east", target: kubernetes({ namespace: "nats", kubeconfig: "one" }) });
        others.forEach(({ name = "east", ...rest }, index) => {
          const target = kubernetes({ namespace: "nats", kubeconfig: "one", ...rest });
          new Cluster(`other-${index}`, { name, target });
        });
      };
    };
    const placeProblems = (all: readonly Registered[], name: string): string[] =>
      problemsOf(all, name).filter((text) => text.startsWith("name: "));
    const fine = await register(
      programOf([{ namespace: "nats-2" }, { name: "west" }, { kubeconfig: "two" }, { context: "two" }]),
    );
    for (const { name } of fine.filter((each) => each.name.endsWith("-preflight"))) {
      assert.deepEqual(placeProblems(fine, name), [], name);
    }
    // A second run in the same process knows nothing of the first.
    const both = await register(programOf([{}]));
    assert.deepEqual(placeProblems(both, "first-preflight"), []);
    assert.deepEqual(placeProblems(both, "other-0-preflight"), [
      'name: nats.Cluster "first" of this program is StatefulSet nats/east already, and "other-0" would be the same one. Fix: name: "east-2", or another namespace',
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

  it("lets servers tell the others the address from outside, not the pods' own names", async () => {
    const advertised = async (address: string): Promise<unknown[]> => {
      const all = await register(() => {
        const target = kubernetes({ namespace: "nats", servers: 2, gateway: { address }, leafnodes: { address } });
        new Cluster("east", { target, gateway: {}, leafnodes: {} });
      });
      const { spec } = one(all, "StatefulSet").inputs as unknown as Manifest;
      const { containers } = (spec["template"] as { spec: { containers: { env: EnvVar[] }[] } }).spec;
      const config = one(all, "ConfigMap").inputs["data"] as Record<string, string>;
      const rollout = all.find(({ name }) => name === "east-servers")!;
      const compared = rollout.inputs["nodes"] as Record<string, { config: string }>;
      const outside = (text: string): string[] => text.split("\n").filter((line) => /^ADVERTISE_[GL]/.test(line));
      const env = containers[0]!.env.filter(({ name }) => name.startsWith("NATS_ADVERTISE_"));
      assert.match(config["nats.conf"]!, /^ {2}advertise: \$ADVERTISE_GATEWAY$/m);
      return [
        outside(config["node.conf"]!),
        env.map(({ name, value }) => [name, value]),
        outside(compared["east-1"]!.config),
      ];
    };
    assert.deepEqual(await advertised("nats.example.com"), [
      ['ADVERTISE_GATEWAY: "nats.example.com:7222"', 'ADVERTISE_LEAFNODES: "nats.example.com:7422"'],
      [
        ["NATS_ADVERTISE_CLIENT", '"$(POD_NAME).east-headless.nats.svc:4222"'],
        ["NATS_ADVERTISE_CLUSTER", '"$(POD_NAME).east-headless.nats.svc:6222"'],
      ],
      ['ADVERTISE_GATEWAY: "nats.example.com:7222"', 'ADVERTISE_LEAFNODES: "nats.example.com:7422"'],
    ]);
    assert.deepEqual(await advertised("{pod}.nats.example.com"), [
      ["ADVERTISE_GATEWAY: $NATS_ADVERTISE_GATEWAY", "ADVERTISE_LEAFNODES: $NATS_ADVERTISE_LEAFNODES"],
      [
        ["NATS_ADVERTISE_CLIENT", '"$(POD_NAME).east-headless.nats.svc:4222"'],
        ["NATS_ADVERTISE_CLUSTER", '"$(POD_NAME).east-headless.nats.svc:6222"'],
        ["NATS_ADVERTISE_GATEWAY", '"$(POD_NAME).nats.example.com:7222"'],
        ["NATS_ADVERTISE_LEAFNODES", '"$(POD_NAME).nats.example.com:7422"'],
      ],
      ['ADVERTISE_GATEWAY: "east-1.nats.example.com:7222"', 'ADVERTISE_LEAFNODES: "east-1.nats.example.com:7422"'],
    ]);
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

interface EnvVar {
  name: string;
  value?: string;
}

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

function problemsOf(all: readonly Registered[], name: string): string[] {
  const problems = secretOf(all.find((each) => each.name === name)!.inputs["problems"]) as Problem[];
  return problems.map((problem) => `${problem.path}: ${problemText(problem)}`);
}

function secretOf(value: unknown): unknown {
  const wrapped = value as { value?: unknown } | undefined;
  return wrapped?.value ?? value;
}
