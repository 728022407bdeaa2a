import assert from "node:assert/strict";
import { connect } from "nats";
import { Cluster } from "../../components/cluster";
import { thisMachine } from "../../components/thisMachine";
import { ClusterBed } from "../bed/clusterBed";
import { freePortRange } from "../bed/freePorts";
import { withStack } from "../bed/stack";

describe("Ports of clusters of one program", function () {
  this.timeout(300_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  it("go from one to another that comes after it, and the preview says what must come first", async () => {
    // So that the bed knows the folders, and ends what is left.
    for (const name of ["leaver", "heir"]) await bed.target(name, 1);
    const [first, second] = [await freePortRange(2), await freePortRange(2)];
    const cluster = (name: string, port: number, options = {}): Cluster =>
      new Cluster(
        name,
        {
          target: thisMachine({ servers: 1, dir: bed.dir(name), ports: { client: port, monitor: port + 1 } }),
          accounts: { APP: { users: [{ user: "app", password: "app-password-1" }] } },
        },
        options,
      );
    const handedOver = async (): Promise<void> => {
      const leaver = cluster("leaver", second);
      cluster("heir", first, { dependsOn: leaver });
    };
    await withStack(
      async () => void cluster("leaver", first),
      async (stack) => {
        await stack.up();
        stack.program = handedOver;
        const told = (await stack.preview()).messages("heir-servers").join("\n");
        const must =
          /ports\.client: port \d+ is in use by process \d+ \(nats-server\) until nats\.Cluster "leaver" of this program leaves it, which must come first\. Fix: dependsOn: that cluster/;
        assert.match(told, must);
        await stack.up();
        for (const [port, name] of [
          [first, "heir-1"],
          [second, "leaver-1"],
        ] as const) {
          const connection = await connect({ servers: `127.0.0.1:${port}`, user: "app", pass: "app-password-1" });
          assert.equal(connection.info?.server_name, name);
          await connection.close();
        }
        assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
      },
    );
  });
});
