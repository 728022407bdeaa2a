import assert from "node:assert/strict";
import { problemText } from "../../../provider/errors";
import type { Problem } from "../../../provider/errors";
import { orderProblems, superClusterProblems } from "../../../provider/model/superCluster";
import type { RegionModel } from "../../../provider/model/superCluster";

describe("regions of a supercluster", () => {
  it("that fit together have no problem", () => {
    assert.deepEqual(
      textsOf({ east: region("east", "10.0.1"), west: region("west", "10.0.2"), south: region("south", "10.0.3") }),
      [],
    );
  });

  it("have names of their own, also beside those that they join", () => {
    const regions = { a: region("east", "10.0.1"), b: region("east", "10.0.2"), c: region("far", "10.0.3") };
    assert.deepEqual(textsOf(regions, [{ cluster: "far", gatewayUrls: ["nats://10.0.9.1:7222"] }]), [
      'regions.b.name: region a has the gateway name "east" already, and gateways tell clusters apart by it. Fix: name: "east-2"',
      'regions.c.name: a region that is joined has the gateway name "far" already, and gateways tell clusters apart by it. Fix: name: "far-2"',
    ]);
  });

  it("have no address in common, but for names inside of a Kubernetes cluster", () => {
    const shared = textsOf({
      "us-east": region("a", "10.0.1", 1),
      b: region("b", "10.0.1", 1),
      c: region("c", "10.0.3"),
    });
    assert.equal(
      shared[0],
      "regions.b.target.ports.client: b-1 would listen on 10.0.1.1:4222, the client listener of a-1 in region us-east. Fix: ports: { client: 4322 }",
    );
    const inside = { host: "nats-0.nats.prod.svc", ports: { client: 4222, gateway: 7222 } };
    const pods = (name: string): RegionModel => ({ ...region(name, "10.0.1"), servers: { [`${name}-1`]: inside } });
    assert.deepEqual(textsOf({ a: pods("a"), b: pods("b"), c: pods("c") }), []);
  });

  it("have a gateway that others can dial, TLS all or none, one authority and one JetStream domain", () => {
    const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    const regions = {
      one: { ...region("one", "10.0.1"), ca: pem("AAAA") },
      two: { ...region("two", "10.0.2"), gatewayUrls: [] },
      three: { ...region("three", "10.0.3"), ca: pem("BBBB"), domain: "apart" },
      four: { ...region("four", "10.0.4"), ca: pem("BBBB") + pem("AA\nAA") },
      five: { ...region("five", "10.0.5"), ca: "" },
    };
    assert.deepEqual(textsOf(regions), [
      "regions.two.target: has no address that gateways of other regions could dial. Fix: a target with a gateway listener that the other regions reach",
      "regions.two.tls: gateways of one speak TLS and those of two do not. Fix: tls at the supercluster itself, for all regions",
      "regions.three.tls: the regions one and three trust no certificate authority in common. Fix: the same issuer for all regions, or a `ca` with the authorities of all of them",
      'regions.three.jetstream.domain: JetStream domain "apart" beside none of one: gateways join all servers to one JetStream. Fix: the same domain for all regions; for a JetStream of its own, nats.LeafNode in place of a region',
    ]);
  });

  it("are said to hang on one of them that has half of the servers", () => {
    const problems = superClusterProblems({ east: region("east", "10.0.1"), west: region("west", "10.0.2") });
    assert.deepEqual(
      problems.map((problem) => problem.severity),
      ["warning"],
    );
    assert.match(problems[0]!.reason, /^without east 3 of 6 servers are left, and JetStream's meta group needs 4: /);
  });

  it("join in the order in which they stand", () => {
    assert.deepEqual(orderProblems([], ["a", "b"]), []);
    assert.deepEqual(orderProblems(["a", "b"], ["a", "b", "c"]), []);
    assert.deepEqual(orderProblems(["a", "b", "c"], ["a", "c", "d"]), []);
    const [added] = orderProblems(["a", "b"], ["new-one", "a", "b"]);
    assert.equal(
      problemText(added!),
      'new-one is new and stands before regions that run: it would start a JetStream of its own in place of joining theirs. Fix: regions: { a: { … }, b: { … }, "new-one": { … } } in this order',
    );
    assert.match(orderProblems(["a", "b"], ["b", "a"])[0]!.reason, /^b, a moved: /);
  });
});

function region(name: string, net: string, count = 3): RegionModel {
  const ports = { client: 4222, gateway: 7222 };
  const hosts = Array.from({ length: count }, (_, index) => `${net}.${index + 1}`);
  return {
    cluster: name,
    servers: Object.fromEntries(hosts.map((host, index) => [`${name}-${index + 1}`, { host, ports }])),
    gatewayUrls: hosts.map((host) => `nats://${host}:7222`),
    jetstream: true,
  };
}

function textsOf(...args: Parameters<typeof superClusterProblems>): string[] {
  const errors = (problem: Problem): boolean => problem.severity !== "warning";
  return superClusterProblems(...args)
    .filter(errors)
    .map((problem) => `${problem.path}: ${problemText(problem)}`);
}
