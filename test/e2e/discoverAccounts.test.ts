import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { publicKeyOf, seedOf } from "../../provider/model/jwt/nkeys";
import { issueAccount } from "../../provider/resources/accountState";
import { issueUser } from "../../provider/resources/userState";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { newOperator } from "../bed/operatorServer";
import { patient } from "../bed/patient";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe("pulumi-nats discover --account", function () {
  this.timeout(600_000);
  const open: NatsConnection[] = [];
  let config: string;
  let server: NatsServer;
  let project: PulumiProject;
  let keys: Record<string, string>;

  before(async () => {
    const operator = newOperator("acme");
    const now = Math.floor(Date.now() / 1000);
    const made = ["ORDERS", "BILLING"].map((name) => {
      const seed = seedOf("account", randomBytes(32));
      const own = { publicKey: publicKeyOf(seed), seed, generated: {}, signingKeys: [] };
      const limits = { jsDiskStorage: -1, jsStreams: -1, jsConsumer: -1 } as const;
      const jwt = issueAccount(
        { name, ...limits, operator: operator.publicKey, operatorKey: operator.signingKey, servers: [] },
        own,
        {},
        now,
      );
      const user = (name: string, rights: object = {}): string => {
        const key = seedOf("user", randomBytes(32));
        const inputs = { name, account: own.publicKey, signingKey: seed, ...rights };
        return issueUser(inputs, { publicKey: publicKeyOf(key), seed: key }, now).creds!;
      };
      return { name, publicKey: own.publicKey, jwt, user };
    });
    keys = Object.fromEntries(made.map(({ name, publicKey }) => [name, publicKey]));
    config = `
listen: "127.0.0.1:-1"
operator: "${operator.jwt}"
system_account: ${operator.systemAccount}
resolver: MEMORY
resolver_preload {
  ${operator.systemAccount}: "${operator.systemAccountJwt}"
  ${made.map(({ publicKey, jwt }) => `${publicKey}: "${jwt}"`).join("\n")}
}
jetstream { store_dir: "{dir}/js" }`;
    server = await NatsServer.start(config);
    project = await PulumiProject.make({ files: {} });
    const contexts = path.join(project.dir, "home", "nats", "context");
    mkdirSync(contexts, { recursive: true });
    for (const { name, user } of made) {
      const text = user(name.toLowerCase());
      write(`${name.toLowerCase()}.creds`, text);
      await fill(name, text);
    }
    const narrow = made[0]!.user("narrow", { allowPub: ["$JS.API.>"], allowSub: ["_INBOX.>"] });
    write("narrow.creds", narrow);
    // As `nats context add` writes it.
    const context = { description: "", url: server.url, creds: path.join(project.dir, "billing.creds") };
    write("home/nats/context/billing.json", JSON.stringify(context));
  });
  after(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    project?.remove();
    await server?.stop();
  });

  const write = (file: string, text: string): void => writeFileSync(path.join(project.dir, file), text);

  /** Streams that both accounts have by the same name, and one each that the other has not. */
  async function fill(account: string, creds: string): Promise<void> {
    const authenticator = credsAuthenticator(new TextEncoder().encode(creds));
    const connection = await connect({ servers: server.url, authenticator });
    open.push(connection);
    const js = new JetStream(connection);
    await createStream(js, { name: "EVENTS", subjects: ["events.>"], max_age: account === "ORDERS" ? 3.6e12 : 7.2e12 });
    await createStream(js, { name: `${account}-LOG`, subjects: ["log.>"] });
    const durable = { stream_name: "EVENTS", config: { durable_name: "audit", ack_policy: "explicit" } };
    await connection.request("$JS.API.CONSUMER.DURABLE.CREATE.EVENTS.audit", JSON.stringify(durable), patient);
    await connection.request("events.a", account, patient);
  }

  /** As it is typed, in the project's folder, with the context folder of nobody's home. */
  function discover(...args: string[]): Promise<Said> {
    const env = { PATH: process.env["PATH"], HOME: project.dir, XDG_CONFIG_HOME: path.join(project.dir, "home") };
    const main = path.join(repository, "dist/provider/cli/main.js");
    return new Promise((resolve) => {
      execFile(process.execPath, [main, "discover", ...args], { cwd: project.dir, env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  it("takes one account by its context, and stops at another than the one that was meant", async () => {
    const { code, out, err } = await discover("--context", "billing", "--account", "BILLING", "--out", "one");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^2 streams and 1 consumer written to \S+\/one\. To take them into a stack:$/m);
    assert.match(out, /^ {2}pulumi config set nats:context billing$/m);
    const text = readFileSync(path.join(project.dir, "one", "index.ts"), "utf8");
    assert.match(text, /new nats\.Stream\("BILLING-LOG", /);
    assert.doesNotMatch(text, /ORDERS|provider/);

    const byKey = await discover("--context", "billing", "--account", keys["BILLING"]!, "--out", "one", "--force");
    assert.deepEqual([byKey.code, byKey.err], [0, ""]);
    const other = await discover("--context", "billing", "--account", "ORDERS", "--out", "other");
    const at = new URL(server.url).host;
    assert.equal(
      other.err,
      `pulumi-nats: --account ORDERS: the connection to ${at} is of account "BILLING" (${keys["BILLING"]}). Fix: ` +
        `--account BILLING, or --account ORDERS=<creds file or context> of a user of ORDERS\n`,
    );
    assert.deepEqual([other.code, existsSync(path.join(project.dir, "other"))], [1, false]);
  });

  it("says of a user that can't ask whose it is, and refuses where nothing else was asked", async () => {
    const args = ["--server", server.url, "--out", "narrow"];
    const refused = await discover(...args, "--creds", "narrow.creds", "--account", "ORDERS");
    assert.match(
      refused.err,
      /^pulumi-nats: --account ORDERS: whose the connection to \S+ is can't be told: no answer to \$SYS\.REQ\.USER\.INFO \(.+\)\. Fix: let the user publish to \$SYS\.REQ\.USER\.INFO, or leave out --account ORDERS\n$/,
    );
    const taken = await discover(...args, "--account", "ORDERS=narrow.creds");
    assert.match(taken.out, /^account "ORDERS" was taken at its word, as its user can't ask whose it is: no answer/);
    assert.match(taken.out, new RegExp(`^  pulumi config set nats:credsFile ${project.dir}/narrow\\.creds$`, "m"));
  });

  it("holds an old server's account against its key, since it knows no name", async () => {
    const old = await NatsServer.start(config, serverVersions.at(-1));
    try {
      const args = ["--server", old.url, "--out", "old"];
      const own = await discover(...args, "--account", "ORDERS=orders.creds");
      assert.match(
        own.out,
        new RegExp(
          `^account "ORDERS" was taken at its word: nats-server 2\\.11\\.17 knows it as ${keys["ORDERS"]} only\n`,
        ),
      );
      const bare = await discover(...args, "--creds", "orders.creds", "--account", "ORDERS", "--force");
      assert.match(bare.err, new RegExp(` is of account "${keys["ORDERS"]}"\\. Fix: --account ${keys["ORDERS"]}, or `));
      const other = await discover(...args, "--account", `${keys["BILLING"]}=orders.creds`, "--force");
      assert.match(other.err, new RegExp(`Fix: creds or a context of a user of ${keys["BILLING"]}, or --account A`));
    } finally {
      await old.stop();
    }
  });

  it("takes several accounts into one program, and the preview after it shows no change", async () => {
    const accounts = ["--account", "ORDERS=~/orders.creds", "--account", "BILLING=billing"];
    const { code, out, err } = await discover("--server", server.url, ...accounts, "--out", ".");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /^2 streams and 1 consumer of account "ORDERS"; 2 streams and 1 consumer of account "BILLING" written to /m,
    );
    assert.deepEqual(
      out.split("\n").filter((line) => line.startsWith("  pulumi")),
      [
        `  pulumi config set nats:servers ${server.url}`,
        "  pulumi up    # takes in what is there, and changes nothing of it",
        "  pulumi preview",
      ],
    );
    assert.ok(!existsSync(path.join(project.dir, "import.json")));
    const text = readFileSync(path.join(project.dir, "index.ts"), "utf8");
    assert.deepEqual(text.slice(text.indexOf("import * as")).split("\n"), [
      'import * as nats from "pulumi-nats";',
      "",
      "// Account ORDERS.",
      'const ordersProvider = new nats.Provider("ORDERS", {',
      '  credsFile: "~/orders.creds",',
      "});",
      'const ordersEvents = new nats.Stream("ORDERS-EVENTS", {',
      '  name: "EVENTS",',
      '  subjects: ["events.>"],',
      '  maxAge: "1h",',
      '}, { provider: ordersProvider, import: "EVENTS" });',
      'new nats.Consumer("ORDERS-EVENTS-audit", {',
      "  stream: ordersEvents.name,",
      '  name: "audit",',
      '}, { provider: ordersProvider, import: "EVENTS/audit" });',
      'new nats.Stream("ORDERS-LOG", {',
      '  subjects: ["log.>"],',
      '}, { provider: ordersProvider, import: "ORDERS-LOG" });',
      "",
      "// Account BILLING.",
      'const billingProvider = new nats.Provider("BILLING", {',
      '  context: "billing",',
      "});",
      'new nats.Stream("BILLING-LOG", {',
      '  subjects: ["log.>"],',
      '}, { provider: billingProvider, import: "BILLING-LOG" });',
      'const billingEvents = new nats.Stream("BILLING-EVENTS", {',
      '  name: "EVENTS",',
      '  subjects: ["events.>"],',
      '  maxAge: "2h",',
      '}, { provider: billingProvider, import: "EVENTS" });',
      'new nats.Consumer("BILLING-EVENTS-audit", {',
      "  stream: billingEvents.name,",
      '  name: "audit",',
      '}, { provider: billingProvider, import: "EVENTS/audit" });',
      "",
    ]);
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    await project.must(["config", "set", "nats:servers", server.url]);
    const env = { HOME: project.dir, XDG_CONFIG_HOME: path.join(project.dir, "home") };
    await project.must(["up", "--yes", "--skip-preview"], env);
    const summary = async (...args: string[]): Promise<Record<string, number>> => {
      const preview = await project.must(["preview", "--json", ...args], env);
      return (JSON.parse(preview) as { changeSummary: Record<string, number> }).changeSummary;
    };
    // The stack, two providers, and six of what they hold.
    assert.deepEqual(await summary("--refresh"), { same: 9 });
    for (const [index, account] of ["ORDERS", "BILLING"].entries()) {
      const answer = await open[index]!.request("$JS.API.STREAM.INFO.EVENTS", "", patient);
      assert.equal(answer.json<{ state: { messages: number } }>().state.messages, 1, account);
    }
    // Done with: without them it is the same program.
    project.write("index.ts", text.replace(/, import: "[^"]+"/g, ""));
    assert.deepEqual(await summary(), { same: 9 });
  });
});
