import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "nats";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { KubernetesCluster } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";

describe("A lone server with a token on Kubernetes", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;

  before(async function () {
    const bed = await kubernetesBed(this);
    cluster = new KubernetesCluster(bed, await bed.namespace("token"), {
      target: { servers: 1, volume: { kind: "memory", size: "64MiB" } },
    });
  });
  after(() => cluster?.bed.down());

  const program = (token: string, config: object = {}) =>
    cluster.program({
      args: { accounts: undefined, authorization: { token: pulumi.secret(token) }, config },
    });

  it("is asked by its monitoring port, and reloads by a signal, all through the API server", async () => {
    await withStack(program("first-token-1"), async (stack) => {
      await stack.up();
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

  async function maxPayload(token: string): Promise<number> {
    const connection = await connect({ servers: await cluster.address(), token, reconnect: false });
    const { max_payload: size } = connection.info!;
    await connection.close();
    return size;
  }
});
