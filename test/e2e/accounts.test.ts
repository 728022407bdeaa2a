import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import type { Target } from "../../components/target";
import { Claims } from "../../provider/apply/claims";
import { closeConnections } from "../../provider/apply/connect";
import { waitFor } from "../../provider/apply/wait";
import type { AccountServers } from "../../provider/model/jwt/accountServers";
import { accountClaims } from "../../provider/model/jwt/accountClaims";
import { readClaims, signedClaims } from "../../provider/model/jwt/claims";
import { seedOf } from "../../provider/model/jwt/nkeys";
import { Account } from "../../provider/resources/account";
import type { AccountArgs } from "../../provider/resources/account";
import { Nkey } from "../../provider/resources/nkey";
import { Operator } from "../../provider/resources/operator";
import type { OperatorArgs } from "../../provider/resources/operator";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { User } from "../../provider/resources/user";
import type { UserArgs } from "../../provider/resources/user";
import { ClusterBed } from "../bed/clusterBed";
import { newOperator } from "../bed/operatorServer";
import { withStack } from "../bed/stack";
import type { StackRun } from "../bed/stackRun";

type Users = Record<string, Omit<UserArgs, "account">>;

describe("Operator, accounts and users in a stack", function () {
  this.timeout(600_000);
  const bed = new ClusterBed();
  const open: NatsConnection[] = [];
  let target: Target;
  before(async () => {
    target = await bed.target("east", 3);
  });
  after(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await closeConnections();
    await bed.dispose();
  });

  const program =
    (account: (keys: Nkey[]) => AccountArgs, users: Users, operator: OperatorArgs = {}, options = {}) =>
    async () => {
      const acme = new Operator("MyOperator", operator);
      const east = new Cluster("east", { target, operator: acme, jetstream: {} });
      const keys = ["old", "new"].map((name) => new Nkey(name, { type: "account" }));
      const core = new Account("core", { cluster: east, ...account(keys) }, options);
      const made = Object.entries(users).map(
        ([name, args]) => [name, new User(name, { account: core, ...args }).creds] as const,
      );
      return {
        urls: east.urls,
        account: core.publicKey,
        pushed: core.pushed,
        signingKeys: core.signingKeys,
        operatorKey: acme.signingKey,
        servers: east.accountServers,
        ...Object.fromEntries(made),
      };
    };
  const enter = async (up: StackRun, user: string, urls = up.outputs["urls"]): Promise<NatsConnection> => {
    const connection = await connect({
      servers: urls as string[],
      authenticator: credsAuthenticator(new TextEncoder().encode(String(up.outputs[user]))),
      reconnect: false,
      timeout: 20_000,
    });
    open.push(connection);
    return connection;
  };
  const isClosed = async (connection: NatsConnection): Promise<void> => {
    await waitFor("a closed connection", { timeout: 60_000 }, async () =>
      connection.isClosed() ? { value: true } : { pending: "open" },
    );
  };
  const rows = (run: StackRun): string => run.rows.map(({ message }) => message).join("\n");

  it("live through limits, users, a rotated key, drift, deletion outside and destroy", async () => {
    const first = ([old]: Nkey[]): AccountArgs => ({ sk: [old!.seed], jsDiskStorage: "1GiB" });
    const nexus = { allowPub: ["my.topic"], allowSub: ["my.topic"] };
    await withStack(program(first, { nexus }), async (stack) => {
      const up = await stack.up();
      assert.deepEqual(Object.keys(up.outputs["pushed"] as object), ["east"]);
      const early = await enter(up, "nexus");
      assert.deepEqual((await stack.preview()).counts, { same: 8 });
      await stack.refresh();
      const quiet = await stack.preview();
      assert.deepEqual(quiet.counts, { same: 8 }, JSON.stringify(quiet.steps));

      // Limits change in place, on every server, and clients stay.
      const limited = (keys: Nkey[]): AccountArgs => ({ ...first(keys), payload: "1KiB", jsStreams: 2 });
      stack.program = program(limited, { nexus });
      const edit = await stack.preview();
      assert.deepEqual(edit.counts, { same: 7, update: 1 });
      assert.deepEqual(edit.step("core").detailedDiff, { payload: "add", jsStreams: "add" });
      await stack.up();
      assert.equal(early.isClosed(), false);
      early.publish("my.topic", "x".repeat(2000));
      await isClosed(early);

      // A user more is no push; its permissions are its own.
      const gaia = { allowPub: ["gaia.>"], expiry: "1h" };
      stack.program = program(limited, { nexus, gaia });
      assert.deepEqual((await stack.preview()).counts, { same: 8, create: 1 });
      const two = await stack.up();
      await enter(two, "gaia");
      stack.program = program(limited, { nexus: { ...nexus, allowPub: ["my.>"] }, gaia });
      const wider = await stack.preview();
      assert.deepEqual(wider.step("nexus").detailedDiff, { "allowPub[0]": "update" });
      assert.match(rows(wider), /clients keep what the old one allows until they connect with the new creds/);
      await stack.up();

      // Both keys, then the new one alone: who was issued by the old one is out.
      const both = (keys: Nkey[]): AccountArgs => ({ ...limited(keys), sk: [keys[1]!.seed, keys[0]!.seed] });
      stack.program = program(both, { nexus, gaia });
      const overlap = await stack.up();
      assert.equal((overlap.outputs["signingKeys"] as string[]).length, 2);
      const [byOld, byNew] = [await enter(two, "nexus"), await enter(overlap, "nexus")];
      const alone = (keys: Nkey[]): AccountArgs => ({ ...limited(keys), sk: [keys[1]!.seed] });
      stack.program = program(alone, { nexus, gaia });
      const rotation = await stack.preview();
      assert.match(rows(rotation), /are disconnected, and can't come back with the creds that they have/);
      assert.deepEqual(rotation.counts, { same: 6, update: 3 }, JSON.stringify(rotation.steps));
      const rotated = await stack.up();
      await isClosed(byOld);
      await byNew.flush();
      await assert.rejects(enter(two, "nexus"));

      // A user that goes has no access any more.
      const leaving = await enter(rotated, "gaia");
      stack.program = program(alone, { nexus });
      await stack.up();
      await isClosed(leaving);
      await assert.rejects(enter(rotated, "gaia"));
      await stack.refresh();
      const revoked = await stack.preview();
      assert.deepEqual(revoked.counts, { same: 8 }, JSON.stringify(revoked.steps));

      // Claims that somebody else pushed are seen and put back.
      const [servers] = up.outputs["servers"] as AccountServers[];
      const claims = await Claims.open(servers!);
      const account = String(up.outputs["account"]);
      const identity = { publicKey: account, signingKeys: [], revocations: {} };
      const time = Math.floor(Date.now() / 1000) + 60;
      const foreign = accountClaims({ name: "core", conns: 1, jsDiskStorage: "1GiB" }, identity, time);
      await claims.push(signedClaims(foreign, String(up.outputs["operatorKey"]), time));
      await stack.refresh();
      const drift = await stack.preview();
      assert.deepEqual(Object.keys(drift.step("core").detailedDiff).sort(), ["conns", "jsStreams", "payload", "sk"]);
      const back = await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 8 });
      await enter(back, "nexus");

      // Claims that the servers have lost are pushed again, and creds are what they were.
      await claims.remove([account], String(up.outputs["operatorKey"]), time);
      assert.match(rows(await stack.refresh()), /account "core" is not on cluster "east": the next up pushes it/);
      const gone = await stack.preview();
      assert.deepEqual(gone.counts, { same: 7, update: 1 });
      assert.deepEqual(gone.step("core").detailedDiff, { "servers.east": "update" });
      const healed = await stack.up();
      assert.deepEqual([healed.outputs["account"], healed.outputs["nexus"]], [account, back.outputs["nexus"]]);
      assert.deepEqual((await stack.preview()).counts, { same: 8 });
      await enter(back, "nexus");

      // An account that is made anew has other users, with the same arguments too.
      const anew = (keys: Nkey[]): AccountArgs => ({ ...alone(keys), conns: 9 });
      stack.program = program(anew, { nexus }, {}, { replaceOnChanges: ["conns"] });
      const replaced = await stack.preview();
      assert.equal(replaced.step("nexus").op, "create-replacement", JSON.stringify(replaced.steps));
      assert.match(rows(replaced), /it is made anew, with another key: clients need the new creds/);
      assert.doesNotMatch(rows(replaced), /a new JWT for the same key/);
    });
  });

  it("rotate the operator's signing key over three steps, with the clients inside; another operator is refused", async () => {
    const others = seedOf("operator", randomBytes(32));
    const signing =
      (order: readonly ("first" | "second")[], own: OperatorArgs = {}) =>
      async () => {
        const keys = {
          first: new Nkey("first", { type: "operator" }),
          second: new Nkey("second", { type: "operator" }),
        };
        const acme = new Operator("MyOperator", { sk: order.map((name) => keys[name].seed), ...own });
        const east = new Cluster("east", { target, operator: acme, jetstream: {} });
        const core = new Account("core", { cluster: east });
        const user = new User("user", { account: core });
        const issuer = core.jwt.apply((jwt) => readClaims(jwt)!.iss);
        return {
          urls: east.urls,
          user: user.creds,
          issuer,
          first: keys.first.publicKey,
          second: keys.second.publicKey,
          pushed: core.pushed,
        };
      };
    await withStack(signing(["first"]), async (stack) => {
      const begin = await stack.up();
      assert.equal(begin.outputs["issuer"], begin.outputs["first"]);
      for (const order of [["first", "second"], ["second", "first"], ["second"]] as const) {
        stack.program = signing(order);
        const up = await stack.up();
        assert.equal(up.outputs["issuer"], up.outputs[order[0]], order.join());
        for (const url of up.outputs["urls"] as string[]) {
          await (await enter(begin, "user", [url])).flush();
        }
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"], order.join());
      }
      stack.program = signing(["second"], { key: others });
      const refused = await stack.attempt("preview");
      assert.match(refused.text, /key: it is another key than that of this operator \(O\w+\)/);
      assert.ok(!refused.text.includes(others));
    });
  });

  it("keep their data past a destroy by keys of the program's own, and only then", async () => {
    const alone = await bed.target("north", 1);
    const [operatorKey, key] = [seedOf("operator", randomBytes(32)), seedOf("account", randomBytes(32))];
    const keeping = (stays: boolean) => async () => {
      const acme = new Operator("MyOperator", { key: operatorKey, sk: [] });
      const north = new Cluster("north", { target: alone, operator: acme, jetstream: {} });
      const deletedWith = north.servers;
      const core = new Account(
        "core",
        { cluster: north, key, jsDiskStorage: -1, jsStreams: -1, jsConsumer: -1 },
        stays ? { deletedWith } : {},
      );
      const user = new User("user", { account: core });
      const provider = new Provider("core", { servers: north.urls, creds: user.creds });
      new Stream("S", { subjects: ["s"] }, { provider, deletedWith });
      return { urls: north.urls, user: user.creds };
    };
    await withStack(keeping(false), async (stack) => {
      const client = await enter(await stack.up(), "user");
      await client.jetstream().publish("s", "kept");
      const refused = await stack.attempt("destroy");
      assert.match(refused.text, /account "core" holds messages, .*: S \(1 message\) on cluster "north"\. Fix:/);
      stack.program = keeping(true);
      await stack.up();
      const end = rows(await stack.destroy());
      assert.match(
        end,
        /JetStream's files stay, a cluster with the same operator's keys in the same folder takes them up/,
      );
      const again = await enter(await stack.up(), "user");
      const manager = await again.jetstreamManager();
      assert.equal((await manager.streams.info("S")).state.messages, 1);
    });
  });

  it("are refused on a cluster that has accounts of its own", async () => {
    const alone = await bed.target("west", 1);
    const own = async () => {
      const west = new Cluster("west", {
        target: alone,
        accounts: { APP: { users: [{ user: "a", password: "secret-1" }] } },
      });
      return { urls: west.urls };
    };
    await withStack(own, async (stack) => {
      await stack.up();
      const operator = newOperator("acme");
      stack.program = async () => ({ urls: new Cluster("west", { target: alone, operator }).urls });
      const refused = await stack.attempt("preview");
      assert.match(
        refused.text,
        /operator can't change on servers that hold data: accounts of the configuration and accounts of an operator exclude each other.*this is a migration/s,
      );
    });
  });
});
