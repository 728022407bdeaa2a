import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { closeConnections } from "../../provider/apply/connect";
import { seedOf } from "../../provider/model/jwt/nkeys";
import { accountHandler } from "../../provider/resources/accountHandler";
import type { AccountInputs, AccountState } from "../../provider/resources/accountState";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { userHandler } from "../../provider/resources/userHandler";
import type { UserState } from "../../provider/resources/userState";
import { newOperator, startOperatorServers } from "../bed/operatorServer";
import type { OperatorBed } from "../bed/operatorServer";
import { contextOf } from "./suite";

const operator = newOperator("acme");

describe("An account's limits by tier", () => {
  let bed: OperatorBed;
  before(async function () {
    this.timeout(180_000);
    bed = await startOperatorServers("east", operator, { count: 3 });
  });
  after(async () => {
    await closeConnections();
    await bed.stop();
  });

  const context = () => contextOf(new Map(), "urn:pulumi:test::suite::nats:Account::it").context;
  const wanted = (jsTier: AccountInputs["jsTier"]): AccountInputs => ({
    name: "core",
    key: seedOf("account", randomBytes(32)),
    operator: operator.publicKey,
    operatorKey: operator.signingKey,
    servers: [bed.access],
    sk: "generate",
    ...(jsTier ? { jsTier } : {}),
  });

  it("are counted by the previews of streams and consumers as the servers do", async function () {
    this.timeout(180_000);
    const jsTier = {
      R1: { jsDiskStorage: "2MiB", jsConsumer: 1, jsMaxDiskStream: "512KiB", jsMaxBytesRequired: true },
      R3: { jsDiskStorage: "10MiB", jsConsumer: 2 },
    } as const;
    const { id, state } = await accountHandler.create(context(), wanted(jsTier));
    const { creds } = await newUser(state);
    const user = contextOf(
      new Map([
        ["servers", bed.servers[0]!.url],
        ["creds", creds!],
      ]),
      undefined,
    ).context;
    const said = async (name: string, more: object): Promise<string[]> => {
      const { problems } = await streamHandler.check(user, undefined, { name, subjects: [name], ...more });
      return problems.map(({ path, reason, severity = "error" }) => `${severity} ${path}: ${reason}`);
    };
    const made = (name: string, more: object) => streamHandler.create(user, { name, subjects: [name], ...more });
    assert.deepEqual(await said("A", {}), ["error maxBytes: the account requires it (10113)"]);
    await assert.rejects(made("A", {}), /\(10113\)/);
    assert.deepEqual(await said("A", { maxBytes: "1MiB" }), [
      "error maxBytes: 1048576 bytes are more than the account allows for one stream (524288) (10122)",
    ]);
    await assert.rejects(made("A", { maxBytes: "1MiB" }), /\(10122\)/);
    // What it reserves is counted once, not by replica.
    const [fits, more] = [
      { replicas: 3, maxBytes: "10MiB" },
      { replicas: 3, maxBytes: "11MiB" },
    ];
    assert.deepEqual(await said("B", more), [
      "warning maxBytes: with it, 11534336 bytes of storage would be reserved; the account has 10485760 (10047)",
    ]);
    await assert.rejects(made("B", more), /\(10047\)/);
    assert.deepEqual(await said("B", fits), []);
    await made("B", fits);
    assert.deepEqual(await said("C", { maxBytes: "512KiB" }), []);

    const consumer = (name: string, settings = {}) => ({ stream: "B", name, ...settings });
    const room = async (inputs: ReturnType<typeof consumer>): Promise<string[]> =>
      (await consumerHandler.check(user, undefined, inputs)).problems.map(({ reason }) => reason);
    assert.deepEqual(await room(consumer("one")), []);
    await consumerHandler.create(user, consumer("one"));
    // Those of a tier are counted apart, by their own replicas.
    const lone = (name: string) => consumer(name, { replicas: 1 });
    assert.deepEqual(await room(lone("lone")), []);
    await consumerHandler.create(user, lone("lone"));
    assert.deepEqual(await room(lone("more")), [
      'stream "B" has 1 consumers and may have 1 as the account allows each stream of 1 replicas (10026)',
    ]);
    await assert.rejects(consumerHandler.create(user, lone("more")), /\(10026\)/);
    assert.deepEqual(await room(consumer("two")), []);
    await consumerHandler.create(user, consumer("two"));
    assert.match((await room(consumer("three")))[0]!, /has 2 consumers and may have 2/);
    await assert.rejects(consumerHandler.create(user, consumer("three")), /\(10026\)/);
    await accountHandler.delete(context(), id, { ...state, onDataLoss: "allow" });
  });

  async function newUser(state: AccountState): Promise<UserState> {
    const authority = { operatorKey: operator.signingKey, servers: state.servers };
    const inputs = { name: "u", account: state.publicKey, signingKey: state.signingKey!, authority };
    return (await userHandler.create(context(), inputs)).state;
  }
});
