import assert from "node:assert/strict";
import { connect } from "nats";
import { waitFor } from "../../provider/apply/wait";
import { killEngine } from "../bed/engineProcesses";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { appPassword, KubernetesCluster } from "../bed/kubernetesCluster";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";

describe("Restarts of a cluster on Kubernetes, under load", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;
  /** Pods as the kill left them. */
  let made: Record<string, string> = {};

  before(async function () {
    const bed = await kubernetesBed(this);
    cluster = new KubernetesCluster(bed, await bed.namespace("upgrade"), { args: { version: "2.14.9" } });
  });
  after(() => cluster?.bed.down());

  it("go one by one for a key and for a version, lose nothing, and stop where the first server fails", async () => {
    await withStack(cluster.program(), async (stack) => {
      await stack.up();
      await makeStream();
      await restarts(stack, "a key that no reload brings", { config: { maxSubscriptions: 5000 } }, [
        /^rolling restart, one server at a time \(.*\): max_subscriptions \(default 0, unlimited\) → 5000$/,
      ]);
      await restarts(
        stack,
        "2.14.9 → 2.15.2, killed half way",
        { config: { maxSubscriptions: 5000 }, version: "2.15.2" },
        [/^rolling restart, one server at a time \(.*\): nats-server 2\.14\.9 → 2\.15\.2; the pod template changes/],
        killedHalfWay,
      );
      await failedRoll(stack);
    });
  });

  async function restarts(
    stack: TestStack,
    what: string,
    args: object,
    notes: readonly RegExp[],
    first: (stack: TestStack, before: Record<string, string>) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    stack.program = cluster.program({ args });
    const preview = await stack.preview();
    const said = preview.messages("east-servers");
    assert.equal(said.length, notes.length, said.join("\n"));
    notes.forEach((note, index) => assert.match(said[index]!, note));
    const before = await cluster.pods();
    const load = await PublishLoad.start({
      servers: [await cluster.address()],
      user: "app",
      password: appPassword,
      stream: "ORDERS",
      subject: "orders.new",
    });
    const began = Date.now();
    await first(stack, before);
    await stack.up();
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    const report = await load.stop();
    console.log(
      `      ${what}: ${seconds} s, ${report.acknowledged} acknowledged, ${report.lost} lost, longest gap ${report.longestGap} ms`,
    );
    const now = await cluster.pods();
    for (const [pod, seen] of Object.entries(now)) assert.notEqual(seen, before[pod], pod);
    for (const [pod, seen] of Object.entries(made)) {
      if (seen !== before[pod]) assert.equal(now[pod], seen, `${pod} was done before the kill`);
    }
    assert.equal(report.lost, 0);
    assert.ok(report.acknowledged > 100, `${report.acknowledged} acknowledged`);
    assert.deepEqual((await stack.preview()).counts, { same: 12 });
  }

  /** The engine and its provider go once the first pod is another one: what is left to do is what the next preview tells. */
  async function killedHalfWay(stack: TestStack, before: Record<string, string>): Promise<void> {
    const running = stack.attempt("up");
    await waitFor("the first pod made anew", { timeout: 120_000, interval: 100 }, async () => {
      const isAnew = Object.entries(await cluster.pods()).some(([pod, seen]) => seen !== before[pod]);
      return isAnew ? { value: undefined } : { pending: "all pods are as they were" };
    });
    killEngine(stack);
    assert.ok((await running).error);
    await stack.stack.cancel();
    await cluster.kubectl(
      "wait",
      "--for=condition=Ready",
      "pod",
      "-l",
      "app.kubernetes.io/instance=east",
      "--timeout=90s",
    );
    const now = await cluster.pods();
    const left = Object.keys(before).filter((pod) => now[pod] === before[pod]);
    assert.ok(left.length > 0 && left.length < 3, left.join());
    const preview = await stack.preview();
    const said = preview.messages("east-servers").join("\n");
    assert.match(said, /nats-server 2\.14\.9 → 2\.15\.2/);
    for (const pod of Object.keys(before)) assert.equal(said.includes(pod), left.includes(pod), `${pod}: ${said}`);
    made = now;
  }

  /** A command that is not there: the first pod can't start, and the others keep serving. */
  async function failedRoll(stack: TestStack): Promise<void> {
    const args = { config: { maxSubscriptions: 5000 }, version: "2.15.2" };
    const before = await cluster.pods();
    stack.program = cluster.program({ args, target: { image: "nats:9.9.9-none", imagePullPolicy: "Never" } });
    const failed = await stack.attempt("up");
    assert.match(
      failed.text,
      /the rollout of cluster east stopped: .* does not start: container nats: ErrImageNeverPull/,
    );
    assert.match(failed.text, /\* east-\d: does not serve; Kubernetes goes on starting it/);
    assert.equal(
      failed.text.match(/\* east-\d: serves from its old pod, its turn did not come/g)?.length,
      2,
      failed.text,
    );
    const now = await cluster.pods();
    const kept = Object.keys(before).filter((pod) => before[pod] === now[pod]);
    assert.equal(kept.length, 2, JSON.stringify({ before, now }));
    stack.program = cluster.program({ args });
    await stack.up();
    const after = await cluster.pods();
    for (const pod of kept) assert.equal(after[pod], before[pod], "what never left the old template stays");
    assert.deepEqual((await stack.preview()).counts, { same: 12 });
  }

  async function makeStream(): Promise<void> {
    const connection = await connect({ servers: await cluster.address(), user: "app", pass: appPassword });
    const manager = await connection.jetstreamManager({ timeout: 10_000 });
    await manager.streams.add({ name: "ORDERS", subjects: ["orders.>"], num_replicas: 3 });
    await connection.close();
  }
});
