import assert from "node:assert/strict";
import { connect } from "node:tls";
import type { PeerCertificate } from "node:tls";
import { Events } from "nats";
import type { KubernetesObject } from "../../components/kubernetesArgs";
import { mergeConnection } from "../../provider/model/connection";
import type { Through } from "../../provider/model/through";
import { closeConnections, openConnection } from "../../provider/apply/connect";
import { dialerOf } from "../../provider/apply/dialers";
import { runRollout } from "../../provider/apply/rollout/runRollout";
import { StepFailure } from "../../provider/apply/rollout/stepFailure";
import { sleep, waitFor } from "../../provider/apply/wait";
import type { Explain } from "../../provider/plan/rollout";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { kubernetesRolloutOf } from "../../provider/resources/kubernetesCluster";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { rolloutState } from "../bed/kubernetes/rolloutState";
import { appPassword, KubernetesCluster } from "../bed/kubernetesCluster";
import type { ClusterChange } from "../bed/kubernetesCluster";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import type { StackRun } from "../bed/stackRun";

/** A kubelet that soon loses patience. */
const liveness = { periodSeconds: 1, failureThreshold: 4 };

describe("A cluster on Kubernetes, with TLS, in a restricted namespace", function () {
  this.timeout(900_000);
  let cluster: KubernetesCluster;
  let outputs: StackRun["outputs"];

  before(async function () {
    const bed = await kubernetesBed(this);
    const transform = { StatefulSet: impatient };
    cluster = new KubernetesCluster(bed, await bed.namespace("cluster"), { target: { transform } });
  });
  after(async () => {
    await closeConnections();
    await cluster?.bed.down();
  });

  const program =
    ({ args = {}, ...change }: ClusterChange = {}, hosts: string[] = []) =>
    () =>
      cluster.program({ ...change, args: { tls: { issuer: new CertificateAuthority("ca"), hosts }, ...args } })();

  it("comes up, stays as it is, loads changes without a restart, and keeps its volumes", async () => {
    await withStack(program(), async (stack) => {
      const up = await stack.up();
      outputs = up.outputs;
      assert.equal(up.counts["create"], 14, up.text);
      await nothingToDo(stack);
      await secretsAreSecret(stack);
      await hotReload(stack);
      await newCertificate(stack);
      await refusedReload(stack);
      await refusedByServer(stack);
      await drainedPod(stack);
      await lostQuorum(stack);
      await editedByHand(stack);
    });
    assert.deepEqual(await cluster.claims(), ["data-east-0", "data-east-1", "data-east-2"]);
  });

  async function nothingToDo(stack: TestStack): Promise<void> {
    const started = Date.now();
    const preview = await stack.preview();
    console.log(`      preview of three unchanged pods: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    assert.deepEqual(preview.counts, { same: 14 }, preview.text);
    const refresh = await stack.refresh();
    assert.match(refresh.text, /Resources:\s+16 unchanged/, refresh.text);
  }

  async function secretsAreSecret(stack: TestStack): Promise<void> {
    const plain = await cluster.kubectl("get", "configmap,statefulset,pod,service", "-o", "yaml");
    for (const text of [plain, stack.state()]) {
      assert.doesNotMatch(text, /app-password-one-1|PRIVATE KEY|nats-route:\/\/cluster:/);
    }
  }

  /** The effect is what a server tells a client when it connects. */
  async function hotReload(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const changed = program({ args: { config: { maxPayload: "2MiB" } } });
    stack.program = changed;
    const preview = await stack.preview();
    assert.deepEqual(preview.counts, { same: 12, update: 2 }, preview.text);
    assert.deepEqual(preview.messages("east-servers"), [
      "hot reload on east-0, east-1, east-2: max_payload (default 1MB, 1048576) → 2097152",
    ]);
    assert.deepEqual(preview.step("east-config").op, "update");
    await stack.up();
    assert.deepEqual(await cluster.pods(), before);
    for (const host of hosts()) assert.equal((await infoOf(host)).max_payload, 2097152, host);
  }

  /** nats.conf stays the same, so that its digest says nothing: each server shows the new certificate. */
  async function newCertificate(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const former = await certificateOf(hosts()[0]!);
    stack.program = program({ args: { config: { maxPayload: "2MiB" } } }, ["nats.example.com"]);
    const preview = await stack.preview();
    assert.match(
      preview.messages("east-servers").join("\n"),
      /certificates change \(.*tls\/server\.pem.*\): hot reload/,
    );
    await stack.up();
    assert.deepEqual(await cluster.pods(), before);
    for (const host of hosts()) {
      const { fingerprint256, subjectaltname } = await certificateOf(host);
      assert.notEqual(fingerprint256, former.fingerprint256, host);
      assert.match(subjectaltname ?? "", /DNS:nats\.example\.com/, host);
    }
    await nothingToDo(stack);
  }

  /** As if the table of rules were wrong about a key: what the first server refuses goes from the pods' files, too. */
  async function refusedReload(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const state = await rolloutState(stack);
    const wanted = { ...state, config: `${state.config}max_pending: 33554432\n` };
    // As @pulumi/kubernetes does it before the rollout.
    const data = JSON.stringify({ data: { "nats.conf": wanted.config } });
    await cluster.kubectl("patch", "configmap", "east-config", "-p", data);
    const silent = (): Promise<void> => Promise.resolve();
    const context = { config: new Map(), urn: undefined, timeout: undefined, warn: silent, info: silent };
    const rollout = kubernetesRolloutOf(context, wanted, [state]);
    const explain: Explain = (...of) => {
      const changes = rollout.explain(...of).changes.map((change) => ({ ...change, impact: "hot-reload" as const }));
      return { changes, impact: changes.length > 0 ? "hot-reload" : "none" };
    };
    let refused = "";
    try {
      await assert.rejects(runRollout({ ...rollout, explain }), (error: Error) => {
        assert.ok(error instanceof StepFailure, error.message);
        assert.match(error.message, /refuses RELOAD: .*not supported for MaxPending/);
        assert.deepEqual([...error.left.values()], [{ how: "old", text: "kept the old configuration" }]);
        [refused = ""] = [...error.left.keys()];
        return true;
      });
    } finally {
      await rollout.reach.close();
      await rollout.machine.close();
    }
    const inPod = await cluster.kubectl("exec", refused, "-c", "nats", "--", "cat", "/etc/nats/current/nats.conf");
    assert.equal(inPod, state.config);
    assert.deepEqual(await cluster.pods(), before);
    await nothingToDo(stack);
  }

  /** Our own check looks at no files: the server's own stops it where nothing has been changed yet, in its words. */
  async function refusedByServer(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const objects = (): Promise<string> =>
      cluster.kubectl(
        ...["get", "configmap/east-config", "secret/east-secrets", "statefulset/east"],
        ...["-o", "jsonpath={.items[*].metadata.resourceVersion}"],
      );
    const versions = await objects();
    const resolverTls = { caFile: "current/resolver/ca.pem" };
    stack.program = program({ args: { config: { maxPayload: "2MiB", resolverTls } } }, ["nats.example.com"]);
    for (const operation of ["preview", "up"] as const) {
      const { text } = await stack.attempt(operation);
      assert.match(
        text.replace(/\s+/g, " "),
        /config: nats-server 2\.15\.2 refuses the configuration: nats-server: current\/nats\.conf:\d+:\d+: open current\/resolver\/ca\.pem: no such file or directory/,
      );
    }
    assert.equal(await objects(), versions);
    assert.deepEqual(await cluster.pods(), before);
    for (const pod of Object.keys(before)) {
      assert.equal(await cluster.kubectl("exec", pod, "-c", "nats", "--", "ls", "-A", "/dev/shm"), "", pod);
    }
    stack.program = program({ args: { config: { maxPayload: "2MiB" } } }, ["nats.example.com"]);
  }

  /** As `kubectl drain` does it, while `up` runs: the next pod goes only when this one is back and current in JetStream. */
  async function drainedPod(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const { bed, namespace } = cluster;
    const evictNext = (): Promise<void> => bed.evict(namespace, "east-2", { dryRun: true });
    await evictNext();
    const goodbye = await lameDuck("east-1");
    await bed.evict(namespace, "east-1");
    const isRefused = /Cannot evict pod as it would violate the pod's disruption budget/;
    await assert.rejects(evictNext, isRefused);
    const free = waitFor("leave to evict the next pod", { timeout: 180_000, interval: 500 }, async () => {
      const refusal = await evictNext().catch((error: Error) => error.message);
      if (refusal !== undefined) assert.match(refusal, isRefused);
      return refusal === undefined ? { value: undefined } : { pending: refusal };
    }).then(async () => {
      const address = await cluster.kubectl("get", "pod", "east-1", "-o", "jsonpath={.status.podIP}");
      assert.deepEqual(await (await fetch(`http://${address}:8222/healthz`)).json(), { status: "ok" });
    });
    const [up] = await Promise.all([stack.up(), free, goodbye()]);
    assert.equal(up.error, undefined);
    const now = await cluster.pods();
    assert.deepEqual([now["east-0"], now["east-2"]], [before["east-0"], before["east-2"]]);
    assert.notEqual(now["east-1"], before["east-1"]);
    await nothingToDo(stack);
  }

  /** Resolves once a client of that pod has been told to go elsewhere, and the pod's log says why; to be called before it ends. */
  async function lameDuck(pod: string): Promise<() => Promise<void>> {
    const path = "jsonpath={.spec.terminationGracePeriodSeconds}";
    const grace = Number(await cluster.kubectl("get", "pod", pod, "-o", path));
    const conf = await cluster.kubectl("exec", pod, "-c", "nats", "--", "cat", "/etc/nats/current/nats.conf");
    const duration = Number(/^lame_duck_duration: "?(\d+)s"?$/m.exec(conf)![1]);
    assert.ok(grace > duration, `${grace} > ${duration}`);
    const { ca, through } = outputs as { readonly ca: string; readonly through: Through };
    const servers = hosts().flatMap((host) => (host.startsWith(`${pod}.`) ? [`tls://${host}:4222`] : []));
    const settings = { servers, user: "app", password: appPassword, tls: { ca }, through, name: `client of ${pod}` };
    const client = await openConnection(mergeConnection([{ origin: "the test", settings, scope: 1 }]));
    assert.equal(client.info!.server_name, pod);
    const events: string[] = [];
    void (async () => {
      for await (const { type } of client.status()) events.push(type);
    })();
    const log = cluster.kubectl("logs", "--follow", pod, "-c", "nats");
    return async () => {
      await waitFor(`word to the client of ${pod}`, { timeout: 120_000, interval: 200 }, () =>
        Promise.resolve(events.includes(Events.LDM) ? { value: undefined } : { pending: events.join() }),
      );
      await client.close();
      assert.match(await log, /Entering lame duck mode/);
    };
  }

  /** A server alone can't help it that the others are away: it is not restarted for it, and comes to itself when they are back. */
  async function lostQuorum(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const health = async (query: string): Promise<number> => {
      const address = await cluster.kubectl("get", "pod", "east-0", "-o", "jsonpath={.status.podIP}");
      return (await fetch(`http://${address}:8222${query}`)).status;
    };
    await cluster.kubectl("scale", "statefulset/east", "--replicas=1");
    await cluster.kubectl("delete", "pod", "east-1", "east-2", "--grace-period=1", "--ignore-not-found");
    await waitFor("a server without a quorum", { timeout: 60_000 }, async () => {
      const status = await health("/healthz");
      return status === 503 ? { value: undefined } : { pending: `/healthz answers ${status}` };
    });
    const path = "jsonpath={.spec.containers[0].livenessProbe.httpGet.path}";
    assert.equal(await health(await cluster.kubectl("get", "pod", "east-0", "-o", path)), 200);
    // Twice the time in which the kubelet would have lost patience.
    await sleep(2 * liveness.periodSeconds * liveness.failureThreshold * 1000);
    assert.equal(await health("/healthz"), 503);
    assert.deepEqual(await cluster.pods(), { "east-0": before["east-0"] });
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /^east-1, east-2 will be started/m);
    await stack.up();
    assert.equal((await cluster.pods())["east-0"], before["east-0"]);
    assert.equal(await health("/healthz"), 200);
  }

  /** Without a refresh @pulumi/kubernetes does not look; the rollout does. */
  async function editedByHand(stack: TestStack): Promise<void> {
    const before = await cluster.pods();
    const patch = async (): Promise<void> => {
      const data = JSON.parse(await cluster.kubectl("get", "configmap", "east-config", "-o", "json")) as {
        data: Record<string, string>;
      };
      const text = data.data["nats.conf"]!.replace("max_payload: 2097152", "max_payload: 1111");
      await cluster.kubectl("patch", "configmap", "east-config", "-p", JSON.stringify({ data: { "nats.conf": text } }));
    };
    const image = (): Promise<string> =>
      cluster.kubectl("get", "statefulset", "east", "-o", "jsonpath={.spec.template.spec.containers[0].image}");
    const made = await image();
    await patch();
    await cluster.kubectl("set", "image", "statefulset/east", "nats=nats:0.0.1-other");
    const preview = await stack.preview();
    assert.equal(preview.step("east-servers").op, "update", preview.text);
    assert.match(
      preview.messages("east-servers").join("\n"),
      /the StatefulSet was changed by somebody else and is put back: the pod template changes \(containers\[nats\]\.image nats:0\.0\.1-other → nats:/,
    );
    await stack.up();
    assert.equal(await image(), made);
    assert.match(await cluster.kubectl("get", "configmap", "east-config", "-o", "yaml"), /max_payload: 2097152/);
    await patch();
    await cluster.kubectl("delete", "service/east", "secret/east-secrets", "poddisruptionbudget/east");
    const refresh = await stack.refresh();
    for (const object of ["client", "secrets", "budget"])
      assert.match(refresh.text, new RegExp(`east-${object} deleted`));
    assert.match(refresh.text, /ConfigMap east-config updated/);
    assert.match(refresh.text, /KubernetesRollout east-servers updated/);
    const found = refresh.messages("east-servers").join("\n");
    assert.match(found, /^not as the last `pulumi up` left it: east-0, east-1, east-2: another .*nats\.conf/m);
    assert.match(found, /^the next `pulumi up`: /m);
    await stack.up();
    assert.match(await cluster.kubectl("get", "configmap", "east-config", "-o", "yaml"), /max_payload: 2097152/);
    await cluster.kubectl("get", "service/east", "secret/east-secrets", "poddisruptionbudget/east");
    assert.deepEqual(await cluster.pods(), before);
    await nothingToDo(stack);
  }

  function hosts(): string[] {
    return (outputs["urls"] as string[]).map((url) => new URL(url).hostname);
  }

  /** The first line that a server says, by the way that the cluster publishes. */
  async function infoOf(host: string): Promise<{ max_payload: number }> {
    const stream = await dialerOf(outputs["through"] as Through).dial(host, 4222, 20_000);
    const line = await new Promise<string>((resolve, reject) =>
      stream.once("data", (chunk: Buffer) => resolve(chunk.toString())).once("error", reject),
    );
    stream.destroy();
    return JSON.parse(/^INFO (.*)\r\n/.exec(line)![1]!) as { max_payload: number };
  }

  async function certificateOf(host: string): Promise<PeerCertificate> {
    const stream = await dialerOf(outputs["through"] as Through).dial(host, 4222, 20_000);
    await new Promise((resolve, reject) => stream.once("data", resolve).once("error", reject));
    const socket = connect({ socket: stream, servername: host, ca: outputs["ca"] as string });
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return certificate;
  }
});

function impatient(object: KubernetesObject): KubernetesObject {
  const { template, ...spec } = object["spec"] as { template: { spec: { containers: { livenessProbe: object }[] } } };
  const [server, ...others] = template.spec.containers;
  const probed = { ...server, livenessProbe: { ...server!.livenessProbe, ...liveness } };
  const podSpec = { ...template.spec, containers: [probed, ...others] };
  return { ...object, spec: { ...spec, template: { ...template, spec: podSpec } } };
}
