import assert from "node:assert/strict";
import type { Machine, PortHolder } from "../../../provider/apply/machine/machine";
import { problemText } from "../../../provider/errors";
import type { ServersInputs } from "../../../provider/model/servers";
import { portProblems } from "../../../provider/resources/serversPorts";

async function said(holder: PortHolder, leaver?: () => string | undefined): Promise<string[]> {
  const machine = {
    label: "this machine",
    hostOf: () => "this machine",
    nodes: () => Promise.resolve([]),
    portHolder: () => Promise.resolve(holder),
  } as unknown as Machine;
  const wanted = { target: { kind: "thisMachine" }, nodes: { "east-1": { ports: { client: 4222 } } } };
  return (await portProblems(machine, wanted as unknown as ServersInputs, leaver)).map(
    (problem) => `${problem.path}: ${problemText(problem)}`,
  );
}

describe("A port that is in use", () => {
  it("is told of with the process that has it, and how to end that", async () => {
    assert.deepEqual(await said({ pid: 7, command: "nc" }), [
      "nodes.east-1.ports.client: port 4222 is in use by process 7 (nc). Fix: end it (kill 7), or another port: thisMachine({ ports })",
    ]);
  });

  it("by a server of another cluster is left to the stack of that", async () => {
    assert.deepEqual(await said({ pid: 7, command: "nats-server", folder: "/state/p/two/east" }), [
      "nodes.east-1.ports.client: port 4222 is in use by process 7 (nats-server), a server of the cluster in /state/p/two/east. " +
        "Fix: another port: thisMachine({ ports }); or `pulumi destroy` in the stack of that cluster",
    ]);
  });

  it("by a cluster of the program that leaves it is a matter of order", async () => {
    const holder = { pid: 7, command: "nats-server", folder: "/state/p/two/east" };
    assert.deepEqual(await said(holder, () => 'nats.Cluster "east"'), [
      'nodes.east-1.ports.client: port 4222 is in use by process 7 (nats-server) until nats.Cluster "east" of this program leaves it, ' +
        "which must come first. Fix: dependsOn: that cluster",
    ]);
  });
});
