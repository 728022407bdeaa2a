import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect, credsAuthenticator } from "nats";
import type { ConnectionOptions, NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import { LeafNode } from "../../components/leafNode";
import type { LeafNodeArgs } from "../../components/leafNodeArgs";
import { SuperCluster } from "../../components/superCluster";
import { Account } from "../../provider/resources/account";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Operator } from "../../provider/resources/operator";
import { User } from "../../provider/resources/user";
import { testAuthority } from "../bed/authority";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { carries } from "../bed/carries";
import { withStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";
import { managerOf } from "../bed/managerOf";

const app = { user: "app", password: "app-password-1" };
const edgePassword = "edge-password-1";
const rollout = { timeout: "60s" } as const;
const limits = { maxFileStore: "64MiB", maxMemoryStore: "16MiB" } as const;

describe("LeafNode", function () {
  this.timeout(400_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  const login = (name: string, options: ConnectionOptions): Promise<NatsConnection> =>
    connect({ servers: `127.0.0.1:${bed.port(name, "client")}`, reconnect: false, ...options });

  it("joins an account to the hub's, keeps a JetStream of its own, and says when the hub does not let it in", async () => {
    const program =
      (args: Partial<LeafNodeArgs> = {}, listens: { leafnodes?: object } = { leafnodes: {} }) =>
      async () => {
        const issuer = new CertificateAuthority("ca");
        const edgeUser = { user: "edge", password: pulumi.secret(edgePassword) };
        const accounts = { APP: { jetstream: true, users: [app, edgeUser] } };
        const hub = new Cluster("hub", {
          target: await bed.target("hub", 1),
          tls: { issuer },
          jetstream: limits,
          accounts,
          rollout,
          ...listens,
        });
        const edge = new LeafNode("edge", {
          target: await bed.target("edge", 1),
          tls: { issuer: new CertificateAuthority("edge-ca") },
          hub,
          ...edgeUser,
          account: "LOCAL",
          accounts: { LOCAL: { jetstream: true, users: [app] } },
          jetstream: limits,
          rollout,
          ...args,
        });
        return { ...outputsOf(edge), hubCa: issuer.cert };
      };
    await withStack(program({}, {}), async (stack) => {
      const deaf = await stack.attempt("preview");
      assert.match(
        deaf.text,
        /leafnodes\.remotes\[0\]\.urls: the hub has no address for leaf nodes\. Fix: leafnodes: \{\} at the hub/,
      );
      stack.program = program();
      const { outputs } = await stack.up();
      const [ca, hubCa] = [outputs["ca"] as string, outputs["hubCa"] as string];
      const local = (): Promise<NatsConnection> => login("edge", { ...creds(app), tls: { ca } });
      const central = (): Promise<NatsConnection> => login("hub", { ...creds(app), tls: { ca: hubCa } });
      await carries(local, central);
      await carries(central, local);
      assert.doesNotMatch(stack.state(), new RegExp(edgePassword));
      assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);

      const [here, there] = [await local(), await central()];
      const manager = await managerOf(here);
      await manager.streams.add({ name: "LOCAL", subjects: ["local.>"] });
      await here.jetstream().publish("local.one", "1", untilHeard);
      const across = await managerOf(there, { domain: "edge" });
      assert.equal((await across.streams.info("LOCAL")).state.messages, 1);
      const own = await (await managerOf(there)).streams.names().next();
      assert.deepEqual(own, [], "the hub has none of that name itself");
      await Promise.all([here.close(), there.close()]);

      stack.program = program({ password: "wrong-password-1", rollout: { timeout: "15s" } });
      const before = await bed.pids("edge");
      const refused = await stack.attempt("up");
      assert.match(
        refused.text,
        /the rollout of cluster edge stopped: edge-1 did not become healthy: .*edge-1 has 0 of 1 connections to hubs/,
      );
      assert.match(refused.text, /authorization violation|authentication/i);
      assert.match(refused.text, /edge-1: kept the old configuration/);
      await carries(local, central);

      const leafnodeUrls = [`tls://127.0.0.1:${bed.port("hub", "leafnodes")}`];
      const { cert: caCertificate } = await testAuthority("another CA");
      stack.program = program({ hub: { leafnodeUrls, caCertificate }, rollout: { timeout: "15s" } });
      const distrusted = await stack.attempt("up");
      assert.match(distrusted.text, /edge-1 has 0 of 1 connections to hubs/);
      assert.match(distrusted.text, /edge-1: kept the old configuration/);
      await carries(local, central);
      stack.program = program();
      await stack.up();
      assert.deepEqual(await bed.pids("edge"), before);

      stack.program = program({ denyExports: ["secret.>"] });
      const denying = await stack.preview();
      assert.match(denying.messages("edge-servers").join("\n"), /^(rolling )?restart.*deny_exports/m);
      await stack.up();
      const [sender, receiver] = [await local(), await central()];
      const seen: string[] = [];
      receiver.subscribe(">", { callback: (_error, message) => void seen.push(message.subject) });
      await receiver.flush();
      await carries(local, central);
      for (const subject of ["secret.one", "open.one"]) sender.publish(subject, "");
      await sender.flush();
      const deadline = Date.now() + 60_000;
      while (!seen.includes("open.one")) {
        assert.ok(Date.now() < deadline, `only ${seen.join()} came`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.ok(!seen.includes("secret.one"));
      await Promise.all([sender.close(), receiver.close()]);
    });
  });

  it("connects to a supercluster by the creds of an operator's user", async () => {
    const program = async (): Promise<Record<string, unknown>> => {
      const operator = new Operator("acme");
      const region = async (name: string): Promise<{ target: Awaited<ReturnType<ClusterBed["target"]>> }> => ({
        target: await bed.target(name, 1),
      });
      const world = new SuperCluster("world", {
        operator,
        leafnodes: {},
        rollout,
        regions: { north: await region("north"), south: await region("south") },
      });
      const account = new Account("things", { cluster: world });
      const user = new User("thing", { account });
      const leafOperator = new Operator("edge-operator");
      const leaf = new LeafNode("shore", {
        target: await bed.target("shore", 1),
        operator: leafOperator,
        hub: { leafnodeUrls: world.region("south").leafnodeUrls },
        creds: user.creds,
        account: leafOperator.systemAccount,
        rollout,
      });
      return { ...outputsOf(leaf), creds: user.creds, leafCreds: leafOperator.systemCreds };
    };
    await withStack(program, async (stack) => {
      const { outputs } = await stack.up();
      const as = (name: string): ConnectionOptions => ({
        authenticator: credsAuthenticator(Buffer.from(outputs[name] as string)),
      });
      await carries(
        () => login("north", as("creds")),
        () => login("shore", as("leafCreds")),
      );
    });
  });
});

function creds({ user, password }: typeof app): ConnectionOptions {
  return { user, pass: password };
}
