import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { Claims } from "../../provider/apply/claims";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { waitFor } from "../../provider/apply/wait";
import type { PartialFailure } from "../../provider/host/handler";
import { accountClaims } from "../../provider/model/jwt/accountClaims";
import { readClaims, signedClaims } from "../../provider/model/jwt/claims";
import { publicKeyOf, seedOf } from "../../provider/model/jwt/nkeys";
import { accountHandler } from "../../provider/resources/accountHandler";
import type { AccountInputs, AccountState } from "../../provider/resources/accountState";
import { userHandler } from "../../provider/resources/userHandler";
import type { UserInputs, UserState } from "../../provider/resources/userState";
import { freePorts } from "../bed/freePorts";
import { newOperator, startOperatorServers } from "../bed/operatorServer";
import type { OperatorBed } from "../bed/operatorServer";
import { partialFailure } from "../bed/partialFailure";
import { contextOf, lifecycle } from "./suite";

const key = seedOf("account", randomBytes(32));
const account = publicKeyOf(key);
const operator = newOperator("acme");
const failed = partialFailure<AccountState>;

describe("Account", () => {
  let bed: OperatorBed;
  const none = new Map<string, string>();
  const inputs = (more: Partial<AccountInputs> = {}): AccountInputs => ({
    name: "core",
    key,
    operator: operator.publicKey,
    operatorKey: operator.signingKey,
    servers: [
      bed?.access ?? {
        cluster: "east",
        names: ["east-1"],
        urls: ["nats://127.0.0.1:1"],
        creds: operator.systemCreds,
      },
    ],
    ...more,
  });
  before(async function () {
    this.timeout(180_000);
    bed = await startOperatorServers("east", operator, { count: 3 });
    Object.assign(first, { servers: [bed.access] });
    Object.assign(changed, { servers: [bed.access] });
    Object.assign(other, { servers: [bed.access] });
  });
  after(async () => {
    await closeConnections();
    await bed.stop();
  });

  const first = inputs({ jsDiskStorage: "1GiB", conns: 10, exports: [{ subject: "orders.>" }] });
  const changed = inputs({
    jsDiskStorage: "2GiB",
    conns: 10,
    exports: [{ subject: "orders.>" }, { subject: "price", service: true }],
    description: "core",
    tag: ["production"],
  });
  const other = { ...changed, key: seedOf("account", randomBytes(32)) };
  const now = Math.floor(Date.now() / 1000);
  lifecycle({
    handler: accountHandler,
    config: () => none,
    first,
    changed: { inputs: changed, paths: ["description", "exports", "jsDiskStorage", "tag"] },
    replaced: { inputs: other, path: "key" },
    ownerless: true,
    notImportable: true,
    outlivesServers: true,
    refused: [
      { inputs: inputs({ conns: -2 }), path: "conns", reason: /-2: -1 \(unlimited\)/, fix: /conns: -1/ },
      { inputs: inputs({ name: " " }), path: "name", reason: /name is empty/ },
      {
        inputs: inputs({ jsStreams: 5 }),
        path: "jsStreams",
        reason: /JetStream, which is off without storage/,
        fix: /jsDiskStorage/,
      },
      { inputs: inputs({ expiry: "2020-01-01" }), path: "expiry", reason: /is in the past/ },
      {
        inputs: inputs({ key: operator.seed }),
        path: "key",
        reason: /it is the seed of an operator; the seed of an account/,
      },
      { inputs: inputs({ sk: ["UNKNOWN"] }), path: "sk[0]", reason: /it is no nkey/ },
      {
        inputs: inputs({ operatorKey: key }),
        path: "operator.signingKey",
        reason: /seed of an account; the seed of an operator/,
      },
      { inputs: inputs({ exports: [{ subject: "a..b" }] }), path: "exports[0].subject", reason: /has an empty token/ },
      {
        inputs: inputs({ exports: [{ subject: "a.>" }, { subject: "a.b" }] }),
        path: "exports[1].subject",
        reason: /exported already, by exports\[0\]/,
      },
      {
        inputs: inputs({ exports: [{ subject: "a", responseType: "Stream" }] }),
        path: "exports[0].responseType",
        reason: /only a service/,
      },
      {
        inputs: inputs({ imports: [{ srcAccount: "payments", remoteSubject: "a" }] }),
        path: "imports[0].srcAccount",
        reason: /not an account's public key/,
      },
      {
        inputs: inputs({
          imports: [{ srcAccount: account, remoteSubject: "price" }],
          exportsOf: { [account]: [{ subject: "orders.>" }] },
        }),
        path: "imports[0].remoteSubject",
        reason: /no export of that account matches stream "price"; it has stream "orders.>"/,
      },
      {
        inputs: inputs({ maxExports: 0, exports: [{ subject: "a" }] }),
        path: "exports",
        reason: /there are 1, and maxExports allows 0/,
      },
      {
        inputs: inputs({ sk: [{ role: "r", allowPub: ["a"], denyPub: ["a"] }] }),
        path: "sk[0].allowPub[0]",
        reason: /a denial always wins/,
      },
      {
        inputs: inputs({
          mappings: {
            a: [
              { to: "b", weight: 60 },
              { to: "c", weight: 60 },
            ],
          },
        }),
        path: 'mappings["a"]',
        reason: /120 percent/,
      },
      { inputs: inputs({ sk: { role: "r" } as never }), path: "sk", reason: /a list is wanted/ },
      { inputs: inputs({ operator: 5 as never }), path: "operator.publicKey", reason: /not an operator's public key/ },
      { inputs: inputs({ servers: [null] as never }), path: "clusters", reason: /a cluster says nothing of how/ },
      { inputs: { ...inputs(), jsDiskStorag: 1 } as AccountInputs, path: "jsDiskStorag", reason: /no property/ },
    ],
    drift: {
      make: async () => {
        const identity = { publicKey: account, signingKeys: [], revocations: {} };
        const claims = await Claims.open(bed.access);
        const settings = { name: "core", description: "core", tag: ["production"], jsDiskStorage: "2GiB", conns: 1 };
        const exports = [{ subject: "orders.>" }, { subject: "price", service: true }];
        await claims.push(
          signedClaims(accountClaims({ ...settings, exports }, identity, now + 100), operator.signingKey, now + 100),
        );
      },
      path: "conns",
    },
    remove: async () => undefined,
    exists: async () => {
      const claims = await Claims.open(bed.access);
      return (await claims.lookup(account)).every((jwt) => jwt !== "");
    },
  });

  describe("on clusters that are not as they should be", () => {
    const context = () => contextOf(none, "urn:pulumi:test::suite::nats:Account::it").context;
    const fresh = (more: Partial<AccountInputs>): AccountInputs =>
      inputs({ key: seedOf("account", randomBytes(32)), ...more });

    it("names the one that can't be reached, keeps the rest consistent, and goes on when it is there", async function () {
      this.timeout(180_000);
      const west = await startOperatorServers("west", operator, { count: 1 });
      try {
        const away = { ...west.access, urls: ["nats://127.0.0.1:1"] };
        const wanted = fresh({ servers: [away, bed.access] });
        const { state, reasons, id } = await failed(accountHandler.create(context(), wanted));
        assert.equal(reasons.length, 1);
        assert.match(reasons[0]!, /cluster "west".*127\.0\.0\.1:1/s);
        assert.deepEqual(Object.keys(state.pushed), ["east"]);
        const { changes, notes } = await accountHandler.diff(context(), id, state, {
          ...wanted,
          servers: [west.access, bed.access],
        });
        assert.deepEqual(changes, { "servers.west": "update" });
        assert.match(notes![0]!.message, /does not have these claims on all of its servers: they are pushed/);
        const whole = await accountHandler.update(context(), id, state, {
          ...wanted,
          servers: [west.access, bed.access],
        });
        assert.deepEqual(Object.keys(whole.pushed).sort(), ["east", "west"]);
        // What was there already is not issued anew.
        assert.equal(whole.jwt, state.jwt);
        const { lines, context: refreshing } = contextOf(none, undefined);
        const read = await accountHandler.read(refreshing, id, { ...whole, servers: [away, bed.access] });
        assert.deepEqual(read!.state.pushed, whole.pushed);
        assert.match(lines[0]!, /cluster "west" can't be asked/);
      } finally {
        await west.stop();
      }
    });

    it("says which operator a cluster trusts instead, in the preview too", async () => {
      const stranger = newOperator("stranger");
      const wanted = fresh({ operator: stranger.publicKey, operatorKey: stranger.signingKey });
      const { problems } = await accountHandler.check(context(), undefined, wanted);
      assert.deepEqual(
        problems.map(({ path }) => path),
        ["operator"],
      );
      const { reasons, state } = await failed(accountHandler.create(context(), wanted));
      for (const reason of [problems[0]!.reason, reasons[0]!]) {
        assert.match(reason, /cluster "east" does not trust the operator's key O\w+: it trusts "acme"/);
      }
      assert.deepEqual(state.pushed, {});
      assert.deepEqual(await (await Claims.open(bed.access)).lookup(state.publicKey), ["", "", ""]);
      // A cluster may change before the account does, so what stands in the way of a change is a warning.
      const { problems: later } = await accountHandler.check(context(), state, { ...wanted, conns: 5 });
      assert.deepEqual(later, [{ ...problems[0]!, severity: "warning" }]);
    });

    it("warns in the preview of a change of servers that can't be asked, and asks none for what stays as it is", async () => {
      const { state } = await accountHandler.create(context(), fresh({}));
      const servers = [{ ...bed.access, urls: ["nats://127.0.0.1:1"] }];
      const away = { ...state, servers };
      const [{ problems: none }, { problems }] = [
        await accountHandler.check(context(), away, { ...inputs({ key: state.key! }), servers }),
        await accountHandler.check(context(), away, { ...inputs({ key: state.key! }), servers, conns: 5 }),
      ];
      assert.deepEqual(none, []);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]!.severity, "warning");
      assert.match(problems[0]!.reason, /^not checked with cluster "east": .*127\.0\.0\.1:1.*refused/s);
    });

    it("says what a server refuses of claims", async () => {
      const claims = await Claims.open(bed.access);
      const identity = { publicKey: account, signingKeys: [], revocations: {} };
      const bad = accountClaims({ name: "x", exports: [{ subject: "a.>" }, { subject: "a.b" }] }, identity, now);
      await assert.rejects(
        claims.push(signedClaims(bad, operator.signingKey, now)),
        /cluster "east" refuses the push \(east-1, east-2, east-3\): jwt validation failed - validation errors: .*already exports/s,
      );
    });

    it("leaves nothing on any server when one refuses the claims, and names each with its reason", async () => {
      // What the check finds before; a server is asked all the same.
      const wanted = fresh({ exports: [{ subject: "a.>" }, { subject: "a.b" }] });
      const { reasons, state, id } = await failed(accountHandler.create(context(), wanted));
      assert.equal(reasons.length, 1);
      assert.match(
        reasons[0]!,
        /^cluster "east" refuses the push \(east-1, east-2, east-3\): jwt validation failed - validation errors: .*already exports/s,
      );
      assert.deepEqual(state.pushed, {});
      assert.deepEqual(await (await Claims.open(bed.access)).lookup(id), ["", "", ""]);
      // The program that is right makes it, by the same key; a wrong change of it leaves what there was.
      const right = await accountHandler.update(context(), id, state, { ...wanted, exports: [{ subject: "a.>" }] });
      assert.deepEqual(Object.keys(right.pushed), ["east"]);
      const { reasons: again } = await failed(accountHandler.update(context(), id, right, wanted));
      assert.match(again[0]!, /refuses the push \(east-1, east-2, east-3\)/);
      const kept = await (await Claims.open(bed.access)).lookup(id);
      assert.deepEqual(kept, [right.jwt, right.jwt, right.jwt]);
      await accountHandler.delete(context(), id, right);

      const imports = [{ srcAccount: account, remoteSubject: "a" }];
      for (const [more, why] of [
        [{ exports: [{ subject: "a" }, { subject: "b" }], maxExports: 1 }, /more exports than allowed/],
        [{ exports: [{ subject: "a.>" }], maxExports: 1, wildcardExports: false }, /wildcard exports that are not/],
        [{ imports, maxImports: 0 }, /more imports than allowed/],
      ] as const) {
        const beyond = await failed(accountHandler.create(context(), fresh(more)));
        assert.match(beyond.reasons[0]!, why);
        assert.deepEqual(await (await Claims.open(bed.access)).lookup(beyond.id), ["", "", ""]);
      }
    });

    it("refuses JetStream where there is none, or not so much", async function () {
      this.timeout(180_000);
      const plain = await startOperatorServers("plain", operator, { config: "" });
      const small = await startOperatorServers("small", operator);
      try {
        const [{ reasons }, there] = [
          await failed(accountHandler.create(context(), fresh({ jsDiskStorage: -1, servers: [plain.access] }))),
          await accountHandler.create(context(), fresh({ sk: "generate", servers: [small.access] })),
        ];
        assert.match(reasons[0]!, /has JetStream, and cluster "plain" has it not on every server/);
        const warned = async (more: Partial<AccountInputs>, olds?: AccountState): Promise<string[]> => {
          const { problems } = await accountHandler.check(context(), olds, fresh({ ...olds, ...more }));
          return problems.map(({ path, reason, severity }) => `${severity} ${path}: ${reason}`);
        };
        assert.deepEqual(await warned({ jsDiskStorage: -1, servers: [plain.access] }), [
          'warning clusters: account "core" has JetStream, and cluster "plain" has it not on every server',
        ]);
        assert.deepEqual(await warned({ jsDiskStorage: "5GiB" }, there.state), [
          'warning jsDiskStorage: account "core" wants 5GiB, and small-1 of cluster "small" has 1GiB for all accounts',
        ]);
        await enter(await newUser(there.state), small);
        const update = (jsDiskStorage: `${number}MiB`): Promise<PartialFailure<AccountState>> =>
          failed(accountHandler.update(context(), there.id, there.state, { ...there.state, jsDiskStorage }));
        assert.match(
          (await update("5120MiB")).reasons[0]!,
          /account "core" wants 5GiB, and small-1 of cluster "small" has 1GiB for all accounts/,
        );
        const rich = fresh({ sk: "generate", jsDiskStorage: "800MiB", servers: [small.access] });
        await enter(await newUser((await accountHandler.create(context(), rich)).state), small);
        assert.match(
          (await update("800MiB")).reasons[0]!,
          /small-1 does not enable JetStream for it: its limits are more than the server has left/,
        );
      } finally {
        await Promise.all([plain.stop(), small.stop()]);
      }
    });

    it("reaches all clusters that gateways join, and sees that one of them is away", async function () {
      this.timeout(180_000);
      const [first = 0, second = 0] = await freePorts(2);
      const gateway = (name: string, own: number): string =>
        `gateway { name: ${name}, listen: "127.0.0.1:${own}", gateways: [
          { name: g1, url: "nats://127.0.0.1:${first}" }, { name: g2, url: "nats://127.0.0.1:${second}" } ] }`;
      const [g1, g2] = await Promise.all([
        startOperatorServers("g1", operator, { config: gateway("g1", first) }),
        startOperatorServers("g2", operator, { config: gateway("g2", second) }),
      ]);
      try {
        await waitFor("gateways", { timeout: 60_000 }, async () => {
          const there = await (await Claims.open(g1.access)).lookup(account);
          return there.length === 2 ? { value: true } : { pending: `${there.length} servers` };
        });
        const wanted = fresh({ servers: [g1.access, g2.access] });
        const { id, state } = await accountHandler.create(context(), wanted);
        assert.deepEqual(Object.keys(state.pushed).sort(), ["g1", "g2"]);
        // Asked on one side only, both are seen.
        assert.deepEqual(new Set(await (await Claims.open(g1.access)).lookup(id)), new Set([state.jwt]));
        await g2.stop();
        const { reasons, state: half } = await failed(
          accountHandler.update(context(), id, state, { ...wanted, conns: 3 }),
        );
        assert.match(reasons.join(), /^cluster "g2": /);
        assert.deepEqual(Object.keys(half.pushed), ["g1"]);
      } finally {
        await Promise.all([g1.stop(), g2.stop()]);
      }
    });

    it("is kept where the servers lack it, and pushed again with the same keys, so that creds stay valid", async () => {
      const { id, state } = await accountHandler.create(context(), fresh({ sk: "generate", jsDiskStorage: "10MiB" }));
      const user = await newUser(state);
      await (await enter(user, bed)).close();
      await (await Claims.open(bed.access)).remove([id], operator.signingKey, now);
      const { lines, context: refreshing } = contextOf(none, undefined);
      const read = (await accountHandler.read(refreshing, id, state))!;
      assert.deepEqual(lines, ['account "core" is not on cluster "east": the next up pushes it']);
      assert.deepEqual(read.state, { ...state, pushed: {} });
      const diff = await accountHandler.diff(context(), id, read.state, read.inputs);
      assert.deepEqual(diff.changes, { "servers.east": "update" });
      const back = await accountHandler.update(context(), id, read.state, read.inputs);
      assert.deepEqual({ ...back, jwt: state.jwt, issuedAt: state.issuedAt, pushed: state.pushed }, state);
      const { limits } = await new JetStream(await enter(user, bed)).accountInfo();
      assert.equal(limits.max_storage, 10 * 1024 ** 2);
      await accountHandler.delete(context(), id, back);
    });

    it("ends the access of a user that is deleted, on every server, and keeps that when the account changes", async () => {
      const { id, state } = await accountHandler.create(context(), fresh({ sk: "generate" }));
      const [gone, stays] = [await newUser(state), await newUser(state)];
      const clients = await Promise.all([0, 1, 2].map((index) => enter(gone, bed, index)));
      const closed = clients.map((client) => client.closed());
      await userHandler.delete(context(), gone.publicKey, gone);
      await Promise.all(closed);
      await Promise.all([0, 1, 2].map((index) => assert.rejects(enter(gone, bed, index))));
      const read = (await accountHandler.read(context(), id, state))!;
      assert.deepEqual((await accountHandler.diff(context(), id, read.state, state)).changes, {});
      const after = await accountHandler.update(context(), id, state, { ...state, conns: 7 });
      assert.ok(after.issuedAt > state.issuedAt);
      assert.deepEqual(Object.keys(readClaims<{ revocations: object }>(after.jwt)!.nats.revocations!), [
        gone.publicKey,
      ]);
      await assert.rejects(enter(gone, bed));
      await (await enter(stays, bed)).close();
      await accountHandler.delete(context(), id, after);
    });

    async function newUser(state: AccountState, more: Partial<UserInputs> = {}): Promise<UserState> {
      const authority = { operatorKey: operator.signingKey, servers: state.servers };
      const wanted = { name: "u", account: state.publicKey, signingKey: state.signingKey!, authority, ...more };
      const { problems, inputs: checked } = await userHandler.check(context(), undefined, wanted);
      assert.deepEqual(problems, []);
      return (await userHandler.create(context(), checked)).state;
    }

    async function enter({ creds }: UserState, { servers }: OperatorBed, index = 0): Promise<NatsConnection> {
      const authenticator = credsAuthenticator(new TextEncoder().encode(creds));
      return connect({ servers: servers[index]!.url, authenticator, reconnect: false, timeout: 20_000 });
    }
  });
});
