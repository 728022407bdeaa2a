import assert from "node:assert/strict";
import { hosts } from "../../components/hosts";
import type { HostArgs, HostsOptions } from "../../components/hostsArgs";

const none = { gateway: false, leafnodes: false, websocket: false, mqtt: false };

describe("nats.hosts", () => {
  it("places one server a host: names by place, the known ports, routes by address, clients by what is advertised", () => {
    const target = hosts(["10.0.0.1", { address: "10.0.0.2", name: "west", advertise: "nats.example.com" }]);
    const { nodes, tlsHosts } = target.place("east", none);
    assert.deepEqual(
      nodes.map(({ name, host, routeHost, listen }) => ({ name, host, routeHost, listen })),
      [
        { name: "east-1", host: "10.0.0.1", routeHost: "10.0.0.1", listen: "0.0.0.0" },
        { name: "west", host: "nats.example.com", routeHost: "10.0.0.2", listen: "0.0.0.0" },
      ],
    );
    assert.deepEqual(nodes[0]!.ports, { client: 4222, monitor: 8222, cluster: 6222 });
    assert.deepEqual(tlsHosts, ["10.0.0.1", "10.0.0.2", "localhost", "127.0.0.1", "::1"]);
  });

  it("listens where it is told, on ports of the target and of a host", () => {
    const target = hosts(
      [{ address: "10.0.0.1" }, { address: "10.0.0.1", ports: { client: 4300, monitor: 8300, cluster: 6300 } }],
      {
        listen: "address",
        ports: { client: 4200 },
      },
    );
    const { nodes } = target.place("east", { ...none, gateway: true });
    assert.deepEqual(nodes[0]!.ports, { client: 4200, monitor: 8222, cluster: 6222, gateway: 7222 });
    assert.equal(nodes[1]!.ports.client, 4300);
    assert.equal(nodes[0]!.listen, "10.0.0.1");
  });

  it("gives a lone server no route listener", () => {
    const { nodes } = hosts([{ address: "10.0.0.1" }]).place("east", none);
    assert.deepEqual(nodes[0]!.ports, { client: 4222, monitor: 8222 });
  });

  const wrong: [what: string, list: readonly HostArgs[], options: HostsOptions, problem: RegExp][] = [
    ["no host", [], {}, /^hosts there is no host/],
    ["an address with a port", [{ address: "10.0.0.1 :22" }], {}, /^hosts\[0\]\.address "10\.0\.0\.1 :22" is no IP/],
    [
      "one host twice",
      [{ address: "10.0.0.1" }, { address: "10.0.0.1" }],
      {},
      /^hosts\[1\]\.address 10\.0\.0\.1 is hosts\[0\] already/,
    ],
    [
      "one name twice",
      [
        { address: "10.0.0.1", name: "a" },
        { address: "10.0.0.2", name: "a" },
      ],
      {},
      /^hosts\[1\]\.name "a" is the name of hosts\[0\] already/,
    ],
    ["a name with a dot", [{ address: "10.0.0.1", name: "a.b" }], {}, /^hosts\[0\]\.name "a\.b" can't name a server/],
    ["a relative folder", [{ address: "10.0.0.1" }], { dir: "nats" }, /^dir "nats" is no absolute path/],
    [
      "a short checksum",
      [{ address: "10.0.0.1" }],
      { binary: { url: "https://example.com/n", sha256: "ab" } },
      /^binary\.sha256 "ab" is no SHA-256/,
    ],
    [
      "an unknown listener",
      [{ address: "10.0.0.1" }],
      { ports: { http: 1 } as never },
      /^ports\.http there is no property "http" here/,
    ],
    [
      "a port too high",
      [{ address: "10.0.0.1", ports: { client: 70000 } }],
      {},
      /^hosts\[0\]\.ports\.client port 70000/,
    ],
    [
      "a monitoring port at a name",
      [{ address: "10.0.0.1" }],
      { monitorListen: "localhost" },
      /^monitorListen "localhost" is no IP address to listen on/,
    ],
    [
      "a file that is not there",
      [{ address: "10.0.0.1" }],
      { binary: { file: "/nowhere/nats-server" } },
      /^binary\.file there is no file "\/nowhere\/nats-server"/,
    ],
    ["a user with capitals", [{ address: "10.0.0.1" }], { user: "NATS" }, /^user "NATS" can't name a user/],
  ];
  for (const [what, list, options, problem] of wrong) {
    it(`refuses ${what}`, () => {
      const [first] = hosts(list, options).problems!;
      assert.match(`${first!.path} ${first!.reason}`, problem);
    });
  }
});
