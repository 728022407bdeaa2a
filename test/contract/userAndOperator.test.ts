import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections, openConnection } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { waitFor } from "../../provider/apply/wait";
import { unknownValue } from "../../provider/host/handler";
import { mergeConnection } from "../../provider/model/connection";
import { readClaims } from "../../provider/model/jwt/claims";
import { publicKeyOf, seedOf } from "../../provider/model/jwt/nkeys";
import type { OperatorInputs } from "../../provider/model/jwt/operatorChecks";
import { accountHandler } from "../../provider/resources/accountHandler";
import type { AccountInputs, AccountState } from "../../provider/resources/accountState";
import { operatorHandler } from "../../provider/resources/operatorHandler";
import { userHandler } from "../../provider/resources/userHandler";
import type { OperatorState } from "../../provider/resources/operatorIssue";
import type { UserInputs, UserState } from "../../provider/resources/userState";
import { newOperator, startOperatorServers } from "../bed/operatorServer";
import type { OperatorBed } from "../bed/operatorServer";
import { OperatorUsers } from "../bed/operatorUsers";
import { TcpProxy } from "../bed/tcpProxy";
import { tryOut } from "../bed/tryOut";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

const { context } = contextOf(new Map(), "urn:pulumi:test::suite::nats:it::it");
const seed = (role: "operator" | "account" | "user"): string => seedOf(role, randomBytes(32));

describe("Operator", () => {
  const first: OperatorInputs = { name: "acme", sk: "generate" };

  it("keeps its keys through every change, and issues anew only what changes", async () => {
    const { id, state } = await operatorHandler.create(context, first);
    assert.equal(id, publicKeyOf(state.seed));
    assert.deepEqual([state.signingKeys, state.signingKey !== state.seed], [[publicKeyOf(state.signingKey)], true]);
    assert.deepEqual((await operatorHandler.diff(context, id, state, first)).changes, {});
    assert.deepEqual(await operatorHandler.read(context, id, state), { inputs: first, state });

    const tagged: OperatorInputs = { ...first, tag: ["x"] };
    const { changes, notes } = await operatorHandler.diff(context, id, state, tagged);
    assert.deepEqual(changes, { tag: "add" });
    assert.match(notes![0]!.message, /servers take it only by a restart/);
    const later = await operatorHandler.update(context, id, state, tagged);
    const { jwt, issuedAt, tag, ...kept } = later;
    assert.deepEqual(
      kept,
      Object.fromEntries(Object.entries(state).filter(([key]) => !["jwt", "issuedAt"].includes(key))),
    );
    assert.ok(issuedAt > state.issuedAt && jwt !== state.jwt && tag);
    assert.equal(readClaims(jwt)!.iat, issuedAt);

    const key = seed("operator");
    await assert.rejects(
      operatorHandler.diff(context, id, later, { ...tagged, key, systemAccountKey: seed("account") }),
      /key: it is another key than that of this operator \(O\w+\), which its clusters trust.*systemAccountKey: it is another/s,
    );
    // The engine hands the inputs of before to a check, not the state: a key that is given again is no other key.
    const again = { ...tagged, key: state.seed };
    assert.deepEqual((await operatorHandler.check(context, again as OperatorState, again)).problems, []);
    assert.deepEqual((await operatorHandler.diff(context, id, later, { ...tagged, key: state.seed })).changes, {
      key: "add",
    });
    const rotated = await operatorHandler.update(context, id, later, {
      ...tagged,
      sk: [seed("operator"), state.signingKey],
    });
    assert.equal(rotated.signingKeys.length, 2);
    assert.equal(readClaims(rotated.systemAccountJwt)!.iss, rotated.signingKeys[0]);
  });

  it("takes keys of one's own, and issues all by signing keys where it must", async () => {
    const [key, systemAccountKey, systemUserKey] = [seed("operator"), seed("account"), seed("user")];
    const inputs: OperatorInputs = {
      name: "o",
      sk: [seed("operator")],
      key,
      systemAccountKey,
      systemUserKey,
      requireSigningKeys: true,
    };
    assert.deepEqual((await operatorHandler.check(context, undefined, inputs)).problems, []);
    const { state } = await operatorHandler.create(context, inputs);
    assert.deepEqual(
      [state.seed, state.systemAccount, state.systemUser],
      [key, publicKeyOf(systemAccountKey), publicKeyOf(systemUserKey)],
    );
    const bed = await startOperatorServers("strict", state);
    try {
      const sys = await connect({
        servers: bed.servers[0]!.url,
        authenticator: credsAuthenticator(new TextEncoder().encode(state.systemCreds)),
      });
      assert.ok((await sys.request("$SYS.REQ.SERVER.PING.IDZ", "", patient)).data.length > 0);
      await sys.close();
    } finally {
      await bed.stop();
    }
  });
});

describe("User", () => {
  const operator = newOperator("acme");
  let bed: OperatorBed;
  let core: AccountState;
  let users: OperatorUsers;
  before(async () => {
    bed = await startOperatorServers("one", operator);
    users = new OperatorUsers(context, bed);
    core = await account({
      sk: ["generate", { role: "service", allowPub: ["svc.>"], allowSub: ["{{name()}}.>"], subs: 1 }],
    });
  });
  after(async () => {
    await users.close();
    await closeConnections();
    await bed.stop();
  });

  const account = (more: Partial<AccountInputs>): Promise<AccountState> => users.account(more);
  const inputsFor = (more: Partial<UserInputs> = {}, of = core): UserInputs => ({
    name: "u",
    account: of.publicKey,
    signingKey: of.signingKey!,
    keyring: "k",
    ...more,
  });
  const user = (more: Partial<UserInputs> = {}, of = core): Promise<UserState> => users.user(inputsFor(more, of));
  const enter = (state: UserState): Promise<NatsConnection> => users.enter(state);

  it("is issued by the account's signing key, and changes in place with the same key", async () => {
    const state = await user({ allowPub: ["a"] });
    const claims = readClaims<{ issuer_account: string }>(state.jwt)!;
    assert.deepEqual([claims.iss, claims.nats.issuer_account], [core.signingKeys[0], core.publicKey]);
    const id = state.publicKey;
    assert.deepEqual((await userHandler.diff(context, id, state, inputsFor({ allowPub: ["a"] }))).changes, {});
    // What means the same is no change.
    assert.deepEqual(
      (await userHandler.diff(context, id, state, inputsFor({ allowPub: ["a"], subs: -1, bearer: false, tag: [] })))
        .changes,
      {},
    );
    const news = inputsFor({ allowPub: ["a", "b"], subs: 5 });
    const { changes } = await userHandler.diff(context, id, state, news);
    assert.deepEqual(Object.keys(changes).sort(), ["allowPub", "subs"]);
    const next = await userHandler.update(context, id, state, news);
    assert.deepEqual([next.publicKey, next.seed, next.issuedAt > state.issuedAt], [state.publicKey, state.seed, true]);
    assert.deepEqual((await userHandler.read(context, id, next))!.inputs, news);
    const other = await account({});
    const moved = await userHandler.diff(context, id, next, inputsFor({ allowPub: ["c"] }, other));
    assert.equal(moved.changes["account"], "update-replace");
    const anew = "it is made anew, with another key: clients need the new creds, and the old ones";
    assert.deepEqual(moved.notes, [{ severity: "warning", message: `${anew} stay valid until they expire` }]);
    const revoked = { ...next, authority: { operatorKey: operator.signingKey, servers: [] } };
    const [note] = (await userHandler.diff(context, id, revoked, inputsFor({}, other))).notes!;
    assert.equal(note!.message, `${anew} end with the old user`);
  });

  it("keeps keys that a preview can't know while the keyring is the same", async () => {
    const state = await user();
    const hidden = { ...inputsFor(), account: unknownValue, signingKey: unknownValue };
    assert.deepEqual((await userHandler.diff(context, state.publicKey, state, hidden)).changes, {});
    const others = (await userHandler.diff(context, state.publicKey, state, { ...hidden, keyring: "other" })).changes;
    assert.deepEqual(Object.keys(others).sort(), ["account", "keyring", "signingKey"]);
    // Of an account that is made anew.
    const anew = (await userHandler.diff(context, state.publicKey, state, { ...hidden, keyring: unknownValue }))
      .changes;
    assert.deepEqual(anew, { signingKey: "update", account: "update-replace" });
    // Told of it, it keeps its JWT.
    const told = await userHandler.update(context, state.publicKey, state, inputsFor({ keyring: "other" }));
    assert.deepEqual(told, { ...state, keyring: "other" });
  });

  it("of a role may do what the role says, and has no words of its own", async () => {
    const signingKey = core.roles["service"]!;
    const { problems } = await userHandler.check(
      context,
      undefined,
      inputsFor({ role: "service", signingKey, allowPub: ["x"] }),
    );
    assert.match(problems[0]!.reason, /the role "service" says what its users may do/);
    await tryOut(
      await enter(await user({ name: "anna", role: "service", signingKey })),
      { publish: ["svc.a", "other"], subscribe: ["anna.x"] },
      ["publish other"],
    );
    await tryOut(
      await enter(await user({ name: "anna", role: "service", signingKey })),
      { publish: [], subscribe: ["berta.x"] },
      ["subscription berta.x"],
    );
  });

  it("is issued anew in the last third of its time, and gets in with it", async () => {
    const state = await user({ expiry: "90d" });
    const days = 86_400;
    const aged = (by: number): UserState => ({ ...state, issuedAt: state.issuedAt - by * days });
    const wanted = inputsFor({ expiry: "90d" });
    assert.deepEqual((await userHandler.diff(context, "", aged(59), wanted)).changes, {});
    const { changes, notes } = await userHandler.diff(context, "", aged(61), wanted);
    assert.deepEqual(changes, { expiry: "update" });
    assert.match(notes![0]!.message, /the JWT of .* ends .*: it is issued anew for 90d/);
    const next = await userHandler.update(context, "", aged(61), wanted);
    assert.ok(readClaims(next.jwt)!.exp! > state.issuedAt + 89 * days);
    await enter(next);
  });

  it("whose JWT ends while it is connected is told so, and what to do; whoever comes later, too", async () => {
    const { creds, publicKey } = await user({ expiry: "2s" });
    const { url } = bed.servers[0]!;
    const settings = { servers: [url], creds: creds!, timeout: "3s" };
    const model = mergeConnection([{ origin: "the test", settings, scope: 1 }]);
    const connection = await openConnection(model);
    await waitFor("the end of the JWT", { timeout: 20_000 }, async () =>
      readClaims(creds!.split("\n")[1]!)!.exp! * 1000 + 1000 < Date.now() ? { value: true } : { pending: "in time" },
    );
    const why = `the user JWT of "u" \\(${publicKey}\\) expired at 20\\S+Z`;
    const fix = "Fix: `pulumi up`, which issues a nats.User of the program anew, before a `pulumi destroy` too";
    await assert.rejects(
      new JetStream(connection).accountInfo(),
      new RegExp(`JetStream: the servers have ended the connection to \\S+: ${why}\\. ${fix}`),
    );
    await connection.close();
    await assert.rejects(openConnection(model), new RegExp(`can't connect to NATS at \\S+: ${why} \\(.*\\)\\. ${fix}`));
  });

  it("whose key another holds has a JWT and no creds", async () => {
    const own = seed("user");
    const state = await user({ key: publicKeyOf(own) });
    assert.deepEqual([state.seed, state.creds, readClaims(state.jwt)!.sub], [undefined, undefined, publicKeyOf(own)]);
  });

  it("has an account on a cluster that was silent in the preview and answers the up", async () => {
    const proxy = await TcpProxy.start(bed.servers[0]!.url);
    try {
      // Longer than a preview waits.
      proxy.delay = 2500;
      const servers = [{ ...bed.access, urls: [proxy.url] }];
      const inputs = { name: "late", operator: operator.publicKey, operatorKey: operator.signingKey, servers };
      const { problems } = await accountHandler.check(context, undefined, inputs);
      assert.match(problems.map(({ reason }) => reason).join(), /^not checked with cluster "one": .*in 2 s/s);
      proxy.delay = 0;
      const { state } = await accountHandler.create(context, inputs);
      assert.deepEqual(Object.keys(state.pushed), ["one"]);
    } finally {
      await proxy.stop();
    }
  });

  it("gets what its account imports from another", async () => {
    const source = await account({
      name: "source",
      sk: "generate",
      exports: [{ subject: "news.>" }, { subject: "price", service: true }],
    });
    const imports = [
      { srcAccount: source.publicKey, remoteSubject: "news.>", localSubject: "in.news.>" },
      { srcAccount: source.publicKey, remoteSubject: "price", service: true },
    ];
    const reader = await account({ name: "reader", sk: "generate", imports });
    const [from, to] = [await enter(await user({}, source)), await enter(await user({}, reader))];
    const received = to.subscribe("in.news.>", { max: 1 });
    from.subscribe("price", { callback: (_error, message) => void message.respond("5") });
    await Promise.all([from.flush(), to.flush()]);
    from.publish("news.today", "sun");
    for await (const message of received)
      assert.deepEqual([message.subject, message.string()], ["in.news.today", "sun"]);
    assert.equal((await to.request("price", "", patient)).string(), "5");
  });
});
