import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "nats";
import { waitFor } from "../../provider/apply/wait";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { greeting } from "../bed/greeting";
import { podMonitors } from "../bed/kubernetes/podMonitors";
import { KubernetesCluster } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";

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

  const program = (token: string, config: object = {}) =>
    cluster.program({
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
    });
    assert.deepEqual(await cluster.claims(), []);
  });

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
