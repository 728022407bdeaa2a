import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import path from "node:path";
import { runRollout } from "../../provider/apply/rollout/runRollout";
import { StepFailure } from "../../provider/apply/rollout/stepFailure";
import { rolloutOf } from "../../provider/resources/serversCluster";
import { ServersBed } from "../bed/serversBed";
import { ServersProgram } from "../bed/serversProgram";

describe("A reload that a server refuses", function () {
  this.timeout(240_000);
  let bed: ServersBed;

  beforeEach(async () => {
    bed = await ServersBed.make();
  });
  afterEach(() => bed.dispose());

  it("is put back with the server's own reason, and nothing else is touched", async () => {
    const program = new ServersProgram(bed);
    await program.up(bed.inputs());
    const pids = await bed.pids();
    const wanted = bed.inputs({ extra: "max_pending: 33554432" });
    // As if the table of rules were wrong about this key.
    const explain = rolloutOf(bed.context, wanted, []).explain;
    const rollout = {
      ...rolloutOf(bed.context, wanted, [program.state!]),
      explain: (...args: Parameters<typeof explain>): ReturnType<typeof explain> => {
        const { changes } = explain(...args);
        const hot = changes.map((change) => ({ ...change, impact: "hot-reload" as const }));
        return { changes: hot, impact: hot.length > 0 ? "hot-reload" : "none" };
      },
    };
    try {
      await assert.rejects(runRollout(rollout), (error: Error) => {
        assert.ok(error instanceof StepFailure);
        assert.match(error.message, /^east-1 refuses RELOAD: .*not supported for MaxPending/);
        assert.deepEqual([...error.left], [["east-1", { how: "old", text: "kept the old configuration" }]]);
        return true;
      });
    } finally {
      await rollout.reach.close();
    }
    assert.deepEqual(await bed.pids(), pids);
    for (const node of ["east-1", "east-2", "east-3"]) {
      assert.equal(readFileSync(path.join(bed.dir, node, "current/nats.conf"), "utf8"), bed.inputs().config);
    }
    assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
    await program.up(wanted);
    assert.deepEqual(await program.preview(wanted), { paths: [], notes: [] });
  });

  it("does not turn a lone server with JetStream into a cluster behind the program's back", async () => {
    const program = new ServersProgram(bed);
    await program.up(bed.inputs({ count: 1 }));
    const problems = await program.problems(bed.inputs());
    assert.deepEqual(problems, [
      "nodes: east-1 runs JetStream without a cluster and would change that: its streams would not come along. " +
        'Fix: back the streams up and set onDataLoss: "allow", or make a second cluster and move them',
    ]);
    await program.up({ ...bed.inputs(), onDataLoss: "allow" });
    assert.equal((await bed.pids()).filter((pid) => pid > 0).length, 3);
    await program.up({ ...bed.inputs({ count: 1 }), onDataLoss: "allow" });
    assert.equal((await bed.pids()).filter((pid) => pid > 0).length, 1);
  });
});
