import { strict as assert } from "node:assert";
import type { ServersInputs, ServersState } from "../../provider/model/servers";
import { runAndKill } from "../bed/killedChild";
import { ServersBed } from "../bed/serversBed";
import { ServersProgram } from "../bed/serversProgram";

/** Milliseconds between the begin of a change and the kill, by what the change needs. */
const restarts = [100, 900, 2500];
const reloads = [0, 60, 120, 200, 300];

describe("A rollout that is killed half way", function () {
  this.timeout(600_000);
  let bed: ServersBed;
  let program: ServersProgram;

  beforeEach(async () => {
    bed = await ServersBed.make();
    program = new ServersProgram(bed);
  });
  afterEach(() => bed.dispose());

  it("leaves a cluster that serves, and the next one finishes the job: restarts and reloads, at eight moments", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const load = await program.load("ORDERS");
    let killed = 0;
    const rounds = [
      ...restarts.map((moment) => ({ moment, key: "max_subscriptions" })),
      ...reloads.map((moment) => ({ moment, key: "max_payload" })),
    ];
    let extra = "";
    const wanted = 6;
    for (let index = 0; index < rounds.length || (killed < wanted && index < 3 * rounds.length); index++) {
      const { moment, key } = rounds[index % rounds.length]!;
      extra = [...extra.split("\n").filter((line) => !line.startsWith(key)), `${key}: ${2_000_000 + index}`].join("\n");
      const inputs = bed.inputs({ extra });
      killed += (await runKilled(inputs, program.state, moment)) ? 1 : 0;
      const before = load.acknowledged;
      await until(() => load.acknowledged > before + 20, "acknowledgements after the kill");
      await program.up(inputs);
      assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
      const digests = Object.values((await program.refresh())!.status).map((status) => status.digest);
      assert.equal(new Set(digests).size, 3, "each server names its own configuration");
    }
    const { lost, duplicated, acknowledged } = await load.stop();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    assert.ok(acknowledged > 300, `${acknowledged} acknowledged`);
    assert.ok(killed >= wanted, `${killed} were killed before their end`);
  });

  it("leaves nothing in the way when it is killed while it makes the cluster", async () => {
    for (const moment of [60, 150, 400]) {
      await runKilled(bed.inputs(), undefined, moment);
      const state = await program.up(bed.inputs());
      assert.equal(Object.keys(state.status).length, 3);
      assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
      await program.up({ ...bed.inputs(), onDataLoss: "allow" });
      await program.destroy();
    }
  });

  function runKilled(inputs: ServersInputs, state: ServersState | undefined, moment: number): Promise<boolean> {
    return runAndKill({ kind: "Servers", id: state?.target.dir ?? "", inputs, state, urn: bed.context.urn }, moment);
  }
});

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    assert.ok(Date.now() < deadline, `no ${what} within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
