import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { NatsServer } from "../bed/natsServer";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";
import { patient } from "../bed/patient";

describe("examples/adopt-existing", function () {
  this.timeout(240_000);
  let server: NatsServer;
  let client: NatsConnection;
  let project: PulumiProject | undefined;

  before(async () => {
    server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js", max_mem: 64MB, max_file: 4GB }`);
    client = await connect({ servers: server.url });
    await request("STREAM.CREATE.ORDERS", {
      name: "ORDERS",
      subjects: ["orders.>"],
      retention: "workqueue",
      max_bytes: 1024 ** 3,
      metadata: { "pulumi-nats.owner": "urn:pulumi:prod::jobs::pulumi-nodejs:dynamic/nats:Stream::ORDERS" },
    });
    await request("STREAM.CREATE.AUDIT", { name: "AUDIT", subjects: ["audit.>"] });
    await request("STREAM.CREATE.SHIPMENTS", { name: "SHIPMENTS", subjects: ["shipments.*"] });
    await request("CONSUMER.CREATE.ORDERS.invoices", {
      stream_name: "ORDERS",
      config: { name: "invoices", durable_name: "invoices", ack_policy: "explicit" },
    });
    for (let count = 0; count < 5; count++) await client.jetstream().publish("audit.login");
  });
  after(async () => {
    project?.remove();
    await client?.close();
    await server?.stop();
  });

  async function request(subject: string, payload: object = {}): Promise<Record<string, unknown>> {
    const answer = (await client.request(`$JS.API.${subject}`, JSON.stringify(payload), patient)).json<
      Record<string, unknown>
    >();
    assert.equal(answer["error"], undefined, JSON.stringify(answer["error"]));
    return answer;
  }

  it("says in a preview what it takes over and how, and does that", async () => {
    const source = readFileSync(path.join(repository, "examples/adopt-existing/index.ts"), "utf8");
    project = await PulumiProject.make({ files: { "index.ts": source } });
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    await project.must(["config", "set", "nats:servers", server.url]);
    const preview = await project.must(["preview"]);
    assert.match(
      preview,
      /Stream "ORDERS" belongs to urn:pulumi:prod::jobs::\S+: with an import both programs have it/,
    );
    assert.match(preview, /imports Stream "ORDERS" as it is/);
    assert.match(preview, /adopts stream "AUDIT" with its 5 messages: maxAge from 0 to 720h/);
    assert.match(preview, /adopts consumer "ORDERS\/invoices": ackWait from 30s to 1m, maxDeliver from -1 to 10/);
    await project.must(["up", "--yes", "--skip-preview"]);
    const outputs = JSON.parse(await project.must(["stack", "output", "--json"])) as object;
    assert.deepEqual(outputs, { taken: ["ORDERS", "AUDIT", "invoices"], shipped: ["shipments.*"] });
    const { config, state } = (await request("STREAM.INFO.AUDIT")) as never as {
      config: { max_age: number };
      state: { messages: number };
    };
    assert.equal(config.max_age, 720 * 3600 * 1e9);
    assert.equal(state.messages, 5);
    const { config: consumer } = (await request("CONSUMER.INFO.ORDERS.invoices")) as never as {
      config: { ack_wait: number; max_deliver: number };
    };
    assert.deepEqual([consumer.ack_wait, consumer.max_deliver], [60e9, 10]);
  });

  it("has nothing to do the second time", async () => {
    const { changeSummary } = JSON.parse(await project!.must(["preview", "--json"])) as {
      changeSummary: Record<string, number>;
    };
    assert.deepEqual(Object.keys(changeSummary), ["same"]);
  });

  it("leaves the stream that it only looked at", async () => {
    await request("STREAM.DELETE.AUDIT");
    await request("STREAM.DELETE.ORDERS");
    await project!.must(["state", "unprotect", "--all", "--yes"]);
    await project!.must(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual((await request("STREAM.NAMES"))["streams"], ["SHIPMENTS"]);
  });
});
