import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { connect, nkeyAuthenticator, RequestStrategy } from "nats";
import type { ConnectionOptions, Msg, NatsConnection } from "nats";
import { bcrypt } from "../../components/bcrypt";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { waitFor } from "../../provider/apply/wait";
import { findTool } from "../../provider/tools/findTool";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Nkey } from "../../provider/resources/nkey";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";
import { managerOf } from "../bed/managerOf";
import { patient } from "../bed/patient";

const passwords = {
  app: "app-password-one-1",
  hashed: "hashed-password-two-2",
  reader: "reader-password-three-3",
  shop: "shop-password-four-4",
  admin: "admin-password-five-5",
};

describe("A cluster with TLS, accounts and JetStream", function () {
  this.timeout(400_000);
  const bed = new ClusterBed();
  const open: NatsConnection[] = [];
  let outputs: Readonly<Record<string, unknown>> = {};
  after(async () => {
    await closeAll();
    await bed.dispose();
  });

  const program =
    (change: { args?: Partial<ClusterArgs>; appPassword?: string } = {}) =>
    async () => {
      const ca = new CertificateAuthority("ca");
      const worker = new Nkey("worker");
      const secret = (text: string): pulumi.Output<string> => pulumi.secret(text);
      const cluster = new Cluster("east", {
        target: await bed.target("east", 3),
        tls: { issuer: ca },
        jetstream: { maxFileStore: "256MiB", maxMemoryStore: "64MiB" },
        accounts: {
          APP: {
            jetstream: true,
            users: [
              { user: "app", password: secret(change.appPassword ?? passwords.app) },
              { user: "hashed", password: bcrypt(secret(passwords.hashed), { cost: 4 }) },
              { nkey: worker.publicKey },
              {
                user: "reader",
                password: secret(passwords.reader),
                permissions: { publish: { deny: [">"] }, subscribe: { allow: ["news.>"] } },
              },
            ],
            exports: [{ stream: "news.>" }, { service: "price", accounts: ["SHOP"] }],
          },
          SHOP: {
            users: [{ user: "shop", password: secret(passwords.shop) }],
            imports: [
              { stream: { account: "APP", subject: "news.>" }, prefix: "app" },
              { service: { account: "APP", subject: "price" }, to: "ask.price" },
            ],
          },
          $SYS: { users: [{ user: "admin", password: secret(passwords.admin) }] },
        },
        rollout: { timeout: "90s" },
        ...change.args,
      });
      const context = cluster.cliContext({ user: "app", password: secret(passwords.app) });
      return { ...outputsOf(cluster), context, workerSeed: worker.seed, systemSeed: cluster.systemSeed };
    };
  const login = async (options: ConnectionOptions, server = 0): Promise<NatsConnection> => {
    const urls = outputs["urls"] as string[];
    const tls = { ca: outputs["ca"] as string };
    const connection = await connect({ servers: urls[server]!, tls, reconnect: false, timeout: 20_000, ...options });
    open.push(connection);
    return connection;
  };
  const closeAll = async (): Promise<void> => void (await Promise.all(open.splice(0).map((one) => one.close())));

  it("lives through up, refresh, a new password, dead servers and a second life", async () => {
    await withStack(program(), async (stack) => {
      const first = await stack.preview();
      assert.equal(first.counts["create"], 7, first.text);
      assert.deepEqual(
        first.rows.filter(({ severity }) => severity !== "info"),
        [],
        first.text,
      );
      const up = await stack.up();
      outputs = up.outputs;
      const refresh = await stack.refresh();
      assert.match(refresh.text, /Resources:\s+8 unchanged/, refresh.text);
      const after = await stack.preview();
      assert.deepEqual(after.counts, { same: 7 }, after.text);

      await usersDoWhatTheyMay();
      await cliWorks();
      await nothingSecretIsPlain(stack);
      await newPassword(stack);
      await deadServers(stack);
    });
    assert.deepEqual(await bed.pids("east"), {});
    await secondLife();
  });

  async function usersDoWhatTheyMay(): Promise<void> {
    const app = await login({ user: "app", pass: passwords.app });
    const hashed = await login({ user: "hashed", pass: passwords.hashed }, 1);
    const seed = new TextEncoder().encode(outputs["workerSeed"] as string);
    const worker = await login({ authenticator: nkeyAuthenticator(seed) }, 2);
    const reader = await login({ user: "reader", pass: passwords.reader });
    const shop = await login({ user: "shop", pass: passwords.shop }, 1);
    const admin = await login({ user: "admin", pass: passwords.admin }, 2);
    await assert.rejects(login({ user: "app", pass: "wrong" }), /Authorization/i);
    await assert.rejects(login({}), /Authorization/i);
    const noTrust = connect({ servers: (outputs["urls"] as string[])[0]!, user: "app", pass: passwords.app });
    await assert.rejects(noTrust, /certificate|TLS|SECURE/i);

    const [newsReader, newsShop] = [reader.subscribe("news.>", { max: 1 }), shop.subscribe("app.news.>", { max: 1 })];
    worker.subscribe("price", { callback: (_error, message: Msg) => void message.respond("42") });
    await Promise.all([reader, shop, worker, hashed].map((one) => one.flush()));
    // The servers tell each other of subscriptions in their own time.
    const publishing = setInterval(() => app.publish("news.today", "sunny"), 50);
    assert.deepEqual(await Promise.all([newsReader, newsShop].map(firstText)), ["sunny", "sunny"]);
    clearInterval(publishing);
    await waitFor("the price", { timeout: 30_000 }, async () =>
      shop.request("ask.price", "", { timeout: 5000 }).then(
        (answer) => ({ value: assert.equal(answer.string(), "42") }),
        (error: Error) => ({ pending: error.message }),
      ),
    );
    await assert.rejects(shop.request("price", "", patient), /503|no responders/i);

    const denied = firstDenial(reader);
    reader.publish("news.mine", "no");
    assert.equal(await denied, "publish news.mine");
    const deniedToo = firstDenial(reader);
    reader.subscribe("orders.>", { callback: () => undefined });
    assert.equal(await deniedToo, "subscription orders.>");

    const all = { strategy: RequestStrategy.Count, maxWait: 20_000, maxMessages: 3 };
    const servers = await admin.requestMany("$SYS.REQ.SERVER.PING.VARZ", "", all);
    const names: string[] = [];
    for await (const answer of servers) names.push(answer.json<{ server: { name: string } }>().server.name);
    assert.deepEqual(names.sort(), ["east-1", "east-2", "east-3"]);
    await assert.rejects(app.request("$SYS.REQ.SERVER.PING.IDZ", "", patient), /503|no responders/i);

    const manager = await managerOf(app);
    await manager.streams.add({ name: "KEPT", subjects: ["kept.>"], num_replicas: 3 });
    await app.jetstream().publish("kept.1", "before", untilHeard);
    await assert.rejects(shop.jetstreamManager(), /503|no responders|not enabled/i);
    await closeAll();

    const [monitor] = outputs["monitorUrls"] as string[];
    await waitFor("health", { timeout: 30_000 }, async () => {
      const health = (await (await fetch(`${monitor}/healthz`)).json()) as { status: string };
      return health.status === "ok" ? { value: true } : { pending: JSON.stringify(health) };
    });
  }

  async function cliWorks(): Promise<void> {
    const home = path.join(bed.root, "cli");
    mkdirSync(path.join(home, "nats", "context"), { recursive: true });
    writeFileSync(path.join(home, "nats", "context", "app.json"), outputs["context"] as string, { mode: 0o600 });
    const nats = await findTool("nats", "0.4.0");
    const env = { ...process.env, XDG_CONFIG_HOME: home };
    const run = (...args: string[]) =>
      promisify(execFile)(nats, ["--context", "app", "--timeout", "30s", ...args], { env, timeout: 120_000 });
    assert.match((await run("stream", "ls", "--names")).stdout, /^KEPT$/m);
    await run("pub", "kept.2", "by the CLI");
    // What is published like that is stored a little later.
    const stored = await waitFor("the second message", { timeout: 30_000 }, async () =>
      run("stream", "get", "KEPT", "2").then(
        ({ stdout }) => ({ value: stdout }),
        (error: Error) => ({ pending: error.message }),
      ),
    );
    assert.match(stored, /by the CLI/);
  }

  async function nothingSecretIsPlain(stack: TestStack): Promise<void> {
    const secrets = [...Object.values(passwords), outputs["workerSeed"] as string, outputs["systemSeed"] as string];
    const diff = await stack.preview({ diff: true });
    const machine = bed.machine("east");
    const pids = Object.values(await bed.pids("east"));
    const commands = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    assert.equal(commands.length, 3);
    const texts: Record<string, string> = {
      state: stack.state(),
      diff: diff.text,
      commands: commands.join("\n"),
    };
    for (const node of await machine.nodes()) {
      const current = path.join(bed.dir("east"), node, "current");
      for (const file of readdirSync(current, { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        const name = path.join(file.parentPath, file.name);
        if (!/secrets\.conf$|\.key$/.test(name)) texts[name] = readFileSync(name, "utf8");
      }
      texts[`${node} log`] = await machine.logTail(node, 10_000);
    }
    assert.ok(Object.keys(texts).some((name) => name.endsWith("nats.conf")));
    for (const [name, text] of Object.entries(texts)) {
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} stands in ${name}`);
      assert.doesNotMatch(text, /BEGIN [A-Z ]*PRIVATE KEY|\bSU[A-Z2-7]{56}\b/, name);
    }
  }

  async function newPassword(stack: TestStack): Promise<void> {
    const before = await bed.pids("east");
    stack.program = program({ appPassword: "another-password-6", args: { config: { maxPayload: "2MiB" } } });
    const preview = await stack.preview({ diff: true });
    assert.deepEqual(Object.keys(preview.step("east-servers").detailedDiff).sort(), [
      "config",
      "secrets.ACCOUNTS_APP_USERS_APP_PASSWORD",
    ]);
    const [note] = preview.messages("east-servers");
    assert.match(note!, /^hot reload on east-1, east-2, east-3: /);
    assert.match(note!, /max_payload \(default 1MB, 1048576\) → 2097152/);
    assert.match(note!, /accounts\.APP\.users\[0\]\.password changes/);
    for (const secret of [passwords.app, "another-password-6"]) assert.ok(!preview.text.includes(secret));
    await stack.up();
    assert.deepEqual(await bed.pids("east"), before);
    await assert.rejects(login({ user: "app", pass: passwords.app }), /Authorization/i);
    const app = await login({ user: "app", pass: "another-password-6" }, 2);
    assert.equal(app.info!.max_payload, 2 * 1024 * 1024);
    await closeAll();
  }

  async function deadServers(stack: TestStack): Promise<void> {
    const before = await bed.pids("east");
    process.kill(before["east-2"]!, "SIGKILL");
    const refresh = await stack.refresh();
    assert.match(refresh.text, /Servers east-servers updated .*\[diff: ~nodes\]/);
    assert.deepEqual(refresh.messages("east-servers"), [
      "not as the last `pulumi up` left it: east-2: stopped",
      "the next `pulumi up`: east-2 is stopped: will be started",
    ]);
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /east-2 is stopped: will be started/);
    await stack.up();
    const repaired = await bed.pids("east");
    assert.deepEqual(Object.keys(repaired), ["east-1", "east-2", "east-3"]);
    assert.equal(repaired["east-1"], before["east-1"]);

    process.kill(repaired["east-3"]!, "SIGKILL");
    const plain = await stack.up();
    assert.equal(plain.step("east-servers").op, "update", plain.text);
    assert.equal(Object.keys(await bed.pids("east")).length, 3);
    assert.deepEqual((await stack.preview()).counts, { same: 7 });
  }

  async function secondLife(): Promise<void> {
    await withStack(program(), async (stack) => {
      outputs = (await stack.up()).outputs;
      const app = await login({ user: "app", pass: passwords.app });
      const manager = await managerOf(app);
      assert.equal((await manager.streams.info("KEPT")).state.messages, 2);
      assert.equal((await manager.streams.getMessage("KEPT", { seq: 1 })).string(), "before");
      await closeAll();
    });
  }
});

async function firstText(messages: AsyncIterable<Msg>): Promise<string> {
  for await (const message of messages) return message.string();
  return "nothing came";
}

/** What the server does not let this connection do next. */
async function firstDenial(connection: NatsConnection): Promise<string> {
  for await (const status of connection.status()) {
    const { permissionContext: denied } = status as { permissionContext?: { operation: string; subject: string } };
    if (denied) return `${denied.operation} ${denied.subject}`;
  }
  return "closed";
}
