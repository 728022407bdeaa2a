import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AckPolicy, StorageType } from "nats";
import type { Msg, NatsConnection, NatsError } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { waitFor } from "../../provider/apply/wait";
import type { AccountSettings } from "../../provider/model/jwt/accountSettings";
import { readClaims } from "../../provider/model/jwt/claims";
import type { UserSettings } from "../../provider/model/jwt/userSettings";
import type { AccountState } from "../../provider/resources/accountState";
import { userHandler } from "../../provider/resources/userHandler";
import type { UserInputs, UserState } from "../../provider/resources/userState";
import { freePorts } from "../bed/freePorts";
import { managerOf } from "../bed/managerOf";
import { NatsServer } from "../bed/natsServer";
import { newOperator, startOperatorServers } from "../bed/operatorServer";
import type { OperatorBed } from "../bed/operatorServer";
import { OperatorUsers } from "../bed/operatorUsers";
import { tryOut } from "../bed/tryOut";
import { contextOf } from "./suite";

const { context } = contextOf(new Map(), "urn:pulumi:test::suite::nats:it::it");

describe("What a user's settings make a server do", () => {
  let bed: OperatorBed;
  let users: OperatorUsers;
  let core: AccountState;
  let leafPort = 0;
  before(async () => {
    [leafPort = 0] = await freePorts(1);
    const config = `leafnodes { listen: "127.0.0.1:${leafPort}" }\njetstream { store_dir: "{dir}/js", max_file: 1GB, max_mem: 64MB }`;
    bed = await startOperatorServers("limits", newOperator("acme"), { config });
    users = new OperatorUsers(context, bed);
    core = await users.account({ sk: "generate" });
  });
  after(async () => {
    await users?.close();
    await closeConnections();
    await bed?.stop();
  });

  const inputsFor = (settings: Partial<UserSettings>, of: AccountState): UserInputs => ({
    name: "u",
    account: of.publicKey,
    signingKey: of.signingKey!,
    keyring: "k",
    ...settings,
  });
  const user = (settings: Partial<UserSettings> = {}, of = core): Promise<UserState> =>
    users.user(inputsFor(settings, of));
  const enter = async (settings: Partial<UserSettings> = {}, of = core): Promise<NatsConnection> =>
    users.enter(await user(settings, of));
  const refused = async (settings: Partial<UserSettings>, of = core, why = /Authorization Violation/): Promise<void> =>
    assert.rejects(enter(settings, of), why);
  const logged = (server: NatsServer, words: RegExp) =>
    waitFor(String(words), { timeout: 20_000 }, async () =>
      words.test(server.log) ? { value: true as const } : { pending: server.log.slice(-500) },
    );
  /** What comes back to subscriptions of what the same connection publishes. */
  const heard = async (
    connection: NatsConnection,
    subjects: readonly string[],
    published = subjects,
  ): Promise<string[]> => {
    const seen: string[] = [];
    for (const subject of subjects)
      connection.subscribe(subject, { callback: (_error, message) => void seen.push(message.subject) });
    for (const subject of published) connection.publish(subject);
    await connection.flush();
    return seen;
  };
  /** What a server says as it closes a connection. */
  const ended = async (connection: NatsConnection): Promise<string> =>
    ((await connection.closed()) as NatsError | undefined)?.message ?? "";

  it("deny wins over allow, for what is published, subscribed to and received", async () => {
    await tryOut(
      await enter({ allowPub: ["a.>"], denyPub: ["a.secret"], denySub: ["b.>"] }),
      { publish: ["a.x", "a.secret", "c"], subscribe: ["b.x", "a.secret", "c"] },
      ["publish a.secret", "publish c", "subscription b.x"],
    );
    await tryOut(await enter({ denyPubsub: ["b.>"] }), { publish: ["b.x", "a"], subscribe: ["b.x", "a"] }, [
      "publish b.x",
      "subscription b.x",
    ]);
    const [reader, writer] = [await enter({ denySub: ["b.>"] }), await enter()];
    const seen: string[] = [];
    reader.subscribe(">", { callback: (_error, { subject }) => void seen.push(subject) });
    await reader.flush();
    for (const subject of ["b.x", "c"]) writer.publish(subject);
    await waitFor("the last one", { timeout: 20_000 }, async () =>
      seen.includes("c") ? { value: true } : { pending: seen.join() },
    );
    assert.deepEqual(seen, ["c"]);
  });

  it("a queue group may be all that a subscription is allowed in", async () => {
    const connection = await enter({ allowSub: ["work workers"] });
    connection.subscribe("work", { queue: "workers", callback: () => undefined });
    await tryOut(connection, { publish: [], subscribe: ["work"] }, ["subscription work"]);
  });

  it("answers are as many as allowPubResponse says, and no later than responseTtl", async () => {
    const asker = await enter();
    const answers: string[] = [];
    asker.subscribe("r.*", {
      callback: (_error, message) => void answers.push(`${message.subject} ${message.string()}`),
    });
    await asker.flush();
    const asked = async (service: NatsConnection, reply: string): Promise<Msg> => {
      const [message] = await Promise.all([
        new Promise<Msg>((resolve) => service.subscribe("svc", { max: 1, callback: (_error, msg) => resolve(msg) })),
        service.flush().then(() => asker.publish("svc", "", { reply })),
      ]);
      return message;
    };
    const once = await enter({ allowSub: ["svc"], allowPubResponse: 1 });
    const request = await asked(once, "r.once");
    for (const text of ["first", "second"]) request.respond(text);
    await tryOut(once, { publish: ["other"], subscribe: [] }, ["publish other", "publish r.once"]);

    const quick = await enter({ allowSub: ["svc"], responseTtl: "100ms" });
    const late = await asked(quick, "r.late");
    await sleep(150);
    late.respond("late");
    await tryOut(quick, { publish: [], subscribe: [] }, ["publish r.late"]);
    await asker.flush();
    assert.deepEqual(answers, ["r.once first"]);
  });

  it("subs and payload hold for one connection", async () => {
    assert.deepEqual(await heard(await enter({ subs: 1 }), ["a", "b"]), ["a"]);
    assert.deepEqual(await heard(await enter({ subs: 2 }), ["a", "b"]), ["a", "b"]);
    const small = await enter({ payload: "10B" });
    small.publish("a", "0123456789");
    await small.flush();
    assert.throws(() => small.publish("a", "0123456789a"), /MAX_PAYLOAD_EXCEEDED/);
    // A client that does not look at what the server has told it.
    Object.assign(small.info!, { max_payload: 100 });
    small.publish("a", "0123456789a");
    assert.match(await ended(small), /maximum payload violation/i);
  });

  it("data is a limit that no server holds, and a preview says so", async () => {
    const inputs = inputsFor({ data: "10B" }, core);
    const { problems } = await userHandler.check(context, undefined, inputs);
    assert.deepEqual(
      problems.map(({ path, severity, reason }) => `${severity} ${path}: ${reason}`),
      ["warning data: the claims say so, and nats-server up to 2.15 holds nobody to it"],
    );
    const { state } = await userHandler.create(context, inputs);
    const connection = await users.enter(state);
    for (let count = 0; count < 3; count++) connection.publish("a", "0123456789a");
    await connection.flush();
    assert.equal(connection.isClosed(), false);
  });

  it("networks, hours and kinds of connections are those that may log in", async () => {
    await refused({ sourceNetwork: ["10.0.0.0/8"] });
    await enter({ sourceNetwork: ["10.0.0.0/8", "127.0.0.0/8"] });
    await refused({ connType: ["WEBSOCKET", "LEAFNODE"] });
    await enter({ connType: ["WEBSOCKET", "STANDARD"] });
    // The hours of a place, and the same hours where it is 12 hours later; without one, those of the server.
    const east = hours("Asia/Tokyo", -2, 2);
    await enter({ time: [east], locale: "Asia/Tokyo" });
    await refused({ time: [east], locale: "Etc/GMT+3" });
    await enter({ time: [hours(undefined, -2, 2)] });
    await refused({ time: [hours(undefined, 2, 4), hours(undefined, -4, -2)] });
    // One of these two goes over midnight, whatever time it is.
    await enter({ time: [hours("UTC", -13, 10)], locale: "UTC" });
    await enter({ time: [hours("UTC", -1, 22)], locale: "UTC" });
  });

  it("a bearer needs no seed, unless its account takes no bearers", async () => {
    const [bearer, other] = [await user({ bearer: true }), await user()];
    await assert.rejects(users.enterBare(other), /Authorization Violation/);
    await users.enterBare(bearer);
    const open = await users.account({ sk: "generate" });
    const theirs = await user({ bearer: true }, open);
    const connection = await users.enterBare(theirs);
    await users.changed(open, { disallowBearer: true });
    assert.match(await ended(connection), /Authorization Violation/);
    await assert.rejects(users.enterBare(theirs), /Authorization Violation/);
    await assert.rejects(users.enter(theirs), /Authorization Violation/);
    await enter({}, open);
  });

  it("at the expiry of a user, or of its account, the connection ends and nobody gets in", async () => {
    const gone = await users.account({ sk: "generate", expiry: "3s" });
    const [brief, orphan] = [await user({ expiry: "3s" }), await user({}, gone)];
    const [own, others] = [await users.enter(brief), await users.enter(orphan)];
    assert.deepEqual(await Promise.all([own, others].map(ended)), [
      "'User Authentication Expired'",
      "'Account Authentication Expired'",
    ]);
    // In the second of its end a JWT is still taken.
    await sleep((readClaims(brief.jwt)!.exp! + 1) * 1000 - Date.now());
    for (const state of [brief, orphan]) await assert.rejects(users.enter(state), /Authorization Violation|Expired/);
    await refused({ start: "1h" });
  });

  it("an account's limits hold for all of its users", async () => {
    const one = await users.account({ sk: "generate", conns: 1, subscriptions: 1, mappings: { from: [{ to: "to" }] } });
    const first = await enter({}, one);
    // The server may have closed the connection before its reason is read.
    await refused({}, one, /./);
    await logged(bed.servers[0]!, /maximum account active connections exceeded/);
    assert.deepEqual(await heard(first, ["to", "more"], ["more", "from"]), ["to"]);
    await first.close();
    await enter({}, one);

    const shared = await users.account({ sk: "generate", defaultPermissions: { allowPub: ["a"], denySub: ["b"] } });
    const tried = { publish: ["a", "b"], subscribe: ["a", "b"] };
    await tryOut(await enter({}, shared), tried, ["publish b", "subscription b"]);
    await tryOut(await enter({ allowPub: ["b"] }, shared), tried, ["publish a"]);
  });

  it("JetStream gives an account what its limits say", async () => {
    const limited = await users.account({
      sk: "generate",
      jsDiskStorage: "1MiB",
      jsStreams: 2,
      jsConsumer: 1,
      jsMaxAckPending: 10,
      jsMaxDiskStream: "600KiB",
      jsMaxBytesRequired: true,
    });
    const { streams, consumers } = await managerOf(await enter({}, limited));
    const add = (name: string, more: object): Promise<unknown> => streams.add({ name, subjects: [name], ...more });
    await assert.rejects(add("A", {}), /account requires a stream config to have max bytes set/);
    await assert.rejects(add("A", { max_bytes: 700 << 10 }), /stream max bytes exceeds account limit max stream bytes/);
    await assert.rejects(add("A", { max_bytes: 1000, storage: StorageType.Memory }), /insufficient memory resources/);
    await add("A", { max_bytes: 600 << 10 });
    await assert.rejects(add("B", { max_bytes: 600 << 10 }), /insufficient storage resources available/);
    await add("B", { max_bytes: 1000 });
    await assert.rejects(add("C", { max_bytes: 1000 }), /maximum number of streams reached/);
    const read = (durable_name: string, max_ack_pending: number): Promise<unknown> =>
      consumers.add("A", { durable_name, ack_policy: AckPolicy.Explicit, max_ack_pending });
    await assert.rejects(read("one", 11), /consumer max ack pending exceeds system limit of 10/);
    await read("one", 10);
    await assert.rejects(read("two", 10), /maximum consumers limit reached/);

    const tiered = async (jsTier: AccountSettings["jsTier"]): Promise<(name: string) => Promise<unknown>> => {
      const manager = await managerOf(await enter({}, await users.account({ sk: "generate", jsTier: jsTier! })));
      return (name) => manager.streams.add({ name, subjects: [name] });
    };
    const single = await tiered({ R1: { jsDiskStorage: "1MiB", jsStreams: 1 }, R3: { jsDiskStorage: "1MiB" } });
    await single("A");
    await assert.rejects(single("B"), /maximum number of streams reached/);
    const triple = await tiered({ R3: { jsDiskStorage: "1MiB" } });
    await assert.rejects(triple("A"), /no jetstream default or applicable tiered limit present/);
  });

  it("leaf nodes come in by a user that may, as many as the account takes", async () => {
    const home = await users.account({ sk: "generate", leafConns: 1 });
    const leaves: NatsServer[] = [];
    const join = async (settings: Partial<UserSettings>): Promise<NatsServer> => {
      const creds = path.join(bed.servers[0]!.dir, `${leaves.length}.creds`);
      writeFileSync(creds, (await user(settings, home)).creds!);
      const leaf = await NatsServer.start(`
listen: "127.0.0.1:-1"
leafnodes { reconnect: 1, remotes [ { url: "nats://127.0.0.1:${leafPort}", credentials: "${creds}" } ] }`);
      leaves.push(leaf);
      return leaf;
    };
    try {
      const [barred, first] = [await join({ connType: ["STANDARD"] }), await join({ connType: ["LEAFNODE"] })];
      await logged(barred, /Authorization Violation/);
      await logged(first, /Leafnode connection created for account/);
      await logged(await join({}), /maximum account active connections exceeded/);
    } finally {
      await Promise.all(leaves.map((leaf) => leaf.stop()));
    }
  });
});

/** A span around the present hour of a time zone. */
function hours(zone: string | undefined, from: number, to: number): string {
  const at = (shift: number): string =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "medium" }).format(Date.now() + shift * 3_600_000);
  return `${at(from)}-${at(to)}`;
}
