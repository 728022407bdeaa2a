import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import { Cluster } from "../../components/cluster";
import { credsSecret } from "../../components/credsSecret";
import { kubernetes } from "../../components/kubernetes";
import { closeConnections } from "../../provider/apply/connect";
import { waitFor } from "../../provider/apply/wait";
import { User } from "../../provider/resources/user";
import { accountsWalk, holdAccountsWalk } from "../bed/accountsWalk";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";

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

  const kubectl = (...args: readonly string[]): Promise<string> => bed.kubectl("-n", namespace, ...args);

  /** The walk's cluster and users, and a user whose creds a workload of the namespace reads. */
  const program = (worker: string): pulumi.automation.PulumiFn => {
    const kubeconfig = readFileSync(bed.kubeconfig, "utf8");
    return accountsWalk(
      (operator) =>
        new Cluster("east", {
          target: kubernetes({ namespace, kubeconfig, volume: { size: "256MiB" } }),
          operator,
          jetstream: { maxFileStore: "128MiB" },
          rollout: { timeout: "90s" },
        }),
      {},
      ({ account, nexus }) => {
        const user = new User(worker, { account, allowPub: ["jobs.>"], allowSub: ["_INBOX.>"] });
        const provider = new k8s.Provider("workload", { kubeconfig, enableSecretMutable: true });
        const stringData = credsSecret({ "nexus.creds": nexus, "worker.creds": user });
        new k8s.core.v1.Secret("creds", { metadata: { name: "creds", namespace }, stringData }, { provider });
      },
    );
  };

  it("are there when up is done: each user may do what it may, on every server, and by creds from a Secret", async () => {
    await withStack(program("worker-1"), async (stack) => {
      const up = await stack.up();
      await holdAccountsWalk(up.outputs);
      const preview = await stack.preview();
      assert.deepEqual(Object.keys(preview.counts), ["same"], preview.text);
      const plain = await kubectl("get", "configmap,statefulset,pod,service", "-o", "yaml");
      for (const text of [plain, stack.state()]) {
        assert.doesNotMatch(text, /\bS[OAU][A-Z2-7]{56}\b|BEGIN NATS USER JWT/);
      }
      await mountedCreds(stack, up.outputs["nexus"] as string);
    });
  });

  async function mountedCreds(stack: TestStack, nexus: string): Promise<void> {
    await bed.apply([workload], namespace);
    await kubectl("wait", "--for=condition=Ready", "pod/workload", "--timeout=60s");
    assert.equal(await mounted("nexus.creds"), nexus);
    const former = await mounted("worker.creds");
    await mayPublish("nexus", "my.topic", "audit");
    await mayPublish("worker", "jobs.one", "my.topic");

    const uid = (): Promise<string> => kubectl("get", "secret", "creds", "-o", "jsonpath={.metadata.uid}");
    const made = await uid();
    stack.program = program("worker-2");
    const preview = await stack.preview();
    assert.equal(preview.step("creds").op, "update", preview.text);
    await stack.up();
    assert.equal(await uid(), made);
    // A changed pod is looked at by its kubelet at once, volumes too.
    await kubectl("annotate", "pod", "workload", "looked-at=now");
    await waitFor("the new creds in the pod", { timeout: 90_000 }, async () =>
      (await mounted("worker.creds")) === former ? { pending: "the old ones" } : { value: undefined },
    );
    assert.equal(await mounted("nexus.creds"), nexus);
    await mayPublish("worker", "jobs.two", "my.topic");
    assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
  }

  const mounted = (file: string): Promise<string> => kubectl("exec", "workload", "--", "cat", `/creds/${file}`);

  /** As the real command line says it. */
  async function mayPublish(user: string, allowed: string, denied: string): Promise<void> {
    const server = `nats://east.${namespace}.svc:4222`;
    const publish = (subject: string): Promise<string> =>
      kubectl(
        ...["exec", "workload", "--", "sh", "-c"],
        `HOME=/tmp nats --server ${server} --creds /creds/${user}.creds pub ${subject} text 2>&1`,
      );
    assert.match(await publish(allowed), /Published 4 bytes/);
    await assert.rejects(publish(denied), /Permissions Violation for Publish/i);
  }
});

/** A pod of the restricted kind, with the nats command line and the creds. */
const workload = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "workload" },
  spec: {
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "workload",
        image: "natsio/nats-box:0.19.7-nonroot",
        command: ["sleep", "1000000"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [{ name: "creds", mountPath: "/creds", readOnly: true }],
      },
    ],
    volumes: [{ name: "creds", secret: { secretName: "creds", defaultMode: 0o440 } }],
  },
};
