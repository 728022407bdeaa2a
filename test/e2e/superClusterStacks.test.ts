import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { LocalMachine } from "../../provider/apply/machine/localMachine";
import { stopServer } from "../../provider/apply/rollout/stopServer";
import type { Jsz } from "../../provider/apply/serverAnswers";
import { waitFor } from "../../provider/apply/wait";
import { carries } from "../bed/carries";
import { freePortRange } from "../bed/freePorts";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";
import { managerOf } from "../bed/managerOf";

const example = path.join(repository, "examples/supercluster-many-stacks/index.ts");

describe("examples/supercluster-many-stacks", function () {
  this.timeout(480_000);
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-stacks-"));
  let project: PulumiProject | undefined;
  let ports: Record<string, number> = {};
  after(async () => {
    for (const region of Object.keys(ports)) {
      const machine = new LocalMachine(path.join(dir, region));
      for (const node of await machine.nodes()) await stopServer(machine, node);
    }
    project?.remove();
    rmSync(dir, { recursive: true, force: true });
  });

  it("lets a region of another stack join and leave, without touching those that run", async () => {
    project = await PulumiProject.make({ files: { "index.ts": readFileSync(example, "utf8") } });
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    ports = { "us-east": await freePortRange(40), "eu-west": await freePortRange(40) };
    const pulumi = (region: string, ...args: string[]): Promise<string> => project!.must([...args, "--stack", region]);
    const outputsOf = async (region: string): Promise<Record<string, string>> =>
      JSON.parse(await pulumi(region, "stack", "output", "--json", "--show-secrets")) as Record<string, string>;

    for (const [region, port] of Object.entries(ports)) {
      await project.must(["stack", "init", region]);
      await pulumi(region, "config", "set", "port", String(port));
      await pulumi(region, "config", "set", "dir", path.join(dir, region));
    }
    await pulumi("us-east", "config", "set", "servers", "3");
    await pulumi("eu-west", "config", "set", "servers", "1");
    await pulumi("eu-west", "config", "set", "join", "organization/bed/us-east");

    await pulumi("us-east", "up", "--yes", "--skip-preview");
    const { caCertificate: ca, password } = await outputsOf("us-east");
    const shown = await pulumi("us-east", "stack", "output");
    assert.doesNotMatch(shown, new RegExp(password!), shown);
    assert.match(shown, /gateway +\[secret\]/);
    const before = await pids("us-east");
    await pulumi("eu-west", "up", "--yes", "--skip-preview");
    assert.deepEqual(await pids("us-east"), before);
    await untilMetaSize(4);
    const login = (region: string): Promise<NatsConnection> =>
      connect({ servers: `127.0.0.1:${ports[region]}`, user: "orders", pass: password!, tls: { ca: ca! } });
    for (const [from, to] of [
      ["us-east", "eu-west"],
      ["eu-west", "us-east"],
    ] as const) {
      await carries(
        () => login(from),
        () => login(to),
      );
    }
    for (const region of Object.keys(ports)) {
      assert.match(await pulumi(region, "preview"), /\d+ unchanged/);
      assert.doesNotMatch(await pulumi(region, "preview"), /to (create|update|replace|delete)/);
    }

    // Its own stream goes with its stack; one that it does not know of keeps it.
    const connection = await login("eu-west");
    const { streams } = await managerOf(connection);
    await streams.add({ name: "OTHER", subjects: ["other.>"], placement: { cluster: "eu-west", tags: [] } });
    const refused = await project.run(["destroy", "--yes", "--skip-preview", "--stack", "eu-west"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /the regions can't leave: streams live there: .*OTHER of account ORDERS/);
    await streams.delete("OTHER");
    await connection.close();
    await pulumi("eu-west", "destroy", "--yes", "--skip-preview");
    await untilMetaSize(3);
    assert.deepEqual(await pids("us-east"), before);
    await pulumi("us-east", "destroy", "--yes", "--skip-preview");
  });

  async function pids(region: string): Promise<Record<string, number | undefined>> {
    const machine = new LocalMachine(path.join(dir, region));
    const nodes = (await machine.nodes()).sort();
    const found = nodes.map(async (node) => [node, (await machine.processes(node))[0]?.pid] as const);
    return Object.fromEntries(await Promise.all(found));
  }

  /** Servers that do not lead learn of it a little later. */
  async function untilMetaSize(wanted: number): Promise<void> {
    await waitFor(`a meta group of ${wanted}`, { timeout: 60_000 }, async () => {
      const answer = await fetch(`http://127.0.0.1:${ports["us-east"]! + 10}/jsz`);
      const size = ((await answer.json()) as Jsz).meta_cluster?.cluster_size;
      return size === wanted ? { value: size } : { pending: String(size) };
    });
  }
});
