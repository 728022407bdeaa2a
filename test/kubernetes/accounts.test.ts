import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Cluster } from "../../components/cluster";
import { kubernetes } from "../../components/kubernetes";
import { closeConnections } from "../../provider/apply/connect";
import { accountsWalk, holdAccountsWalk } from "../bed/accountsWalk";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { withStack } from "../bed/stack";

describe("Operator, account and users on Kubernetes", function () {
  this.timeout(900_000);
  let bed: KubernetesBed;
  let namespace: string;
  before(async function () {
    bed = await kubernetesBed(this);
    namespace = await bed.namespace("accounts");
  });
  after(async () => {
    await closeConnections();
    await bed?.down();
  });

  it("are there when up is done: each user may do what it may, on every server", async () => {
    const program = accountsWalk((operator) => {
      const kubeconfig = readFileSync(bed.kubeconfig, "utf8");
      const target = kubernetes({ namespace, kubeconfig, volume: { size: "256MiB" } });
      return new Cluster("east", {
        target,
        operator,
        jetstream: { maxFileStore: "128MiB" },
        rollout: { timeout: "90s" },
      });
    });
    await withStack(program, async (stack) => {
      const up = await stack.up();
      await holdAccountsWalk(up.outputs);
      const preview = await stack.preview();
      assert.deepEqual(Object.keys(preview.counts), ["same"], preview.text);
      const maps = await bed.kubectl("-n", namespace, "get", "configmap", "-o", "yaml");
      assert.doesNotMatch(maps, /\bS[OAU][A-Z2-7]{56}\b/);
    });
  });
});
