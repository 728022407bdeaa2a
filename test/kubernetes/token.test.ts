import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "nats";
import type { KubernetesObject } from "../../components/kubernetesArgs";
import { waitFor } from "../../provider/apply/wait";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { greeting } from "../bed/greeting";
import { podMonitors } from "../bed/kubernetes/podMonitors";
import { KubernetesCluster } from "../bed/kubernetesCluster";
import type { ClusterChange } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";

describe("A lone server with a token on Kubernetes", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;

  before(async function () {
    const bed = await kubernetesBed(this);
    cluster = new KubernetesCluster(bed, await bed.namespace("token"), {
      target: {
        servers: 1,
        volume: { kind: "memory", size: "64MiB" },
        leafnodes: { type: "NodePort", address: bed.address, nodePort: 30722 },
        exporter: { podMonitor: { interval: "15s", labels: { release: "prometheus" } } },
      },
    });
  });
  after(async () => {
    await cluster?.kubectl("delete", "crd", podMonitors.metadata.name, "--ignore-not-found");
    await cluster?.bed.down();
  });

  const program = (token: string, config: object = {}, target: ClusterChange["target"] = {}) =>
    cluster.program({
      target,
      args: { accounts: undefined, authorization: { token: pulumi.secret(token) }, leafnodes: {}, config },
    });

  it("is asked by its monitoring port, and reloads by a signal, all through the API server", async () => {
    await withStack(program("first-token-1"), async (stack) => {
      const early = await stack.attempt("preview");
      assert.match(
        early.text.replace(/\s+/g, " "),
        /target\.exporter\.podMonitor: this Kubernetes has no kind PodMonitor of monitoring\.coreos\.com\/v1, which comes with the Prometheus operator\. Fix: install the operator first, or podMonitor: false/,
      );
      await cluster.bed.apply([podMonitors]);
      await cluster.kubectl("wait", "--for=condition=Established", `crd/${podMonitors.metadata.name}`, "--timeout=30s");
      await stack.up();
      await monitored();
      // A node port's rules reach the node in their own time.
      await waitFor("a leaf node's greeting by the node's port", { timeout: 20_000 }, () =>
        greeting(cluster.bed.address, 30722),
      );
      assert.equal(await maxPayload("first-token-1"), 1024 * 1024);
      const before = await cluster.pods();
      stack.program = program("second-token-2", { maxPayload: "2MiB" });
      const preview = await stack.preview();
      assert.match(preview.messages("east-servers").join("\n"), /^hot reload on east-0: /);
      await stack.up();
      assert.deepEqual(await cluster.pods(), before);
      assert.equal(await maxPayload("second-token-2"), 2 * 1024 * 1024);
      await assert.rejects(maxPayload("first-token-1"), /Authorization Violation/);
      await transformed(stack);
    });
    assert.deepEqual(await cluster.claims(), []);
  });

  /** The program's last word: what follows for the pod is told, and done; the rest touches no pod. */
  async function transformed(stack: TestStack): Promise<void> {
    const noted = ({ metadata, ...rest }: KubernetesObject): KubernetesObject => {
      return {
        ...rest,
        metadata: { ...metadata, annotations: { ...metadata.annotations, team: "messaging" } },
      };
    };
    const annotate = (object: KubernetesObject): KubernetesObject => {
      const spec = object["spec"] as { readonly template: KubernetesObject };
      return { ...object, spec: { ...spec, template: noted(spec.template) } };
    };
    const transform = { ConfigMap: noted, Service: noted, StatefulSet: annotate };
    const before = await cluster.pods();
    stack.program = program("second-token-2", { maxPayload: "2MiB" }, { transform });
    const preview = await stack.preview();
    for (const name of ["config", "client", "headless", "pods"]) {
      assert.equal(preview.step(`east-${name}`).op, "update", name);
    }
    assert.match(
      preview.messages("east-servers").join("\n"),
      /restart .*the pod template changes \(annotations\.team \(none\) → messaging\)/,
    );
    await stack.up();
    assert.notEqual((await cluster.pods())["east-0"], before["east-0"]);
    const objects = ["pod/east-0", "configmap/east-config", "service/east", "service/east-headless"];
    const teams = await cluster.kubectl("get", ...objects, "-o", "jsonpath={.items[*].metadata.annotations.team}");
    assert.equal(teams, "messaging messaging messaging messaging");
    const after = await stack.preview();
    assert.deepEqual(Object.keys(after.counts), ["same"], after.text);
  }

  /** As the API server took it, checked against the kind's own schema. */
  async function monitored(): Promise<void> {
    const { metadata, spec } = JSON.parse(await cluster.kubectl("get", "podmonitor", "east", "-o", "json")) as {
      metadata: { labels: Record<string, string> };
      spec: object;
    };
    assert.equal(metadata.labels["release"], "prometheus");
    assert.deepEqual(spec, {
      podMetricsEndpoints: [{ interval: "15s", port: "metrics" }],
      selector: { matchLabels: { "app.kubernetes.io/instance": "east", "app.kubernetes.io/name": "nats" } },
    });
  }

  async function maxPayload(token: string): Promise<number> {
    const connection = await connect({ servers: await cluster.address(), token, reconnect: false });
    const { max_payload: size } = connection.info!;
    await connection.close();
    return size;
  }
});
