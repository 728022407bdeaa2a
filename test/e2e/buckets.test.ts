import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readEntry } from "../../provider/apply/keyValueEntries";
import { streamNames } from "../../provider/apply/jetstreamStreams";
import { readObject } from "../../provider/apply/objects";
import { digestOf } from "../../provider/model/payload";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";

describe("examples/buckets", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();
  let project: PulumiProject;
  before(async () => {
    const files = ["index.ts", "package.json", "Pulumi.yaml"].map((file) => {
      const text = readFileSync(path.join(repository, "examples/buckets", file), "utf8");
      return [file, text];
    });
    const env = { NATS_URL: bed().server.url };
    project = await PulumiProject.make({ files: Object.fromEntries(files) as Record<string, string>, env });
  });
  after(() => project.remove());

  const cli = (...args: string[]): Promise<string> => natsCli(bed().server.url, ...args);

  it("brings up what its page says; shows what was changed by hand, never the secret; refuses to delete what others keep", async () => {
    await project.must(["config", "set", "--secret", "apiToken", "t0p-t0ken"]);
    await project.must(["up", "--yes", "--skip-preview"]);
    assert.equal((await cli("kv", "get", "settings", "api.limits", "--raw")).trim(), '{"burst":20,"rate":100}');
    assert.equal((await cli("kv", "get", "settings", "api.token", "--raw")).trim(), "t0p-t0ken");
    const { meta } = (await readObject(bed().js, { bucket: "assets", name: "docs/program.ts" }))!;
    assert.equal(meta.digest, digestOf(readFileSync(path.join(repository, "examples/buckets/index.ts"))));
    await project.must(["preview", "--expect-no-changes"]);
    await project.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);

    await cli("kv", "put", "settings", "api.limits", '{"rate":1}');
    await cli("kv", "put", "settings", "api.token", "by-hand-t0ken");
    await cli("kv", "put", "settings", "jobs.leader", "server-7");
    await project.must(["refresh", "--yes", "--skip-preview"]);
    const preview = await project.must(["preview", "--diff"]);
    assert.match(preview, /rate\s*: 1 => 100/);
    assert.doesNotMatch(preview, /t0ken/);
    assert.doesNotMatch(preview, /leader/);
    await project.must(["up", "--yes", "--skip-preview"]);
    assert.equal((await cli("kv", "get", "settings", "api.token", "--raw")).trim(), "t0p-t0ken");
    assert.equal((await cli("kv", "get", "settings", "jobs.leader", "--raw")).trim(), "server-7");

    await cli("kv", "put", "settings", "of.others", "x");
    const { code, text } = await project.run(["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /bucket "settings" holds 1 key, which would be deleted with it/);
    assert.equal((await readEntry(bed().js, { bucket: "settings", key: "of.others" }))!.value.toString(), "x");
    await cli("kv", "del", "settings", "of.others", "--force");
    await project.must(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await streamNames(bed().js), []);
  });
});
