import assert from "node:assert/strict";
import { Cluster } from "../../components/cluster";
import { thisMachine } from "../../components/thisMachine";
import type { ThisMachineArgs } from "../../components/thisMachine";
import { problemText } from "../../provider/errors";
import type { ServersInputs } from "../../provider/model/servers";
import { serversHandler } from "../../provider/resources/serversHandler";
import { freePorts } from "../bed/freePorts";
import { withoutMarks } from "../bed/withoutMarks";
import { register } from "./mocks";

describe("Two clusters of one program on this machine", function () {
  this.timeout(60_000);

  /** What the checks of a preview say, by cluster; all are asked at once, as the engine asks. */
  async function said(targets: Readonly<Record<string, ThisMachineArgs>>): Promise<Record<string, string[]>> {
    const accounts = { APP: { users: [{ user: "app", password: "app-password-1" }] } };
    const all = await register(() => {
      for (const [name, target] of Object.entries(targets))
        new Cluster(name, { name: "east", target: thisMachine(target), accounts });
    });
    const config = new Map<string, string>();
    const silent = async (): Promise<void> => undefined;
    const checks = all
      .filter(({ type }) => type.endsWith(":Servers"))
      .map(async ({ name, inputs }): Promise<[string, string[]]> => {
        const urn = `urn:pulumi:stack::project::nats:index:Cluster$pulumi-nodejs:dynamic/nats:Servers::${name}`;
        const context = { config, urn, timeout: undefined, warn: silent, info: silent };
        const news = withoutMarks(inputs) as ServersInputs;
        const nkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
        const secrets = { ...news.secrets, MANAGEMENT_NKEY: nkey };
        const { problems } = await serversHandler.check(context, undefined, { ...news, secrets });
        return [name, problems.map((problem) => `${problem.path}: ${problemText(problem)}`)];
      });
    return Object.fromEntries(await Promise.all(checks));
  }

  it("are a problem of the second where they share a folder or a port, and none where they don't", async () => {
    const [client, monitor, other, third] = (await freePorts(4)) as [number, number, number, number];
    const found = await said({
      first: { dir: "/nowhere/first", ports: { client, monitor } },
      second: { dir: "/nowhere/first", ports: { client: other, monitor: client } },
      third: { dir: "/nowhere/third", ports: { client: third, monitor: third + 1 } },
    });
    assert.deepEqual(found["first-servers"], []);
    assert.deepEqual(found["second-servers"], [
      'target.dir: /nowhere/first on this machine is the folder of nats.Cluster "first" of this program already. ' +
        'Fix: another name for this cluster, or nats.thisMachine({ dir: "/nowhere/first-2" })',
      `target.ports: ${client} (monitor) of this machine: ports on which nats.Cluster "first" of this program listens already. ` +
        `Fix: nats.thisMachine({ ports: { monitor: ${client + 100} } })`,
    ]);
    assert.deepEqual(found["third-servers"], []);
  });
});
