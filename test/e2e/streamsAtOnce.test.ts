import assert from "node:assert/strict";
import { ownerKey } from "../../provider/model/assetSettled";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { jetStreamBed } from "../bed/jetStreamBed";
import { PulumiProject } from "../bed/pulumiProject";

const program = `
const nats = require("pulumi-nats");
const provider = new nats.Provider("here", { servers: process.env.NATS_SERVERS });
const options = { provider };
for (let index = 0; index < 5; index++) new nats.Stream("ONE" + index, {}, options);
const streams = Object.fromEntries(Array.from({ length: 20 }, (_, index) => ["MANY" + index, {}]));
new nats.Streams("many", { streams }, options);
`;

describe("Two programs at once", function () {
  this.timeout(180_000);
  const bed = jetStreamBed();
  const projects: PulumiProject[] = [];
  before(async () => {
    for (const name of ["left", "right"]) {
      const files = { "index.js": program, "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n` };
      projects.push(await PulumiProject.make({ files, env: { NATS_SERVERS: bed().server.url } }));
    }
  });
  after(() => {
    for (const project of projects) project.remove();
  });

  it("that want the same streams: each is one's alone, and the other is told by name", async () => {
    // Without it pulumi starts nothing more after a first failure.
    const up = ["up", "--yes", "--skip-preview", "--continue-on-error"];
    const runs = await Promise.all(projects.map((project) => project.run(up)));
    const names = Array.from({ length: 25 }, (_, index) => (index < 5 ? `ONE${index}` : `MANY${index - 5}`));
    const owners = await Promise.all(
      names.map(async (name) => {
        const metadata = (await streamInfo(bed().js, name))!.config["metadata"] as JsonObject;
        return /::(left|right)::/.exec(textOf(metadata[ownerKey]))![1]!;
      }),
    );
    for (const [side, { code, text }] of runs.entries()) {
      const own = side === 0 ? "left" : "right";
      const lost = names.filter((_, index) => owners[index] !== own);
      assert.equal(code === 0, lost.length === 0, text);
      for (const name of lost) assert.match(text, new RegExp(`"${name}"`), `${own} is told of ${name}`);
      if (lost.length > 0)
        assert.match(text, /exists already.*Fix: adopt: true|different configuration \(10058\)\. Fix: `adopt: true`/s);
      // What it has is its own, and it takes nothing of the other's away.
      await projects[side]!.must(["destroy", "--yes", "--skip-preview"]);
      const left = await Promise.all(names.map(async (name) => (await streamInfo(bed().js, name)) !== undefined));
      const others = names.map((_, index) => side === 0 && owners[index] === "right");
      assert.deepEqual(left, others);
    }
  });
});
