import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { register } from "./mocks";

/** Made without looking at the settings, as one of another program. */
class Provided extends pulumi.ProviderResource {}

const orders = (): unknown => new Stream("ORDERS", { subjects: ["orders.>"] });

describe("Misspelled settings of a stack", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  /** What stops the program, or "" and what it registers then. */
  async function run(config: Record<string, string>, program: () => unknown): Promise<[string, string[]]> {
    pulumi.runtime.setAllConfig(config);
    let said = "";
    const all = await register(() => {
      try {
        program();
      } catch (error) {
        said = (error as Error).message;
      }
    });
    return [said, all.map(({ name }) => name).filter((name) => name !== "project-stack")];
  }

  const server =
    'nats:server: there is no setting "nats:server" of pulumi-nats, so nothing reads it. ' +
    "Fix: pulumi config rm nats:server && pulumi config set nats:servers …";

  it("stop what would connect by them, all of them at once, and no value is shown", async () => {
    const config = {
      "nats:server": "nats://10.0.0.9",
      "nats:pasword": "s3cr3t-value",
      "nats:caFile": "x",
      "aws:region": "x",
    };
    for (const program of [orders, () => new Provider("app", { user: "app" })]) {
      const [said, registered] = await run(config, program);
      assert.deepEqual(registered, []);
      assert.deepEqual(said.split("\n  "), [
        "the stack's configuration:",
        server,
        'nats:pasword: there is no setting "nats:pasword" of pulumi-nats, so nothing reads it. ' +
          "Fix: pulumi config rm nats:pasword && pulumi config set --secret nats:password …",
        'nats:caFile: there is no setting "nats:caFile" of pulumi-nats, so nothing reads it. ' +
          "Fix: pulumi config rm nats:caFile && pulumi config set --path nats:tls.caFile …",
      ]);
    }
  });

  it("leave alone what is right, what is like none of ours, and what has a provider of its own", async () => {
    const right = { "nats:servers": "nats://10.0.0.9", "nats:quux": "x", "project:server": "x" };
    assert.deepEqual(await run(right, orders), ["", ["ORDERS"]]);
    const provided = (): unknown => {
      const provider = new Provided("pulumi-nodejs", "app", {});
      return new Stream("ORDERS", { subjects: ["orders.>"] }, { provider });
    };
    const [said, registered] = await run({ "nats:server": "nats://10.0.0.9" }, provided);
    assert.deepEqual([said, registered.sort()], ["", ["ORDERS", "app"]]);
  });
});
