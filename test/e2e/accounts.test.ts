import assert from "node:assert/strict";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import type { Target } from "../../components/target";
import { Account } from "../../provider/resources/account";
import type { AccountArgs } from "../../provider/resources/account";
import { Operator } from "../../provider/resources/operator";
import { User } from "../../provider/resources/user";
import type { UserArgs } from "../../provider/resources/user";
import { ClusterBed } from "../bed/clusterBed";
import { withStack } from "../bed/stack";

describe("Operator, accounts and users in a stack", function () {
  this.timeout(240_000);
  const bed = new ClusterBed();
  let target: Target;
  before(async () => {
    target = await bed.target("east", 3);
  });
  after(() => bed.dispose());

  const base: AccountArgs = { sk: "generate", jsDiskStorage: "1GiB", description: "core" };
  const program =
    (account: AccountArgs, users: Record<string, Omit<UserArgs, "account">>) =>
    async () => {
      const operator = new Operator("MyOperator");
      const east = new Cluster("east", { target, operator, jetstream: {} });
      const core = new Account("stream-core", { cluster: east, ...account });
      const made = Object.entries(users).map(([name, args]) => [name, new User(name, { account: core, ...args })] as const);
      return {
        urls: east.urls,
        account: core.publicKey,
        pushed: core.pushed,
        keys: core.signingKeys,
        ...Object.fromEntries(made.map(([name, user]) => [name, user.creds])),
      };
    };
  const enter = (urls: unknown, creds: unknown): Promise<NatsConnection> =>
    connect({
      servers: urls as string[],
      authenticator: credsAuthenticator(new TextEncoder().encode(String(creds))),
      reconnect: false,
      timeout: 5000,
    });

  it("live through up, limits, users, a rotated key, drift and destroy", async () => {
    const nexus = { allowPub: ["my.topic"], allowSub: ["my.topic"] };
    await withStack(program(base, { nexus }), async (stack) => {
      const up = await stack.up();
      console.log(up.counts, Object.keys(up.outputs));
      assert.deepEqual(Object.keys(up.outputs["pushed"] as object), ["east"]);
      const connection = await enter(up.outputs["urls"], up.outputs["nexus"]);
      await connection.flush();
      await connection.close();
      assert.deepEqual((await stack.preview()).counts, { same: 6 });
      await stack.refresh();
      const after = await stack.preview();
      assert.deepEqual(after.counts, { same: 6 }, JSON.stringify(after.steps));

      stack.program = program({ ...base, conns: 5 }, { nexus });
      const edit = await stack.preview();
      console.log(edit.counts, edit.steps.map((s) => [s.op, s.name, s.detailedDiff]), edit.rows);
      const done = await stack.up();
      console.log(done.counts);
      assert.deepEqual((await stack.preview()).counts, { same: 6 });
    });
  });
});
