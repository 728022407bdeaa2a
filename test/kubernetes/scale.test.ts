import assert from "node:assert/strict";
import { connect } from "nats";
import type { JetStreamManager } from "nats";
import type { KubernetesObject } from "../../components/kubernetesArgs";
import type { Jsz } from "../../provider/apply/serverAnswers";
import { waitFor } from "../../provider/apply/wait";
import { killEngine } from "../bed/engineProcesses";
import { greeting } from "../bed/greeting";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { appPassword, KubernetesCluster } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";

describe("Size of a cluster on Kubernetes", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;

  before(async function () {
    const bed = await kubernetesBed(this);
    // Each pod gets a Service of its own for leaf nodes.
    cluster = new KubernetesCluster(bed, await bed.namespace("scale"), {
      target: { leafnodes: { address: "{pod}.leaf.example" } },
      args: { leafnodes: {} },
    });
  });
  after(() => cluster?.bed.down());

  const claims = (...ordinals: number[]): string[] => ordinals.map((ordinal) => `data-east-${ordinal}`);

  it("grows, shrinks with the peers removed first, and outlives its stack", async () => {
    await withStack(cluster.program(), async (stack) => {
      await stack.up();
      await streams((manager) => manager.streams.add({ name: "KEPT", subjects: ["kept"], num_replicas: 3 }));
      await publish();
      await grow(stack);
      await shrink(stack);
      await growVolumes(stack);
      await refusals(stack);
    });
    assert.deepEqual(await cluster.claims(), claims(0, 1, 2, 3, 4));
    await secondLife();
  });

  async function grow(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    stack.program = cluster.program({ target: { servers: 5 } });
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /^east-3, east-4 will be started$/m);
    await stack.up();
    const now = await cluster.pods();
    assert.deepEqual(Object.keys(now), ["east-0", "east-1", "east-2", "east-3", "east-4"]);
    for (const [pod, seen] of Object.entries(before)) assert.equal(now[pod], seen, pod);
    for (const pod of Object.keys(now)) await leadsTo(`east-leafnodes-${pod.slice("east-".length)}`, pod);
    assert.deepEqual((await stack.preview()).counts, { same: 17 });
  }

  async function leadsTo(service: string, pod: string): Promise<void> {
    const address = await cluster.kubectl("get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
    // A Service's rules reach the node in their own time.
    const info = await waitFor(service, { timeout: 20_000 }, () => greeting(address, 7422));
    assert.equal(info.server_name, pod);
  }

  async function shrink(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    await streams((manager) => manager.streams.add({ name: "FIVE", subjects: ["five"], num_replicas: 5 }));
    stack.program = cluster.program();
    const refused = await stack.attempt("preview");
    assert.match(
      refused.text.replace(/\s+/g, " "),
      /stream FIVE of account APP has 5 replicas, and without .* 3 servers are left/,
    );
    await streams((manager) => manager.streams.delete("FIVE"));
    const preview = await stack.preview();
    assert.deepEqual(preview.messages("east-preflight"), [
      "before the StatefulSet shrinks, east-4, east-3 will be taken out of the cluster, one at a time: lame duck, then out of JetStream's peers",
    ]);
    await killedHalfWay(stack);
    await stack.up();
    assert.deepEqual(await peers(), ["east-0", "east-1", "east-2"]);
    const now = await cluster.pods();
    assert.deepEqual(now, { "east-0": before["east-0"], "east-1": before["east-1"], "east-2": before["east-2"] });
    assert.deepEqual(await cluster.claims(), claims(0, 1, 2, 3, 4));
    await streams(async (manager) => assert.equal((await manager.streams.info("KEPT")).state.messages, 10));
    const after = await stack.preview();
    assert.deepEqual(after.counts, { same: 15 }, after.text);
  }

  /** The engine and its provider go when the first server is told to end, and is not yet out of JetStream's peers. */
  async function killedHalfWay(stack: TestStack): Promise<void> {
    const smaller = cluster.watch("4", "statefulset", "east", "-o", 'jsonpath={.spec.replicas}{"\\n"}');
    const running = stack.attempt("up");
    await Promise.race([smaller, running.then(({ text }) => assert.fail(text))]);
    killEngine(stack);
    assert.ok((await running).error);
    await stack.stack.cancel();
    await cluster.kubectl("wait", "--for=delete", "pod/east-4", "--timeout=120s");
    const preview = await stack.preview();
    assert.match(
      preview.messages("east-preflight").join("\n"),
      /east-4, east-3 will be taken out of the cluster, .*; east-4 has ended already$/,
    );
  }

  /** Members of JetStream's meta group, as its leader knows them. */
  async function peers(): Promise<string[]> {
    const names = Object.keys(await cluster.pods());
    // Leadership passes on when a server is slow, too.
    return waitFor<string[]>("a leader of the meta group", { timeout: 30_000 }, async () => {
      for (const name of names) {
        const address = await cluster.kubectl("get", "pod", name, "-o", "jsonpath={.status.podIP}");
        const { meta_cluster: meta } = (await (await fetch(`http://${address}:8222/jsz`)).json()) as Jsz;
        if (meta?.leader === name) return { value: [name, ...(meta.replicas ?? []).map((one) => one.name)].sort() };
      }
      return { pending: `none of ${names.join(", ")}` };
    });
  }

  /** What would not work, or would lose something, is said before anything changes. */
  async function refusals(stack: TestStack): Promise<void> {
    const said = async (target: object): Promise<string> => {
      stack.program = cluster.program({ target });
      const { text, error } = await stack.attempt("preview");
      assert.notEqual(error, undefined, JSON.stringify(target));
      return text.replace(/\s+/g, " ");
    };
    assert.match(
      await said({ servers: 5 }),
      /east-3 was taken out of JetStream's peers at .* Fix: run `pulumi up` after/,
    );
    assert.match(
      await said({ volume: { size: "256MiB" } }),
      /has 512Mi, and a claim never shrinks to 256Mi\. Fix: size: "512Mi"/,
    );
    assert.match(
      await said({ volume: { size: "512MiB", storageClass: "folders" } }),
      /"folders": claims of StatefulSet .* are of the default class, and Kubernetes never changes that/,
    );
    assert.match(await said({ volume: { kind: "emptyDir" } }), /pods of StatefulSet .* have a claim each/);
    const frozen = await said({ volume: { size: "512MiB" }, transform: { StatefulSet: thawed } });
    for (const [key, value] of Object.entries({
      serviceName: '"east-headless"',
      podManagementPolicy: '"Parallel"',
      selector: String.raw`\{"matchLabels":\{"app\.kubernetes\.io/\w+":"\w+","app\.kubernetes\.io/\w+":"\w+"\}\}`,
    })) {
      const reason = `target\\.transform: ${key} of StatefulSet \\S+/east is ${value}, and Kubernetes never changes that`;
      assert.match(frozen, new RegExp(`${reason}\\. Fix: leave ${key} as it was, or make a second cluster`));
    }
    assert.match(
      frozen,
      /target\.volume\.accessMode: claims of StatefulSet \S+\/east are ReadWriteOnce, and Kubernetes never changes that/,
    );
    assert.match(
      await said({ namespace: "default" }),
      /the servers and their volumes are StatefulSet .*\/east; as default\/east they would start empty/,
    );
  }

  /** The StatefulSet's own template of a claim never changes; the claims do. */
  async function growVolumes(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    stack.program = cluster.program({ target: { volume: { size: "512MiB" } } });
    await stack.up();
    assert.deepEqual(await cluster.pods(), before);
    for (const claim of claims(0, 1, 2)) {
      assert.equal(
        await cluster.kubectl("get", "pvc", claim, "-o", "jsonpath={.spec.resources.requests.storage}"),
        "512Mi",
      );
    }
    assert.deepEqual((await stack.preview()).counts, { same: 15 });
  }

  /** Another stack of the same names takes the volumes up again, and lets them go where the program says so. */
  async function secondLife(): Promise<void> {
    await withStack(
      cluster.program({ args: { onDataLoss: "allow" }, target: { volume: { size: "512MiB" } } }),
      async (stack) => {
        await stack.up();
        await streams(async (manager) => assert.equal((await manager.streams.info("KEPT")).state.messages, 10));
        const destroyed = await stack.destroy();
        assert.equal(destroyed.error, undefined);
        const gone = cluster.kubectl(
          "wait",
          "--for=delete",
          "--timeout=180s",
          ...claims(0, 1, 2).map((name) => `pvc/${name}`),
        );
        await gone;
        assert.deepEqual(await cluster.claims(), claims(3, 4));
      },
    );
  }

  async function streams(ask: (manager: JetStreamManager) => Promise<unknown>): Promise<void> {
    const connection = await connect({ servers: await cluster.address(), user: "app", pass: appPassword });
    try {
      await ask(await connection.jetstreamManager({ timeout: 10_000 }));
    } finally {
      await connection.close();
    }
  }

  async function publish(): Promise<void> {
    const connection = await connect({ servers: await cluster.address(), user: "app", pass: appPassword });
    for (let index = 0; index < 10; index++) await connection.jetstream().publish("kept", String(index), untilHeard);
    await connection.close();
  }
});

/** Other values of all that Kubernetes never changes. */
function thawed(object: KubernetesObject): KubernetesObject {
  const spec = object["spec"] as Readonly<Record<string, unknown>>;
  const [claim] = spec["volumeClaimTemplates"] as { readonly spec: object }[];
  return {
    ...object,
    spec: {
      ...spec,
      serviceName: "other",
      podManagementPolicy: "OrderedReady",
      selector: { matchLabels: { "app.kubernetes.io/name": "nats" } },
      volumeClaimTemplates: [{ ...claim, spec: { ...claim!.spec, accessModes: ["ReadWriteMany"] } }],
    },
  };
}
