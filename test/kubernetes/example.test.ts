import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { waitFor } from "../../provider/apply/wait";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { repository } from "../bed/pulumiBed";
import { withStack } from "../bed/stack";

const file = path.join(repository, "examples/kubernetes-cluster/index.ts");

/** The example as it stands, run anew by every operation. */
const example: PulumiFn = async () => {
  delete require.cache[file];
  return require(file) as Record<string, unknown>;
};

describe("examples/kubernetes-cluster", function () {
  this.timeout(900_000);
  let bed: KubernetesBed;
  before(async function () {
    bed = await kubernetesBed(this);
  });
  after(() => bed?.down());

  it("does what its page says, in a namespace that it makes", async () => {
    const namespace = `example-${process.pid}`;
    const config = {
      namespace,
      kubeconfig: { value: readFileSync(bed.kubeconfig, "utf8"), secret: true as const },
      version: "2.14.9",
    };
    try {
      await withStack(
        example,
        async (stack) => {
          const up = await stack.up();
          assert.equal(up.step("ORDERS").op, "create");
          const ready = await bed.kubectl(
            "get",
            "pods",
            "-n",
            namespace,
            "-o",
            "jsonpath={.items[*].status.containerStatuses[*].name}",
          );
          assert.equal(ready, "exporter nats exporter nats exporter nats");
          const place = `/api/v1/namespaces/${namespace}/pods/east-0:7777/proxy/metrics`;
          const metrics = await waitFor("metrics", { timeout: 30_000 }, () =>
            bed.kubectl("get", "--raw", place).then(
              (value) => ({ value }),
              (error: Error) => ({ pending: error.message }),
            ),
          );
          assert.match(metrics, /nats_varz_connections\{server_id="east-0"\}/);

          await stack.stack.setConfig("maxPayload", { value: "8MiB" });
          const reload = await stack.preview();
          assert.match(reload.messages("east-servers").join("\n"), /hot reload on east-0, east-1, east-2: max_payload/);
          await stack.stack.setConfig("version", { value: "2.15.2" });
          const upgrade = await stack.preview();
          assert.match(
            upgrade.messages("east-servers").join("\n"),
            /one server at a time .*nats-server 2\.14\.9 → 2\.15\.2/,
          );
          const after = await stack.preview();
          assert.equal(after.step("ORDERS").op, "same", after.text);
        },
        { config },
      );
      const claims = await bed.kubectl("get", "pvc", "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}");
      assert.equal(claims, "data-east-0 data-east-1 data-east-2");
    } finally {
      await bed.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    }
  });
});
