import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { KubernetesCluster } from "../bed/kubernetesCluster";
import type { ClusterChange } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";

interface Case {
  readonly what: string;
  readonly change: () => ClusterChange | Promise<ClusterChange>;
  readonly said: RegExp;
}

describe("Bad input of a cluster on Kubernetes", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;

  before(async function () {
    const bed = await kubernetesBed(this);
    cluster = new KubernetesCluster(bed, await bed.namespace("bad"));
    const labels = { app: "other" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "a", image: "nats:2.15.2-alpine" }] } };
    const spec = { serviceName: "taken", replicas: 0, selector: { matchLabels: labels }, template };
    const taken = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "taken" }, spec };
    const helm = {
      labels: { "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": "messages" },
    };
    const ports = [{ name: "client", port: 4222 }];
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "helmed", ...helm }, spec: { ports } };
    const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "helmed-config", ...helm } };
    const annotations = { "pulumi-nats/owner": "other/prod/both" };
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "both-secrets", annotations } };
    await bed.apply([taken, service, config, secret], cluster.namespace);
  });
  after(() => cluster?.bed.down());

  const cases: Case[] = [
    {
      what: "a namespace that is not there",
      change: () => ({ target: { namespace: "nowhere" } }),
      said: /target\.namespace: there is no namespace "nowhere"\. Fix: createNamespace: true, or kubectl create namespace nowhere|there is no namespace "nowhere"/,
    },
    {
      what: "a storage class that does not exist",
      change: () => ({ target: { volume: { storageClass: "golden" } } }),
      said: /there is no StorageClass "golden", there are "folders"\. Fix: storageClass: "folders"/,
    },
    {
      what: "a namespace that forbids the pods",
      change: () => ({ target: { transform: { StatefulSet: withHostNetwork } } }),
      said: /forbids the pods: .*violates PodSecurity "restricted:latest": host namespaces \(hostNetwork=true\)/,
    },
    {
      what: "a kubeconfig that may nothing",
      change: async () => ({ target: { kubeconfig: await powerless() } }),
      said: /the kubeconfig's user may not list pods, patch pods, delete pods, create pods\/portforward, .* Fix: a Role/,
    },
    {
      what: "a kubeconfig without the context",
      change: () => ({ target: { context: "elsewhere" } }),
      said: /the kubeconfig has no context "elsewhere"/,
    },
    {
      what: "a StatefulSet of somebody else",
      change: () => ({ args: { name: "taken" } }),
      said: /StatefulSet .*\/taken is there already and was not made by this package\. Fix: another name/,
    },
    {
      what: "a Service and a ConfigMap of a Helm release",
      change: () => ({ args: { name: "helmed" } }),
      said: /ConfigMap \S+\/helmed-config, Service \S+\/helmed are there already and were made by the Helm release "messages"\. Fix: another name, or another namespace; or, for them to become this cluster's: kubectl -n \S+ annotate --overwrite configmap\/helmed-config service\/helmed pulumi-nats\/owner=bed\/test\/helmed/,
    },
    {
      what: "a Secret of another stack",
      change: () => ({ args: { name: "both" } }),
      said: /Secret \S+\/both-secrets is there already and was made for other\/prod\/both \(<project>\/<stack>\/<cluster>\)/,
    },
    {
      what: "a name that Kubernetes can't have",
      change: () => ({ args: { name: "East_1" } }),
      said: /"East_1" can't name objects of Kubernetes.* Fix: name: "east-1"/,
    },
    {
      what: "a version that is too old",
      change: () => ({ args: { version: "2.10.9" } }),
      said: /at least 2\.11 is wanted/,
    },
  ];

  it("is one clear error before anything changes", async () => {
    await withStack(cluster.program(), async (stack) => {
      for (const { what, change, said } of cases) {
        stack.program = cluster.program(await change());
        const { text, error } = await stack.attempt("preview");
        assert.notEqual(error, undefined, what);
        assert.match(text.replace(/\s+/g, " "), said, `${what}: ${text}`);
      }
      stack.program = cluster.program(await cases[1]!.change());
      const up = await stack.attempt("up");
      assert.match(up.text, /there is no StorageClass "golden"/);
      const made = await cluster.kubectl("get", "statefulset,service,configmap,secret,pvc", "-o", "name");
      assert.deepEqual(made.trim().split("\n").sort(), [
        "configmap/helmed-config",
        "configmap/kube-root-ca.crt",
        "secret/both-secrets",
        "service/helmed",
        "statefulset.apps/taken",
      ]);
    });
  });

  it("warns of an even number of JetStream servers, and goes on", async () => {
    await withStack(cluster.program({ target: { servers: 2 } }), async (stack) => {
      const { rows, error } = await stack.attempt("preview");
      assert.equal(error, undefined);
      const warnings = rows.filter(({ severity, name }) => severity === "warning" && name === "east-preflight");
      assert.match(
        warnings.map(({ message }) => message).join("\n"),
        /2 servers with JetStream survive the loss of no more servers than 1 do\. Fix: servers: 3/,
      );
    });
  });

  async function powerless(): Promise<string> {
    await cluster.kubectl("create", "serviceaccount", "nobody");
    const token = (await cluster.kubectl("create", "token", "nobody")).trim();
    return readFileSync(cluster.bed.kubeconfig, "utf8").replace(
      /^users:.*$/m,
      `users: [{name: admin, user: {token: ${token}}}]`,
    );
  }
});

function withHostNetwork(object: { readonly [part: string]: unknown }): never {
  const spec = object["spec"] as { template: { spec: object } };
  const template = { ...spec.template, spec: { ...spec.template.spec, hostNetwork: true } };
  return { ...object, spec: { ...spec, template } } as never;
}
