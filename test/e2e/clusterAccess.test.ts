import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "nats";
import type { ConnectionOptions, NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { MonitorConnection } from "../../provider/apply/monitorConnection";
import type { Varz } from "../../provider/apply/serverAnswers";
import { ServerRefusal } from "../../provider/apply/serverRefusal";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { patient } from "../bed/patient";

const jetstream = { maxFileStore: "64MiB", maxMemoryStore: "16MiB" } as const;

describe("Who may connect to a cluster", function () {
  this.timeout(300_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  const program =
    (name: string, servers: number, args: Partial<ClusterArgs> = {}) =>
    async () =>
      outputsOf(new Cluster(name, { target: await bed.target(name, servers), rollout: { timeout: "90s" }, ...args }));
  /** Account of the user that a connection gets. */
  const accountOf = async (name: string, options: ConnectionOptions = {}, server = 0): Promise<string> => {
    const servers = `127.0.0.1:${bed.port(name, "client", server)}`;
    const connection: NatsConnection = await connect({ servers, reconnect: false, timeout: 20_000, ...options });
    try {
      const answer = await connection.request("$SYS.REQ.USER.INFO", "", patient);
      const { data } = answer.json<{ data: { user: string; account: string } }>();
      return `${data.account}/${data.user}`;
    } finally {
      await connection.close();
    }
  };
  const refused = (name: string, options: ConnectionOptions = {}, server = 0): Promise<void> =>
    assert.rejects(accountOf(name, options, server), /Authorization/i);

  it("anyone, then one user, then several, then accounts with a default one", async () => {
    await withStack(program("open", 1), async (stack) => {
      const up = await stack.up();
      assert.match(up.messages("open-servers").join("\n"), /accounts: no user is declared, so anyone who reaches/);
      assert.match(await accountOf("open"), /^\$G\//);

      stack.program = program("open", 1, { authorization: { user: "solo", password: pulumi.secret("solo-password") } });
      await expectUp(stack, "open-servers", /^hot reload on open-1: no_auth_user anyone → /);
      await refused("open");
      assert.equal(await accountOf("open", { user: "solo", pass: "solo-password" }), "$G/solo");

      stack.program = program("open", 1, {
        authorization: {
          users: [
            { user: "solo", password: "solo-password" },
            { user: "two", password: "two-password" },
          ],
        },
      });
      await expectUp(stack, "open-servers", /hot reload on open-1: .*users/s);
      assert.equal(await accountOf("open", { user: "two", pass: "two-password" }), "$G/two");

      stack.program = program("open", 1, {
        accounts: { WEB: { users: [{ user: "guest" }, { user: "boss", password: "boss-password" }] } },
        config: { noAuthUser: "guest" },
      });
      await expectUp(stack, "open-servers", /restart of open-1: .*no_auth_user/s);
      assert.equal(await accountOf("open"), "WEB/guest");
      assert.equal(await accountOf("open", { user: "boss", pass: "boss-password" }), "WEB/boss");
      await refused("open", { user: "two", pass: "two-password" });
    });
  });

  it("a token, without any user that could manage the servers: up, hot reload, a refused one, a rolling restart", async () => {
    const args = (token: string, config: ClusterArgs["config"] = {}): Partial<ClusterArgs> => ({
      authorization: { token: pulumi.secret(token) },
      jetstream,
      config,
    });
    await withStack(program("tok", 3, args("first-token-1")), async (stack) => {
      await stack.up();
      await refused("tok");
      assert.match(await accountOf("tok", { token: "first-token-1" }, 1), /^\$G\//);
      assert.match((await stack.refresh()).text, /Resources:\s+5 unchanged/);

      const before = await bed.pids("tok");
      stack.program = program("tok", 3, args("second-token-2", { maxPayload: "2MiB" }));
      const preview = await expectUp(
        stack,
        "tok-servers",
        /^hot reload on tok-1, tok-2, tok-3: .*authorization\.token changes/s,
      );
      assert.doesNotMatch(preview, /(first|second)-token/);
      assert.deepEqual(await bed.pids("tok"), before);
      await refused("tok", { token: "first-token-1" }, 2);
      for (const server of [0, 1, 2])
        assert.match(await accountOf("tok", { token: "second-token-2" }, server), /^\$G\//);
      assert.ok(!stack.state().includes("second-token-2"));

      stack.program = program("tok", 3, args("second-token-2", { maxPayload: "2MiB", maxSubscriptions: 5000 }));
      await expectUp(stack, "tok-servers", /^rolling restart, one server at a time \(tok-/);
      const restarted = await bed.pids("tok");
      for (const node of Object.keys(before)) assert.notEqual(restarted[node], before[node]);
      assert.deepEqual((await stack.preview()).counts, { same: 4 });

      await refusedReload("tok-1");
      stack.program = program("tok", 3, args("third-token-3", { maxPayload: "2MiB", maxSubscriptions: 5000 }));
      await stack.up();
      assert.match(await accountOf("tok", { token: "third-token-3" }), /^\$G\//);
      assert.deepEqual(await bed.pids("tok"), restarted);

      stack.program = program("tok", 2, args("third-token-3", { maxPayload: "2MiB", maxSubscriptions: 5000 }));
      const smaller = await stack.attempt("preview");
      assert.match(smaller.text, /tok-3 can't be taken out of JetStream's peers: .*authorization\.token/s);
    });
  });

  /** What a server does not take by a reload, put into its file by hand. */
  async function refusedReload(node: string): Promise<void> {
    const file = path.join(bed.dir("tok"), node, "current", "nats.conf");
    const text = readFileSync(file, "utf8");
    const url = `http://127.0.0.1:${bed.port("tok", "monitor")}`;
    const connection = await MonitorConnection.open({ node, url, machine: bed.machine("tok") });
    const { config_digest: digest } = await connection.ask<Varz>("VARZ");
    writeFileSync(file, text.replace("max_subscriptions: 5000", "max_subscriptions: 6000"));
    await assert.rejects(connection.ask("RELOAD"), (error: Error) => {
      assert.ok(error instanceof ServerRefusal);
      assert.match(error.message, /^tok-1 refuses RELOAD: .*max_?subs/i);
      return true;
    });
    assert.equal((await connection.ask<Varz>("VARZ")).config_digest, digest);
    await assert.rejects(
      MonitorConnection.open({ node: "tok-2", url, machine: bed.machine("tok") }),
      /answered by server "tok-1"/,
    );
  }

  async function expectUp(stack: TestStack, resource: string, note: RegExp): Promise<string> {
    const preview = await stack.preview({ diff: true });
    assert.match(preview.messages(resource).join("\n"), note, preview.text);
    await stack.up();
    return preview.text;
  }
});
