import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { repository } from "../bed/pulumiBed";
import { withStack } from "../bed/stack";

const file = path.join(repository, "examples/nack/index.ts");

/** The example as it stands, run anew by every operation. */
const example: PulumiFn = async () => {
  delete require.cache[file];
  return require(file) as Record<string, unknown>;
};

describe("examples/nack", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  const namespace = `nack-example-${process.pid}`;

  before(async function () {
    bed = await kubernetesBed(this);
  });
  after(() => bed?.down());

  const nats = (...args: readonly string[]): Promise<string> =>
    bed.kubectl("exec", "-n", namespace, "deployment/box", "--", "nats", ...args);

  it("does what its page says, with stand-ins for the images of web interface and box", async () => {
    const config = { namespace, kubeconfig: { value: readFileSync(bed.kubeconfig, "utf8"), secret: true as const } };
    try {
      await withStack(
        example,
        async (stack) => {
          const { outputs } = await stack.up();
          assert.deepEqual(outputs["names"], ["ORDERS", "billing"]);
          const seen = await bed.kubectl(
            "get",
            "-n",
            namespace,
            "streams.jetstream.nats.io,consumers.jetstream.nats.io",
          );
          assert.match(seen, /stream\.jetstream\.nats\.io\/orders +Ready +ORDERS +\["orders\.(>|\\u003e)"\]/);
          assert.match(seen, /consumer\.jetstream\.nats\.io\/orders-billing +Ready +ORDERS +billing +explicit/);
          await nats("pub", "orders.paid", "one", "--jetstream");
          assert.match(await nats("stream", "info", "ORDERS"), /Messages: 1\b/);
          // Who may look, may.
          assert.match(await nats("--context", "viewer", "stream", "info", "ORDERS"), /Replicas: 3/);
          await assert.rejects(
            nats("--context", "viewer", "stream", "purge", "ORDERS", "--force"),
            /could not purge Stream/,
          );

          assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
          await stack.stack.setConfig("maxAge", { value: "30d" });
          await stack.up();
          assert.match(await nats("stream", "info", "ORDERS"), /Maximum Age: (30d|720h|4w2d)/);
        },
        { config },
      );
    } finally {
      await bed.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    }
  });
});
