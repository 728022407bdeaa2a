import assert from "node:assert/strict";
import { problemText } from "../../../provider/errors";
import { neighbourProblems } from "../../../provider/model/neighbours";
import type { ClusterPlace, ServerPlace } from "../../../provider/model/neighbours";

const ports = { client: 4222, cluster: 6222 };
const server = (name: string, machine: string, more: Partial<ServerPlace> = {}): ServerPlace => ({
  name,
  machine,
  host: machine,
  unit: `nats-${name}.service`,
  ports,
  ...more,
});
const place = (name: string, servers: readonly ServerPlace[], more: Partial<ClusterPlace> = {}): ClusterPlace => ({
  title: `nats.Cluster "${name}"`,
  kind: "hosts",
  dir: `/var/lib/nats/${name}`,
  servers,
  ...more,
});
const east = place("east", [server("east-1", "a"), server("east-2", "b"), server("east-3", "c")]);

const said = (own: ClusterPlace, other = east): string[] =>
  neighbourProblems(own, other).map((problem) => `${problem.path}: ${problemText(problem)}`);

describe("two clusters of one program", () => {
  it("are told of each port that both would listen on, hosts with the same ones once", () => {
    const other = { ports: { client: 4300, cluster: 6222 } };
    const own = place("west", [server("west-1", "a"), server("west-2", "b"), server("west-3", "c", other)]);
    assert.deepEqual(said(own), [
      "target.ports: 4222 (client), 6222 (cluster) of a, b; 6222 (cluster) of c: " +
        'ports on which nats.Cluster "east" of this program listens already. ' +
        "Fix: nats.hosts([…], { ports: { client: 4322, cluster: 6322 } })",
    ]);
  });

  it("are told of a port that is another listener's there", () => {
    const own = place("west", [server("west-1", "a", { ports: { client: 6222 } })]);
    assert.match(said(own)[0]!, /^target\.ports: 6222 \(client\) of a: .* Fix: .*\{ client: 6322 \}/);
  });

  it("are shown ports that neither has", () => {
    const near = { ports: { client: 15400, monitor: 15500 } };
    const east2 = place("east", [server("east-1", "a", near)]);
    const own = place("west", [server("west-1", "a", near)]);
    assert.match(said(own, east2)[0]!, /Fix: .*\{ client: 15600, monitor: 15700 \}/);
  });

  it("are told of folders and units, by both names of a host", () => {
    const own = place("east", [server("east-1", "a", { host: "alias", ports: {} })]);
    assert.deepEqual(said(own), [
      'target.dir: /var/lib/nats/east on alias (a in nats.Cluster "east") is the folder of nats.Cluster "east" of this program already. ' +
        'Fix: another name for this cluster, or nats.hosts([…], { dir: "/var/lib/nats/east-2" })',
      'nodes: nats-east-1.service on alias (a in nats.Cluster "east") is a systemd unit of nats.Cluster "east" of this program already. ' +
        'Fix: another name for this cluster, or names for its hosts: { address: "alias", name: "east-1b" }',
    ]);
    const elsewhere = place("east", [server("east-1", "a", { ports: {} })], { dir: "/data/nats" });
    assert.match(said(elsewhere).join("\n"), /^nodes: nats-east-1\.service on a is a systemd unit of/);
  });

  it("may share hosts where names, folders and ports differ, and names, folders and ports elsewhere", () => {
    const shared = { ports: { client: 4322, cluster: 6322 } };
    assert.deepEqual(said(place("west", [server("west-1", "a", shared), server("west-2", "b", shared)])), []);
    assert.deepEqual(said(place("east", [server("east-1", "d")])), []);
  });
});
