import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Box } from "../../components/box";
import type { BoxArgs } from "../../components/boxArgs";
import { Nui } from "../../components/nui";
import { waitFor } from "../../provider/apply/wait";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { natsPod } from "../bed/kubernetes/natsPod";
import type { NatsPod } from "../bed/kubernetes/natsPod";
import { withStack } from "../bed/stack";
import { createUser } from "nkeys.js";

const passwords = ["app-password-of-box-1", "app-password-of-box-2"] as const;
const operator = createUser();
const seed = new TextDecoder().decode(operator.getSeed());

const conf = `accounts {
  APP { jetstream: enabled, users: [{ user: app, password: "${passwords[0]}" }] }
  OPS { jetstream: enabled, users: [{ nkey: ${operator.getPublicKey()} }] }
}`;

describe("beside a cluster on Kubernetes", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let namespace: string;
  let server: NatsPod;

  before(async function () {
    bed = await kubernetesBed(this);
    namespace = await bed.namespace("box");
    server = await natsPod(bed, namespace, conf);
  });

  after(() => bed?.down());

  const inBox = (...command: readonly string[]): Promise<string> =>
    bed.kubectl("exec", "-n", namespace, "deployment/box", "--", ...command);

  /** Objects that everybody may read who may look into the namespace, and the state. */
  async function assertSecretsKept(state: string): Promise<void> {
    const objects = await bed.kubectl("get", "-n", namespace, "deployments,pods,configmaps,services", "-o", "json");
    for (const secret of [...passwords, seed]) {
      assert.ok(!objects.includes(secret), "outside of Secrets");
      assert.ok(!state.includes(secret), "in the state, in the clear");
    }
  }

  it("nats.Box: the nats command line with contexts, of a stand-in image without nsc", async () => {
    const app = { servers: server.url, user: "app", password: pulumi.secret(passwords[0]) };
    const ops = { servers: server.url, nkey: pulumi.secret(seed), description: "Operators" };
    const program = (contexts: BoxArgs["contexts"]) => async (): Promise<object> => ({
      shell: new Box("box", { namespace, contexts }).shell,
    });
    await withStack(
      program({ app, ops }),
      async (stack) => {
        const { outputs } = await stack.up();
        assert.equal(outputs["shell"], `kubectl exec -n ${namespace} -it deployment/box -- sh`);
        assert.match(await inBox("nats", "account", "info"), /Account: APP/);
        assert.match(await inBox("nats", "--context", "ops", "account", "info"), /Account: OPS/);
        await inBox("nats", "context", "select", "ops");
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
        await assertSecretsKept(stack.state());

        stack.program = program({ app });
        const { counts } = await stack.up();
        assert.deepEqual(counts, { same: counts["same"], update: 1 }, "the Secret alone");
        const stored = await bed.kubectl("get", "-n", namespace, "secret", "box-contexts", "-o", "jsonpath={.data}");
        assert.deepEqual(Object.keys(JSON.parse(stored) as object), ["app.json"]);
      },
      { env: bed.env },
    );
  });

  it("nats.Nui: a web interface with connections from contexts, of a stand-in image that only lists them", async () => {
    let password: string = passwords[0];
    const program = async (): Promise<object> => {
      const app = { servers: server.url, user: "app", password: pulumi.secret(password) };
      return { url: new Nui("nui", { namespace, contexts: { app } }).url };
    };
    await withStack(
      program,
      async (stack) => {
        const { outputs } = await stack.up();
        assert.equal(outputs["url"], `http://nui.${namespace}.svc:31311`);
        const address = await bed.kubectl("get", "-n", namespace, "service", "nui", "-o", "jsonpath={.spec.clusterIP}");
        // A Service's rules reach the node in their own time.
        const listed = await waitFor("the web interface behind its Service", { timeout: 30_000 }, () =>
          fetch(`http://${address}:31311/api/connection`).then(
            async (answer) => ({ value: await answer.json() }),
            (error: Error) => ({ pending: `${error.message}: ${String(error.cause)}` }),
          ),
        );
        assert.deepEqual(listed, [{ name: "app", hosts: [server.url] }]);
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);

        password = passwords[1];
        const change = await stack.preview();
        const changed = change.steps.filter(({ op }) => op === "update").map(({ kind }) => kind);
        assert.deepEqual(changed.sort(), ["Deployment", "Secret"], "a restart, since it reads contexts as it starts");
        await stack.up();
        const stored = await bed.kubectl("get", "-n", namespace, "secret", "nui-contexts", "-o", "jsonpath={.data}");
        const context = Buffer.from((JSON.parse(stored) as Record<string, string>)["app.json"]!, "base64").toString();
        assert.equal((JSON.parse(context) as { password: string }).password, passwords[1]);
        await assertSecretsKept(stack.state());
      },
      { env: bed.env },
    );
  });
});
