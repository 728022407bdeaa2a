import assert from "node:assert/strict";
import { KubeApi } from "../../../provider/apply/kubernetes/kubeApi";
import { LiveObjects } from "../../../provider/apply/kubernetes/liveObjects";
import type { KubernetesTargetInputs } from "../../../provider/model/kubernetes";
import { mustBeOurs } from "../../../provider/resources/kubernetesOwner";
import { FakeKube } from "../../bed/fakeKube";

const path = "/apis/apps/v1/namespaces/nats/statefulsets/east";

describe("A StatefulSet that was just made", () => {
  let fake: FakeKube;
  beforeEach(async () => void (fake = await FakeKube.start()));
  afterEach(() => fake.stop());

  async function look(owner: string | undefined, former?: string): Promise<void> {
    const annotations = owner === undefined ? {} : { "pulumi-nats/owner": owner };
    fake.objects.set(path, { metadata: { name: "east", uid: "1", annotations } });
    const target: KubernetesTargetInputs = {
      kind: "kubernetes",
      namespace: "nats",
      name: "east",
      owner: "bed/test/east",
    };
    const api = new KubeApi({ kubeconfig: fake.kubeconfig });
    const olds = former === undefined ? undefined : { target: { ...target, owner: former } };
    try {
      const objects = new LiveObjects(api, target);
      await mustBeOurs(
        { objects, isObserved: async () => (await objects.statefulSet()) !== undefined },
        { target },
        olds,
      );
    } finally {
      api.close();
    }
  }

  it("is this program's, also by the name that its stack had before, and where a transform took the mark away", async () => {
    await look("bed/test/east");
    await look("bed/former/east", "bed/former/east");
    await look(undefined);
  });

  it("is left to the program that has overwritten it meanwhile", async () => {
    await assert.rejects(
      look("bed/other/east"),
      /^NatsError: StatefulSet nats\/east of bed\/test\/east was taken over by bed\/other\/east \(.*\) while this `pulumi up` ran: .* Fix: another name, or another namespace/,
    );
    assert.deepEqual(fake.changes(), []);
  });
});
