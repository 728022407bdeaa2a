import assert from "node:assert/strict";
import path from "node:path";
import { connect } from "nats";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import { repository } from "../bed/pulumiBed";
import { withStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";
import { managerOf } from "../bed/managerOf";

const file = path.join(repository, "examples/hosts-cluster/index.ts");

/** The example as it stands, run anew by every operation. */
const example: PulumiFn = async () => {
  delete require.cache[file];
  return require(file) as Record<string, unknown>;
};

describe("examples/hosts-cluster", function () {
  this.timeout(600_000);
  let bed: HostsBed;
  before(async function () {
    bed = await hostsBed(this, { hosts: 3 });
  });
  after(() => bed?.down());

  it("does what its page says", async () => {
    const config = {
      hosts: JSON.stringify(bed.hosts.map(({ address }) => ({ address }))),
      user: "ops",
      privateKey: { value: bed.key, secret: true as const },
      knownHostsFile: bed.knownHostsFile,
      version: "2.14.9",
    };
    await withStack(
      example,
      async (stack) => {
        const { outputs } = await stack.up();
        const context = JSON.parse(outputs["context"] as string) as { url: string; user: string; password: string };
        const connection = await connect({
          servers: context.url.split(","),
          user: context.user,
          pass: context.password,
          tls: { ca: outputs["caCertificate"] as string },
        });
        await connection.jetstream().publish("orders.new", "order 1", untilHeard);
        const { config: found, state } = await (await managerOf(connection)).streams.info("ORDERS");
        assert.deepEqual([found.num_replicas, state.messages], [3, 1]);

        await stack.stack.setConfig("maxPayload", { value: "8MiB" });
        const reload = await stack.preview();
        assert.match(reload.messages("east-servers").join("\n"), /hot reload on east-1, east-2, east-3: max_payload/);
        await stack.stack.setConfig("version", { value: "2.15.2" });
        const upgrade = await stack.preview();
        assert.match(
          upgrade.messages("east-servers").join("\n"),
          /one server at a time .*nats-server 2\.14\.9 → 2\.15\.2/,
        );
        await stack.up();
        assert.equal((await (await managerOf(connection)).streams.info("ORDERS")).state.messages, 1);
        await connection.close();
      },
      { config },
    );
  });
});
