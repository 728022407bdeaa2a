import assert from "node:assert/strict";
import { unknownValue } from "../../../provider/host/handler";
import type { ServersInputs } from "../../../provider/model/servers";
import { lateMoves, lateServers } from "../../../provider/resources/serversLate";
import { regionsHandler } from "../../../provider/resources/regionsHandler";
import type { RegionModel } from "../../../provider/model/superCluster";

const inputs = (addresses: Readonly<Record<string, string>>): ServersInputs => {
  const hosts = Object.entries(addresses).map(([node, address]) => [node, { address, ssh: { address } }] as const);
  const target = { kind: "hosts", dir: "/d", user: "nats", group: "nats", hosts: Object.fromEntries(hosts) };
  return { target } as unknown as ServersInputs;
};

describe("Servers on hosts that are not made yet", () => {
  it("are told from those whose host is known", () => {
    assert.deepEqual(lateServers(inputs({ "east-1": "10.0.0.1", "east-2": unknownValue })), ["east-2"]);
    assert.deepEqual(lateServers({ target: unknownValue } as never), []);
  });

  it("are warned of where they run already: the next address may be another host's", () => {
    const olds = inputs({ "east-1": "10.0.0.1", "east-2": "10.0.0.2" });
    const found = lateMoves(olds, inputs({ "east-1": "10.0.0.1", "east-2": unknownValue, "east-3": unknownValue }));
    assert.deepEqual(
      found.map(({ path, severity }) => [path, severity]),
      [["target.hosts.east-2", "warning"]],
    );
    assert.match(found[0]!.reason, /^east-2 lives on 10\.0\.0\.2, and its address is known only after the apply/);
    assert.deepEqual(lateMoves(undefined, inputs({ "east-1": unknownValue })), []);
  });

  it("hide no problem of their region's name or ports from the others", async () => {
    const region = (host: string): RegionModel => ({
      cluster: "same",
      servers: { [`${host}-1`]: { host, ports: { client: 4222 } } },
      gatewayUrls: [host === unknownValue ? host : `nats://${host}:7222`],
      cert: "no certificate",
      jetstream: false,
    });
    const known = { ...region("10.0.0.1"), cert: undefined } as unknown as RegionModel;
    const news = { order: ["us", "eu"], regions: { us: known, eu: region(unknownValue) } };
    const { problems } = await regionsHandler.check({} as never, undefined, news);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["regions.eu.name"],
    );
  });
});
