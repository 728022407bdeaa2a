import assert from "node:assert/strict";
import { KubeApi } from "../../../../provider/apply/kubernetes/kubeApi";
import { ownerProblems } from "../../../../provider/apply/kubernetes/ownerProblems";
import { problemText } from "../../../../provider/errors";
import type { KubernetesInputs, ObjectName } from "../../../../provider/model/kubernetes";
import { FakeKube } from "../../../bed/fakeKube";

const budget: ObjectName = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name: "east" };
const service: ObjectName = { apiVersion: "v1", kind: "Service", name: "east" };
const paths = {
  budget: "/apis/policy/v1/namespaces/nats/poddisruptionbudgets/east",
  service: "/api/v1/namespaces/nats/services/east",
};

function inputs(owner: string, objects?: readonly ObjectName[]): KubernetesInputs {
  const target = { kind: "kubernetes", namespace: "nats", name: "east", owner };
  return { target, ...(objects ? { objects } : {}) } as KubernetesInputs;
}

describe("Objects in the places of a cluster's own", () => {
  let fake: FakeKube;
  let api: KubeApi;

  beforeEach(async () => {
    fake = await FakeKube.start();
    api = new KubeApi({ kubeconfig: fake.kubeconfig });
  });
  afterEach(async () => {
    api.close();
    await fake.stop();
  });

  const said = async (news: KubernetesInputs, olds?: KubernetesInputs): Promise<string[]> =>
    (await ownerProblems(api, news, olds)).map((problem) => `${problem.severity ?? "error"}: ${problemText(problem)}`);
  const put = (path: string, owner?: string): void => {
    const annotations = owner === undefined ? {} : { "pulumi-nats/owner": owner };
    fake.objects.set(path, { metadata: { name: "east", uid: "1", annotations } });
  };

  it("are errors where they are somebody else's, and no matter where they are one's own", async () => {
    assert.deepEqual(await said(inputs("p/s/east", [budget, service])), []);
    put(paths.service);
    assert.match(
      (await said(inputs("p/s/east", [service])))[0]!,
      /^error: Service nats\/east is there already and was not made/,
    );
    put(paths.service, "p/s/east");
    put(paths.budget, "p/other/east");
    assert.deepEqual(await said(inputs("p/s/east", [budget, service])), [
      "error: PodDisruptionBudget nats/east is there already and was made for p/other/east (<project>/<stack>/<cluster>). " +
        "Fix: another name, or another namespace; or, for them to become this cluster's: " +
        "kubectl -n nats annotate --overwrite poddisruptionbudget/east pulumi-nats/owner=p/s/east",
    ]);
  });

  it("are looked at for what a later program adds, and warned of where they are gone", async () => {
    put(paths.service);
    const olds = inputs("p/s/east", [budget]);
    assert.deepEqual(
      (await said(inputs("p/s/east", [budget, service]), olds)).map((text) => text.replace(/\. Fix.*/, "")),
      [
        "error: Service nats/east is there already and was not made by this package",
        "warning: PodDisruptionBudget nats/east is not there, although this cluster has made it",
      ],
    );
    assert.deepEqual(await said(inputs("p/s/east", [budget, service]), inputs("p/s/east")), []);
  });

  it("are another matter for whoever may not look", async () => {
    fake.answers.set(`GET ${paths.service}`, { status: 403, message: "forbidden" });
    assert.deepEqual(await said(inputs("p/s/east", [service]), inputs("p/s/east", [service])), []);
    assert.deepEqual(await said(inputs("p/s/east", [service])), []);
  });
});
