import assert from "node:assert/strict";
import { loadKubeConfig } from "../../../../provider/apply/kubernetes/kubeConfig";

describe("a kubeconfig", () => {
  const content = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://10.0.0.1:6443" } }],
    users: [{ name: "u", user: {} }],
    contexts: ["prod-eu", "prod-us"].map((name) => ({ name, context: { cluster: "c", user: "u" } })),
    "current-context": "prod-eu",
  });

  it("that is not there, is none, or has no such context says what to type", async () => {
    await assert.rejects(
      loadKubeConfig({ kubeconfig: "/nowhere/kubeconfig" }),
      /can't be read: there is no file \/nowhere\/kubeconfig\. Fix: the path of one, or its content: kubeconfig: readFileSync/,
    );
    await assert.rejects(
      loadKubeConfig({ kubeconfig: "{ no yaml\n" }),
      /can't be read: .* Fix: what `kubectl config view/s,
    );
    await assert.rejects(
      loadKubeConfig({ kubeconfig: 'users:\n- user:\n    token: "s3cret-token"\n   name: ops\n' }),
      ({ message }: Error) => {
        assert.match(message, /^the kubeconfig can't be read: bad indentation .*\(4:4\)\. Fix: what `kubectl/);
        assert.doesNotMatch(message, /s3cret/);
        return true;
      },
    );
    await assert.rejects(
      loadKubeConfig({ kubeconfig: content, context: "prod-ue" }),
      /has no context "prod-ue", only "prod-eu", "prod-us"\. Fix: context: "prod-eu"$/,
    );
    await assert.rejects(loadKubeConfig({ kubeconfig: "{}", context: "x" }), /no context "x", none at all\. Fix: /);
  });
});
