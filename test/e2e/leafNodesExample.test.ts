import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { LocalMachine } from "../../provider/apply/machine/localMachine";
import { stopServer } from "../../provider/apply/rollout/stopServer";
import { waitFor } from "../../provider/apply/wait";
import { freePortRange } from "../bed/freePorts";
import { repository } from "../bed/pulumiBed";
import { withStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";

const file = path.join(repository, "examples/leaf-nodes/index.ts");

/** The example as it stands, run anew by every operation. */
const example: PulumiFn = async () => {
  delete require.cache[file];
  return require(file) as Record<string, unknown>;
};

describe("examples/leaf-nodes", function () {
  this.timeout(400_000);
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-leaf-"));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("collects what its stores sell, also what they sold while the hub was away", async () => {
    const port = await freePortRange(60);
    const config = { stores: '["airport","market"]', port: String(port), dir };
    await withStack(
      example,
      async (stack) => {
        const { outputs } = await stack.up();
        const { url, user, password, ca } = JSON.parse(outputs["context"] as string) as Record<string, string>;
        const central = (): Promise<NatsConnection> =>
          connect({ servers: url!.split(","), user: user!, pass: password!, tls: { caFile: ca! } });
        const secrets = await stack.stack.exportStack();
        const till = async (store: string, at: number): Promise<NatsConnection> => {
          const found = passwordOf(secrets.deployment as Exported, store);
          return connect({ servers: `127.0.0.1:${at}`, user: "till", pass: found, tls: { caFile: ca! } });
        };
        const airport = await till("airport", port + 20);
        await airport.jetstream().publish("sales.airport", "tea", untilHeard);
        await sold(central, 1);

        const hub = new LocalMachine(path.join(dir, "hub"));
        for (const node of ["hub-1", "hub-2", "hub-3"]) await stopServer(hub, node);
        await airport.jetstream().publish("sales.airport", "cake", untilHeard);
        await airport.close();
        const market = await till("market", port + 32);
        await market.jetstream().publish("sales.market", "fish", untilHeard);
        await market.close();
        const away = await stack.preview();
        assert.match(away.text, /airport-1 has 0 of 1 connections to hubs at the moment/);
        await stack.up();
        await sold(central, 3);

        await stack.stack.setConfig("stores", { value: '["airport","market","harbour"]' });
        const adding = await stack.preview();
        assert.match(adding.messages("hub-servers").join("\n"), /^hot reload on hub-1, hub-2, hub-3: .*accounts/m);
        assert.equal(adding.step("airport-servers").op, "same");
        await stack.up();
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
      },
      { config },
    );
  });

  async function sold(central: () => Promise<NatsConnection>, count: number): Promise<void> {
    const connection = await central();
    const js = new JetStream(connection, { timeout: 60_000 });
    await waitFor(`${count} sales at the hub`, { timeout: 120_000 }, async () => {
      const { messages } = (await streamInfo(js, "SALES"))!.state;
      return messages === count ? { value: messages } : { pending: `${messages}` };
    });
    await connection.close();
  }
});

interface Exported {
  readonly resources?: readonly { readonly urn: string; readonly outputs?: { readonly result?: unknown } }[];
}

function passwordOf(deployment: Exported, name: string): string {
  const found = deployment.resources?.find(({ urn }) => urn.endsWith(`nats:Password::${name}`))?.outputs?.result;
  const text = typeof found === "object" ? (JSON.parse((found as { plaintext: string }).plaintext) as string) : found;
  assert.equal(typeof text, "string");
  return text as string;
}
