import assert from "node:assert/strict";
import type { CallContext } from "../../../provider/host/handler";
import type { KubernetesInputs } from "../../../provider/model/kubernetes";
import { untilPredecessorIsGone } from "../../../provider/resources/kubernetesPredecessor";
import { FakeKube } from "../../bed/fakeKube";

const place = "/apis/apps/v1/namespaces/nats/statefulsets/east";
const pod = "/api/v1/namespaces/nats/pods/east-0";

describe("A StatefulSet of the name of one that is being deleted", () => {
  let fake: FakeKube;
  let said: string[];
  beforeEach(async () => {
    fake = await FakeKube.start();
    said = [];
  });
  afterEach(() => fake.stop());

  const wait = (timeout?: number): Promise<void> => {
    const target = { kind: "kubernetes", namespace: "nats", name: "east", kubeconfig: fake.kubeconfig };
    const context = { timeout, info: async (line: string) => void said.push(line) } as unknown as CallContext;
    return untilPredecessorIsGone(context, { target, rollout: {} } as KubernetesInputs);
  };
  const ending = { metadata: { name: "east", uid: "1", deletionTimestamp: "2026-01-02T03:04:05Z" } };

  it("is not waited for where there is none, or a living one", async () => {
    await wait();
    fake.objects.set(place, { metadata: { name: "east", uid: "1" } });
    await wait();
    assert.deepEqual(said, []);
  });

  it("is made when that has gone", async () => {
    fake.objects.set(place, ending);
    let isGone = false;
    const waited = wait().then(() => assert.ok(isGone, "not before"));
    while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    isGone = fake.objects.delete(place);
    await waited;
    assert.deepEqual(said, [
      "waits for the end of StatefulSet nats/east, which is being deleted since 2026-01-02T03:04:05Z",
    ]);
  });

  it("says what is left where that does not go", async () => {
    fake.objects.set(place, ending);
    fake.objects.set(pod, { metadata: { name: "east-0", uid: "2" }, spec: {}, status: { phase: "Running" } });
    await assert.rejects(
      wait(300),
      /^NatsError: the end of StatefulSet nats\/east, .*: not within 0\.3 s; last seen: east-0 still there\. Fix: kubectl -n nats get statefulset east -o yaml .*; then pulumi up again$/,
    );
  });
});
