import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { discover } from "../../provider/cli/discover";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { PulumiProject } from "../bed/pulumiProject";

describe("pulumi-nats discover, on buckets", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();
  let project: PulumiProject;
  after(() => project?.remove());

  it("takes them in as buckets, and their keys and objects by pulumi import; the preview after it shows no change", async () => {
    const cli = (...args: string[]): Promise<string> => natsCli(bed().server.url, ...args);
    await cli("kv", "add", "config", "--history", "5", "--marker-ttl", "1h", "--metadata", "team=billing");
    await cli("kv", "add", "copy", "--mirror", "config");
    await cli("object", "add", "assets", "--compress");
    const owner = "urn:pulumi:prod::jobs::pulumi-nodejs:dynamic/nats:Stream::odd";
    await cli("stream", "add", "KV_odd", "--subjects=odd.>", "--metadata", `pulumi-nats.owner=${owner}`, "--defaults");
    // Names that would be the same in a program, and one that means something else there.
    await cli("stream", "add", "EXPORTS", "--subjects=exports.>", "--defaults");
    for (const [stream, consumer] of [
      ["EXPORTS", "a-b"],
      ["EXPORTS-a", "b"],
    ] as const) {
      if (stream !== "EXPORTS") await cli("stream", "add", stream, "--subjects=more.>", "--defaults");
      await cli("consumer", "add", stream, consumer, "--pull", "--ack=explicit", "--defaults");
    }
    await cli("consumer", "add", "KV_config", "watcher", "--pull", "--deliver=all", "--ack=explicit", "--defaults");
    await cli("kv", "create", "config", "a/b.c", '{"rate": 5}', "--ttl", "24h");
    // What is written for users has its types checked.
    project = await PulumiProject.make({ files: {}, env: { PULUMI_NODEJS_TRANSPILE_ONLY: "false" } });
    const file = path.join(project.dir, "logo.svg");
    writeFileSync(file, "<svg/>");
    await cli("object", "put", "assets", file, "--name", "img/logo.svg", "--description", "d", "--no-progress");

    const said = await discover({ out: project.dir, server: bed().server.url });
    assert.match(said, /3 streams, 2 key-value buckets, 1 object store and 3 consumers written to /);
    const program = path.join(project.dir, "index.ts");
    const text = readFileSync(program, "utf8");
    assert.match(text, /const config = new nats\.KeyValue\("config", \{/);
    assert.match(text, /new nats\.KeyValue\("copy", \{\s*mirror: \{ name: "config" \},?\s*\}\);/);
    assert.match(text, /new nats\.ObjectStore\("assets", \{\s*compression: true,?\s*\}\);/);
    const comment = `// Belongs to ${owner}: take it out of that program first, with retainOnDelete: true there.\n`;
    assert.ok(text.includes(`${comment}new nats.Stream("KV_odd", `), text);
    assert.match(text, /stream: config\.stream/);
    assert.doesNotMatch(text, /pauseUntil/);

    const imports = JSON.parse(readFileSync(path.join(project.dir, "import.json"), "utf8")) as { resources: object[] };
    const type = (kind: string): string => `pulumi-nodejs:dynamic/nats:${kind}`;
    imports.resources.push(
      { type: type("KeyValueEntry"), name: "rate", id: "config/a/b.c" },
      { type: type("StoredObject"), name: "logo", id: "assets/img/logo.svg" },
    );
    writeFileSync(path.join(project.dir, "import.json"), JSON.stringify(imports));
    appendFileSync(
      program,
      `new nats.KeyValueEntry("rate", { bucket: "config", key: "a/b.c", json: { rate: 5 }, ttl: "24h" });\n` +
        `new nats.StoredObject("logo", { bucket: "assets", name: "img/logo.svg", file: "logo.svg", description: "d" });\n`,
    );
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    await project.must(["config", "set", "nats:servers", bed().server.url]);
    const flags = ["--file", "import.json", "--generate-code=false", "--protect=false", "--yes"];
    const imported = await project.must(["import", ...flags], { NODE_OPTIONS: "--require pulumi-nats/register" });
    assert.match(
      imported,
      /Stream "KV_odd" belongs to urn:pulumi:prod::jobs::\S+: with an import both programs have it/,
    );
    const told = imported.match(/\S+ "\S+" belongs to/g)!;
    assert.deepEqual([...new Set(told)], ['Stream "KV_odd" belongs to']);
    const preview = JSON.parse(await project.must(["preview", "--json"])) as { changeSummary: Record<string, number> };
    assert.deepEqual(preview.changeSummary, { same: 12 });
  });
});
