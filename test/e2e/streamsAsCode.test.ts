import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { jetStreamBed } from "../bed/jetStreamBed";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";
import { patient } from "../bed/patient";

describe("examples/streams-as-code", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();
  let project: PulumiProject;
  before(async () => {
    const files = ["index.ts", "package.json", "Pulumi.yaml"].map((file) => {
      const text = readFileSync(path.join(repository, "examples/streams-as-code", file), "utf8");
      return [file, text];
    });
    const env = { NATS_URL: bed().server.url };
    project = await PulumiProject.make({ files: Object.fromEntries(files) as Record<string, string>, env });
  });
  after(() => project.remove());

  it("brings up what its page says, previews a change by its path, and refuses to delete messages", async () => {
    await project.must(["up", "--yes", "--skip-preview"]);
    assert.deepEqual(await streamNames(bed().js), ["JOBS", "ORDERS", "ORDERS_ARCHIVE", "PAYMENTS"]);
    assert.equal((await streamInfo(bed().js, "ORDERS_ARCHIVE"))!.config["max_age"], 8760n * 3_600_000_000_000n);
    assert.equal((await consumerInfo(bed().js, "ORDERS", "invoices"))!.config["max_deliver"], 5);
    await project.must(["preview", "--expect-no-changes"]);
    await project.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);

    await bed().connection.request("orders.paid", "one", patient);
    await project.must(["config", "set", "maxAge", "1h"]);
    const preview = await project.must(["preview", "--diff"]);
    assert.match(preview, /maxAge: "24h" => "1h"/);
    assert.doesNotMatch(preview, /ORDERS_ARCHIVE/);
    const { code, text } = await project.run(["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /streams \("ORDERS", "ORDERS_ARCHIVE"\) hold messages, which would be deleted with it; nothing was deleted/,
    );
    assert.equal((await streamNames(bed().js)).length, 4);
    await project.must(["destroy", "--yes", "--skip-preview"], { PULUMI_NATS_ON_DATA_LOSS: "allow" });
    assert.deepEqual(await streamNames(bed().js), []);
  });
});
