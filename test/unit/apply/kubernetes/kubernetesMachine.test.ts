import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { KubeApi } from "../../../../provider/apply/kubernetes/kubeApi";
import { KubernetesMachine } from "../../../../provider/apply/kubernetes/kubernetesMachine";
import type { KubernetesInputs } from "../../../../provider/model/kubernetes";
import { nodeFiles } from "../../../../provider/model/nodeFiles";
import type { ServersInputs } from "../../../../provider/model/servers";
import { podData } from "../../../../provider/render/kubernetes/podFiles";
import { FakeKube } from "../../../bed/fakeKube";

const pods = "/api/v1/namespaces/nats/pods";
const config = "/api/v1/namespaces/nats/configmaps/east-config";
const secrets = "/api/v1/namespaces/nats/secrets/east-secrets";
const set = "/apis/apps/v1/namespaces/nats/statefulsets/east";
const revisions = "/apis/apps/v1/namespaces/nats/controllerrevisions";

function inputs(maxPayload = 1): KubernetesInputs {
  const node = (name: string): object => ({ config: `server_name: "${name}"\n` });
  return {
    cluster: "east",
    version: "2.15.2",
    target: { kind: "kubernetes", namespace: "nats", name: "east", owner: "p/s/east" },
    config: `include "node.conf"\ninclude "secrets.conf"\nmax_payload: ${maxPayload}\n`,
    nodes: { "east-0": node("east-0"), "east-1": node("east-1") },
    secrets: { PASSWORD: "hidden" },
    files: {},
    secretFiles: {},
  } as unknown as KubernetesInputs;
}

function pod(name: string, more: object = {}): object {
  return {
    metadata: { name, uid: `uid-${name}`, labels: { "controller-revision-hash": "east-old" } },
    spec: {},
    status: {
      phase: "Running",
      containerStatuses: [{ name: "nats", image: "nats", containerID: "c1", restartCount: 0, state: { running: {} } }],
      ...more,
    },
  };
}

const template = (image: string, keys: string): object => ({
  data: {
    spec: {
      template: {
        metadata: { annotations: { "pulumi-nats/restart-keys": keys } },
        spec: { containers: [{ name: "nats", image }] },
      },
    },
  },
});

describe("Pods as a machine", () => {
  let fake: FakeKube;
  let machine: KubernetesMachine;

  beforeEach(async () => {
    const data = podData(nodeFiles(inputs() as unknown as ServersInputs, "east-0"), "east-0");
    const encoded = Object.entries(data.secret).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
    fake = await FakeKube.start({
      [`${pods}/east-0`]: pod("east-0"),
      [`${pods}/east-1`]: pod("east-1"),
      [`${pods}/east-box`]: pod("east-box"),
      [config]: { metadata: {}, data: data.config },
      [secrets]: { metadata: {}, data: Object.fromEntries(encoded) as object },
      [set]: { metadata: {}, spec: { replicas: 2 }, status: { updateRevision: "east-old" } },
    });
    machine = new KubernetesMachine({
      api: new KubeApi({ kubeconfig: fake.kubeconfig }),
      inputs: inputs(2),
      timeout: 500,
    });
  });

  afterEach(async () => {
    await machine.close();
    await fake.stop();
  });

  it("sees its own pods, and each server's files with its own name", async () => {
    assert.deepEqual(await machine.nodes(), ["east-0", "east-1"]);
    const files = await machine.readGeneration("east-1", "live");
    assert.deepEqual(files, nodeFiles(inputs() as unknown as ServersInputs, "east-1"));
  });

  it("counts a pod that is ending as there for as long as its server serves", async () => {
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    const ending = (name: string, more: object): Record<string, unknown> => {
      const made = pod(name, more) as { metadata: object };
      return { ...made, metadata: { ...made.metadata, deletionTimestamp } };
    };
    const terminated = [{ name: "nats", image: "nats", restartCount: 0, state: { terminated: { exitCode: 0 } } }];
    fake.objects.set(`${pods}/east-2`, ending("east-2", {}));
    fake.objects.set(`${pods}/east-3`, ending("east-3", { containerStatuses: terminated }));
    assert.deepEqual(await machine.nodes(), ["east-0", "east-1", "east-2"]);
  });

  it("switches by changing what differs, and tells the kubelets of all pods, which read the same files", async () => {
    const files = nodeFiles(inputs(2) as unknown as ServersInputs, "east-0");
    const generation = await machine.writeGeneration("east-0", files);
    assert.deepEqual(fake.changes(), []);
    await machine.switchTo("east-0", generation);
    assert.deepEqual(fake.changes().sort(), [`PATCH ${config}`, `PATCH ${pods}/east-0`, `PATCH ${pods}/east-1`]);
    const marks = (): unknown[] => fake.asked.filter(({ path }) => path === `${pods}/east-0`).map(({ body }) => body);
    const [first] = marks();
    await pause(2);
    await machine.announceFiles(["east-0"]);
    assert.notDeepEqual(marks().at(-1), first, "another mark, or the kubelet would not look again");
    assert.deepEqual(await machine.readGeneration("east-0", "live"), files);
    assert.deepEqual(
      Object.keys(
        (fake.asked.find(({ path, method }) => path === config && method === "PATCH")!.body as { data: object }).data,
      ),
      ["nats.conf"],
    );
  });

  it("goes back to what the last run has left, although ConfigMap and Secret hold what is new", async () => {
    const data = podData(nodeFiles(inputs(2) as unknown as ServersInputs, "east-0"), "east-0");
    fake.objects.set(config, { metadata: {}, data: data.config });
    const api = new KubeApi({ kubeconfig: fake.kubeconfig });
    const rolling = new KubernetesMachine({ api, inputs: inputs(2), former: inputs(1), timeout: 500 });
    assert.deepEqual((await rolling.folder("east-0"))!.generations, ["former", "live"]);
    const files = nodeFiles(inputs(1) as unknown as ServersInputs, "east-0");
    assert.deepEqual(await rolling.readGeneration("east-0", "former"), files);
    await rolling.switchTo("east-0", "former");
    assert.deepEqual(await rolling.readGeneration("east-0", "live"), files);
    await rolling.close();
  });

  it("ends exactly the pod that was meant, and does not take its successor for it", async () => {
    const [server] = await machine.processes("east-0");
    assert.equal(await machine.signal("east-0", { ...server!, identity: "uid-other/c1" }, "SIGUSR2"), false);
    assert.deepEqual(fake.changes(), []);
    assert.equal(await machine.signal("east-0", server!, "SIGUSR2"), true);
    assert.deepEqual(fake.changes(), [`DELETE ${pods}/east-0`]);
    const successor = pod("east-0") as { metadata: { uid: string } };
    successor.metadata.uid = "uid-new";
    fake.objects.set(`${pods}/east-0`, successor);
    assert.deepEqual(await machine.processes("east-0"), []);
    assert.match((await machine.start("east-0")).identity, /^uid-new\//);
    assert.equal((await machine.processes("east-0")).length, 1);
  });

  it("lets the StatefulSet want one less for a server that goes", async () => {
    fake.objects.set(`${pods}/east-2`, pod("east-2") as never);
    fake.objects.set(set, { metadata: {}, spec: { replicas: 3 }, status: {} });
    const [server] = await machine.processes("east-2");
    await machine.signal("east-2", server!, "SIGUSR2");
    assert.deepEqual(fake.changes(), [`PATCH ${set}`]);
    assert.deepEqual(fake.objects.get(set)!["spec"], { replicas: 2 });
  });

  it("restarts for a template that differs, not for the hash alone", async () => {
    fake.objects.set(set, { metadata: {}, spec: { replicas: 2 }, status: { updateRevision: "east-new" } });
    fake.objects.set(`${revisions}/east-old`, template("nats:1", "a") as never);
    fake.objects.set(`${revisions}/east-new`, template("nats:1", "b") as never);
    assert.equal((await machine.folder("east-0"))!.restartMark, undefined);
    fake.objects.set(`${revisions}/east-new`, template("nats:2", "b") as never);
    assert.equal(
      (await machine.folder("east-0"))!.restartMark!.reason,
      "the pod template changes (containers[nats].image nats:1 → nats:2)",
    );
  });

  it("says why a pod does not start: at once where it never will, else after its time", async () => {
    const waiting = (reason: string): object =>
      pod("east-0", {
        containerStatuses: [{ name: "nats", state: { waiting: { reason, message: "no such image" } } }],
      });
    fake.objects.set(`${pods}/east-0`, waiting("ImagePullBackOff") as never);
    fake.answers.set(`DELETE ${pods}/east-0`, { status: 404, message: "another one is there already" });
    await assert.rejects(
      machine.start("east-0"),
      /east-0 does not start: container nats: ImagePullBackOff, no such image/,
    );
    await pause(150);
    const unmet = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" },
    ];
    fake.objects.set(`${pods}/east-0`, pod("east-0", { containerStatuses: [], conditions: unmet }) as never);
    await assert.rejects(machine.start("east-0"), /last seen: Unschedulable: 0\/1 nodes are available/);
  });

  it("waits for a pod that no node takes once, whatever it is to find there", async () => {
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    const pending = { phase: "Pending", containerStatuses: [], conditions };
    fake.objects.set(`${pods}/east-0`, pod("east-0", pending) as never);
    const patient = new KubernetesMachine({
      api: new KubeApi({ kubeconfig: fake.kubeconfig }),
      inputs: inputs(2),
      timeout: 2000,
    });
    const said =
      /east-0 did not start: .*last seen: Unschedulable: 0\/1 nodes are available: 1 Insufficient cpu\. Fix: nodes with room/;
    await assert.rejects(patient.start("east-0"), said);
    const looks = fake.asked.length;
    await assert.rejects(patient.start("east-0"), said);
    assert.ok(fake.asked.length - looks < looks, `${looks}, then ${fake.asked.length - looks}`);
    fake.objects.set(`${pods}/east-0`, pod("east-0") as never);
    assert.match((await patient.start("east-0")).identity, /^uid-east-0\//);
    await patient.close();
  });

  it("says why a container ended, with what helps and its last words", async () => {
    const lastState = { terminated: { reason: "OOMKilled", exitCode: 137 } };
    const state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } };
    fake.objects.set(
      `${pods}/east-0`,
      pod("east-0", { containerStatuses: [{ name: "nats", state, lastState }] }) as never,
    );
    fake.answers.set(`GET ${pods}/east-0/log`, { status: 200, message: "[INF] Starting" });
    fake.answers.set(`DELETE ${pods}/east-0`, { status: 404, message: "another one is there already" });
    await assert.rejects(machine.start("east-0"), ({ message }: Error) => {
      assert.match(
        message,
        /CrashLoopBackOff, back-off 10s, ended with code 137 \(OOMKilled\)\. Fix: a larger `resources\.limits\.memory`/,
      );
      assert.match(message, /End of the log of east-0:\n.*Starting/);
      return true;
    });
    await pause(150);
    const evicted = {
      phase: "Failed",
      reason: "Evicted",
      message: "the node was low on memory",
      containerStatuses: [],
    };
    fake.objects.set(`${pods}/east-0`, pod("east-0", evicted) as never);
    await assert.rejects(machine.start("east-0"), /last seen: the pod failed: Evicted, the node was low on memory/);
  });

  it("lets the StatefulSet want all servers that are started, whichever asks first", async () => {
    fake.objects.set(set, { metadata: {}, spec: { replicas: 0 }, status: {} });
    await Promise.all(["east-0", "east-1"].map((name) => machine.start(name)));
    assert.deepEqual(fake.objects.get(set)!["spec"], { replicas: 2 });
  });

  it("goes on where a pod has gone that was to be told of new files", async () => {
    fake.answers.set(`PATCH ${pods}/east-0`, { status: 404, message: "gone" });
    const generation = await machine.writeGeneration(
      "east-0",
      nodeFiles(inputs(2) as unknown as ServersInputs, "east-0"),
    );
    await machine.switchTo("east-0", generation);
    await machine.markRestart("east-0", "why");
  });

  it("makes a pod anew that never came up by its old template", async () => {
    fake.objects.set(set, { metadata: {}, spec: { replicas: 2 }, status: { updateRevision: "east-new" } });
    fake.objects.set(`${pods}/east-0`, pod("east-0", { containerStatuses: [] }) as never);
    await assert.rejects(machine.start("east-0"), /last seen: the pod is not there/);
    assert.deepEqual(fake.changes(), [`DELETE ${pods}/east-0`]);
    await machine.start("east-1");
    assert.deepEqual(fake.changes(), [`DELETE ${pods}/east-0`]);
  });

  it("waits for the StatefulSet's controller", async () => {
    fake.objects.set(set, { metadata: { generation: 2 }, spec: { replicas: 2 }, status: { observedGeneration: 1 } });
    const observed = machine.isObserved();
    await pause(100);
    fake.objects.set(set, { metadata: { generation: 2 }, spec: { replicas: 2 }, status: { observedGeneration: 2 } });
    assert.equal(await observed, true);
    fake.answers.set(`GET ${set}`, { status: 404, message: "gone" });
    assert.equal(await machine.isObserved(), false);
  });

  it("asks an API server that is busy again", async () => {
    fake.answers.set(`GET ${set}`, { status: 429, message: "too many requests" });
    setTimeout(() => fake.answers.delete(`GET ${set}`), 100);
    assert.equal((await machine.objects.statefulSet())!.spec.replicas, 2);
    assert.ok(fake.asked.filter(({ path }) => path === set).length > 1);
  });

  it("says what the API server said, and that there is none", async () => {
    fake.answers.set(`GET ${pods}`, { status: 403, message: 'pods is forbidden: User "x" cannot list' });
    await assert.rejects(machine.nodes(), /GET .*\/pods: pods is forbidden: User "x" cannot list/);
    const { kubeconfig } = fake;
    await fake.stop();
    const api = new KubeApi({ kubeconfig });
    await assert.rejects(
      api.get("/version"),
      /the API server at http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/,
    );
    await assert.rejects(
      new KubeApi({ kubeconfig, context: "other" }).get("/version"),
      /no context "other", only "fake"\. Fix: context: "fake"/,
    );
  });
});
