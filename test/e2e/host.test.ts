import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { closeConnections, connectionFor } from "../../provider/apply/connect";
import { Password } from "../../provider/resources/password";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import type { StreamArgs } from "../../provider/resources/stream";
import { twoUsers } from "../bed/accountsConfig";
import { NatsServer } from "../bed/natsServer";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { patient } from "../bed/patient";

interface StreamAnswer {
  readonly config: { readonly max_msgs: number };
  readonly error?: { readonly code: number };
}

describe("A stack", function () {
  this.timeout(180_000);
  let server: NatsServer;

  beforeEach(async () => {
    server = await NatsServer.start(twoUsers);
  });
  afterEach(async () => {
    await closeConnections();
    await server.stop();
  });

  const connect = (user = "ann", password = "anns-secret") =>
    new Provider("app", { servers: server.url, user, password: pulumi.secret(password) });
  const orders = (args: StreamArgs = {}, options: pulumi.CustomResourceOptions = {}) =>
    new Stream("ORDERS", { subjects: ["orders.>"], ...args }, options);
  const program =
    (args: StreamArgs = {}, options: pulumi.CustomResourceOptions = {}): pulumi.automation.PulumiFn =>
    async () => {
      orders(args, { provider: connect(), ...options });
    };
  /** Asks the server itself. */
  const ask = async (subject: string, payload?: object): Promise<StreamAnswer> => {
    const config = { servers: server.url, user: "ann", password: "anns-secret" };
    const connection = await connectionFor(new Map(Object.entries(config)));
    const text = payload === undefined ? "" : JSON.stringify(payload);
    return (await connection.request(`$JS.API.STREAM.${subject}`, text, patient)).json();
  };
  const maxMsgs = async (): Promise<number> => (await ask("INFO.ORDERS")).config.max_msgs;

  it("is made, stays as it is, changes, and goes", async () => {
    await withStack(program(), async (stack) => {
      assert.deepEqual((await stack.preview()).counts, { create: 1 });
      await stack.up();
      assert.equal(await maxMsgs(), -1);
      assert.deepEqual((await stack.up()).counts, { same: 1 });
      assert.deepEqual((await stack.refresh()).counts, { refresh: 1 });
      assert.deepEqual((await stack.preview()).counts, { same: 1 });

      stack.program = program({ maxMsgs: 7, description: "all of them" });
      const preview = await stack.preview({ diff: true });
      assert.deepEqual(preview.step("ORDERS").detailedDiff, { maxMsgs: "add", description: "add" });
      assert.match(preview.text, /\+ description: "all of them"\n\s+\+ maxMsgs\s*: 7\n(?!\s+(name|subjects))/);
      await stack.up();
      assert.equal(await maxMsgs(), 7);
      await stack.destroy();
      assert.equal((await ask("INFO.ORDERS")).error?.code, 404);
    });
  });

  it("does the same without the extension of the provider process", async () => {
    const env = { PULUMI_NATS_EXTENSION: "off" };
    await withStack(
      program(),
      async (stack) => {
        await stack.up();
        stack.program = program({ maxMsgs: 7 });
        const preview = await stack.preview();
        assert.deepEqual(preview.step("ORDERS").detailedDiff, {});
        assert.match(preview.text, /ORDERS update \[diff: \+maxMsgs\]/);
        await stack.up();
        assert.equal(await maxMsgs(), 7);
        assert.deepEqual((await stack.refresh()).counts, { refresh: 1 });
        assert.deepEqual((await stack.up()).counts, { same: 1 });
        stack.program = program({ subjects: ["a..b"] });
        const refused = await stack.attempt("preview");
        assert.match(refused.messages("ORDERS").join("\n"), /resource 'ORDERS' has a problem: subjects\[0\]: /);
      },
      { env },
    );
  });

  it("says what it thinks on the row of the resource, in the preview and never in a refresh", async () => {
    await withStack(program({ maxMsgs: 7 }), async (stack) => {
      await stack.up();
      await publish(5);
      stack.program = program({ maxMsgs: 2, onDataLoss: "allow" });
      const preview = await stack.preview();
      assert.match(preview.messages("ORDERS").join("\n"), /deletes 3 of 5 messages/);
      assert.deepEqual(preview.messages(undefined), []);
      const refresh = await stack.refresh();
      assert.deepEqual(refresh.rows, []);
    });
  });

  async function publish(count: number): Promise<void> {
    const config = { servers: server.url, user: "ann", password: "anns-secret" };
    const connection = await connectionFor(new Map(Object.entries(config)));
    for (let n = 0; n < count; n++) await connection.request("orders.new", `${n}`, patient);
    await ask("PURGE.ORDERS", { keep: count });
  }

  it("refuses what is wrong with one message for each problem and no stack", async () => {
    await withStack(program({ subjects: ["a..b"], maxAge: "5 parsecs" }), async (stack) => {
      const { error, rows } = await stack.attempt("preview");
      assert.notEqual(error, undefined);
      const messages = rows.filter((row) => row.severity === "error").map((row) => row.message);
      assert.deepEqual(
        messages
          .map(
            (text) => /^pulumi-nodejs:dynamic\/nats:Stream resource 'ORDERS' has a problem: (\S+): ./.exec(text)?.[1],
          )
          .sort(),
        ["maxAge", "subjects[0]"],
      );
      assert.doesNotMatch(rows.map((row) => row.message).join("\n"), /\n\s+at .*:\d+:\d+/);
    });
  });

  it("sees what changed outside, and puts it back", async () => {
    await withStack(program({ maxMsgs: 7 }), async (stack) => {
      await stack.up();
      const { config } = await ask("INFO.ORDERS");
      await ask("UPDATE.ORDERS", { ...config, max_msgs: 9 });
      const drift = await stack.refresh();
      assert.match(drift.text, /ORDERS updated .*\[diff: ~maxMsgs\]/);
      const preview = await stack.preview();
      assert.deepEqual(preview.step("ORDERS").detailedDiff, { maxMsgs: "update" });
      await stack.up();
      assert.equal(await maxMsgs(), 7);
      await ask("DELETE.ORDERS");
      assert.deepEqual((await stack.up({ refresh: true })).step("ORDERS").kind, "Stream");
      assert.equal(await maxMsgs(), 7);
    });
  });

  it("keeps its state under another name, and works on targets only", async () => {
    await withStack(program(), async (stack) => {
      await stack.up();
      stack.program = async () => {
        const provider = connect();
        new Stream("renamed", { name: "ORDERS", subjects: ["orders.>"] }, { provider, aliases: [{ name: "ORDERS" }] });
        new Stream("OTHER", { subjects: ["other.>"] }, { provider });
      };
      const target = ["urn:pulumi:test::bed::pulumi-nodejs:dynamic/nats:Stream::OTHER"];
      assert.equal((await stack.up({ target })).step("OTHER").op, "create");
      const { counts } = await stack.up();
      assert.deepEqual(counts, { same: 2 });
      assert.equal(await maxMsgs(), -1);
    });
  });

  describe("with a provider", () => {
    it("keeps what is secret encrypted, and nothing of it gets into any text", async () => {
      await withStack(program(), async (stack) => {
        const up = await stack.up();
        const wrong = async (): Promise<void> =>
          void orders({ maxMsgs: 3 }, { provider: connect("ann", "not-anns-secret") });
        stack.program = wrong;
        const failed = await stack.attempt("up");
        assert.match(failed.messages("ORDERS").join("\n"), /the server refuses user "ann" \(Authorization Violation\)/);
        for (const text of [up.text, failed.text, failed.error!, await storedState(stack)]) {
          assert.doesNotMatch(text, /anns-secret/);
        }
        assert.match(
          await storedState(stack),
          /"nats:password":\{"4dabf18193072939515e22adb298388d":"[^"]+","ciphertext"/,
        );
        stack.program = program();
        await stack.up();
      });
    });

    it("changes credentials without a difference in any resource, inside of components too", async () => {
      const inComponent =
        (user: string, password: string): pulumi.automation.PulumiFn =>
        async () => {
          const component = new pulumi.ComponentResource(
            "test:index:Box",
            "box",
            {},
            { providers: [connect(user, password)] },
          );
          orders({}, { parent: component });
        };
      await withStack(inComponent("ann", "anns-secret"), async (stack) => {
        await stack.up();
        stack.program = inComponent("bob", "bobs-secret");
        const preview = await stack.preview();
        assert.equal(preview.step("app").op, "update");
        assert.equal(preview.step("ORDERS").op, "same");
        await stack.up();
      });
    });

    it("is refused in the program for what can be told at once", async () => {
      const bad = async (): Promise<void> => {
        new Provider("bad", {
          servers: ["ws://x", "nats://a/b"],
          user: "x",
          password: pulumi.secret("pass-word"),
          token: "tok-tok",
        });
      };
      await withStack(bad, async (stack) => {
        const { error, rows, text } = await stack.attempt("preview");
        assert.notEqual(error, undefined);
        const message = rows.find((row) => row.severity === "error")!.message;
        assert.deepEqual(message.split("\n"), [
          'nats.Provider "bad":',
          '  servers[0]: "ws://x" is a WebSocket address; resources talk to the client port. Fix: nats://host:4222, or tls://host:4222 to insist on TLS',
          '  servers[1]: "nats://a/b" has more than a host and a port. Fix: nats://host:4222, or tls://host:4222 to insist on TLS',
          "  token: user, token: a connection has one identity. Fix: keep one of them",
        ]);
        assert.doesNotMatch(text, /tok-tok|pass-word/);
      });
    });

    it("whose password is not known yet leaves the preview whole", async () => {
      const unknown = async (): Promise<void> => {
        const password = new Password("later");
        const provider = new Provider("app", { servers: server.url, user: "ann", password: password.result });
        orders({}, { provider });
      };
      await withStack(unknown, async (stack) => {
        const preview = await stack.preview();
        assert.deepEqual(preview.counts, { create: 2 });
        assert.equal(preview.rows.filter((row) => row.severity === "error").length, 0);
      });
    });

    it("takes what it leaves open from the stack's configuration", async () => {
      const half = async (): Promise<void> => {
        orders({}, { provider: new Provider("app", { user: "ann", password: pulumi.secret("anns-secret") }) });
      };
      await withStack(
        half,
        async (stack) => {
          await stack.up();
          assert.equal(await maxMsgs(), -1);
        },
        { config: { "nats:servers": server.url } },
      );
    });
  });

  describe("without a provider", () => {
    const bare = async (): Promise<void> => void orders();

    it("uses the stack's configuration", async () => {
      const config = {
        "nats:servers": server.url,
        "nats:user": "ann",
        "nats:password": { value: "anns-secret", secret: true as const },
      };
      await withStack(bare, async (stack) => void (await stack.up()), { config });
      assert.equal((await ask("INFO.ORDERS")).error?.code, 404);
    });

    it("uses the environment", async () => {
      const env = { NATS_URL: server.url, NATS_USER: "ann", NATS_PASSWORD: "anns-secret" };
      await withStack(bare, async (stack) => assert.deepEqual((await stack.up()).counts, { create: 1 }), { env });
    });

    it("says where it looked when nothing is there", async () => {
      await withStack(bare, async (stack) => {
        // Nothing listens at port 1, whatever runs on this machine.
        stack.env = { NATS_URL: "nats://127.0.0.1:1" };
        const { error, messages } = await attemptUp(stack);
        assert.notEqual(error, undefined);
        assert.match(
          messages,
          /can't connect to NATS at 127\.0\.0\.1:1: nothing listens there \(connection refused\) \(servers from the environment \(NATS_…\), no credentials\)/,
        );
      });
    });
  });

  describe("that takes over what exists", () => {
    const imported = (id: string, args: StreamArgs = {}): pulumi.automation.PulumiFn =>
      program({ ...args }, { import: id });
    beforeEach(() => ask("CREATE.ORDERS", { name: "ORDERS", subjects: ["orders.>"], max_msgs: 5 }));

    it("does so where the program says the same, and leaves it when the option goes", async () => {
      await withStack(imported("ORDERS", { maxMsgs: 5 }), async (stack) => {
        const preview = await stack.preview();
        assert.match(preview.rows.map((row) => row.message).join("\n"), /imports Stream "ORDERS" as it is/);
        await stack.up();
        assert.deepEqual((await stack.up()).counts, { same: 1 });
        stack.program = program({ maxMsgs: 5 });
        assert.deepEqual((await stack.up()).counts, { same: 1 });
        assert.deepEqual((await stack.refresh()).counts, { refresh: 1 });
      });
      assert.equal((await ask("INFO.ORDERS")).error?.code, 404);
    });

    it("refuses in the preview where the program says something else", async () => {
      await withStack(imported("ORDERS", { maxMsgs: 6 }), async (stack) => {
        const { error, rows } = await stack.attempt("preview");
        assert.notEqual(error, undefined);
        const text = rows.map((row) => row.message).join("\n");
        assert.match(
          text,
          /maxMsgs: import of Stream "ORDERS": the live value is 5, the program says 6\. Fix: take over/,
        );
      });
      assert.equal(await maxMsgs(), 5);
    });

    it("refuses what does not exist", async () => {
      await withStack(imported("NONE"), async (stack) => {
        const { rows } = await stack.attempt("preview");
        assert.match(
          rows.map((row) => row.message).join("\n"),
          /import: Stream "NONE" does not exist on the server\. Fix: /,
        );
      });
    });
  });
});

async function storedState(stack: TestStack): Promise<string> {
  const { readdir, readFile } = await import("node:fs/promises");
  const folder = `${stack.bed.root}/state/.pulumi/stacks/bed`;
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json"));
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  return texts.join("").replace(/\s+/g, "");
}

async function attemptUp(stack: TestStack): Promise<{ error: string | undefined; messages: string }> {
  const run = await stack.attempt("up");
  return { error: run.error, messages: run.rows.map((row) => row.message).join("\n") };
}
