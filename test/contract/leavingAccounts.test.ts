import { strict as assert } from "node:assert";
import type { ServersInputs } from "../../provider/model/servers";
import { serversHandler } from "../../provider/resources/serversHandler";
import { ServersBed } from "../bed/serversBed";
import { ServersProgram } from "../bed/serversProgram";

describe("An account that leaves nats.conf", function () {
  this.timeout(240_000);
  let bed: ServersBed;
  before(async () => void (bed = await ServersBed.make()));
  after(() => bed?.dispose());

  it("goes with its messages only where the program says so, and the servers stay healthy", async () => {
    const program = new ServersProgram(bed);
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    await program.makeStream("EMPTY", 1);
    const client = await program.connect();
    await client.jetstream().publish("orders.one");
    await client.close();
    const change = (extra = ""): ServersInputs => {
      const inputs = bed.inputs({ extra });
      return { ...inputs, config: inputs.config.replace("  APP {", "  OTHER {") };
    };
    const held =
      /^accounts\.APP: leaves nats\.conf and holds stream EMPTY \(0 messages\), stream ORDERS \(1 message\), .*onDataLoss: "allow"$/;
    const problems = await program.problems(change());
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(sorted(problems[0]!), held);
    const before = await bed.pids();
    // What came in after the preview counts as well.
    await assert.rejects(
      serversHandler.update(bed.context, bed.dir, program.state!, change()),
      /nothing was changed[^]*accounts\.APP/,
    );
    assert.deepEqual(await bed.pids(), before);
    const allowed = { ...change(), onDataLoss: "allow" as const };
    assert.match(
      (await program.problems(allowed)).join(),
      /^accounts\.APP: leaves nats\.conf, and its streams are deleted: stream /,
    );
    await program.up(allowed);
    assert.deepEqual(await bed.pids(), before);
    // A server that finds files of an account that it does not know would not be healthy, and this would stop at the first.
    await program.up({ ...change("max_subscriptions: 10000"), onDataLoss: "allow" });
    assert.ok((await bed.pids()).every((pid) => !before.includes(pid)));
  });
});

/** Servers tell streams in no order. */
function sorted(text: string): string {
  return text.replace(/stream \w+ \([^)]*\)(, stream \w+ \([^)]*\))*/, (list) =>
    list
      .split(/, (?=stream)/)
      .sort()
      .join(", "),
  );
}
