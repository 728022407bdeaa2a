import assert from "node:assert/strict";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { hosts } from "../../components/hosts";
import { kubernetes } from "../../components/kubernetes";
import { LeafNode } from "../../components/leafNode";
import { SuperCluster } from "../../components/superCluster";
import type { Target } from "../../components/target";
import { thisMachine } from "../../components/thisMachine";
import { problemText, ProblemsError } from "../../provider/errors";
import type { Problem } from "../../provider/errors";
import { register } from "./mocks";

const target = thisMachine({ servers: 1, dir: "/tmp/shape" });
const hub = { leafnodeUrls: ["nats://10.0.0.1:7422"] };

/** As plain JavaScript does: no type is in the way. */
const loose = {
  cluster: (args: unknown) => new Cluster("east", args as never),
  leafNode: (args: unknown) => new LeafNode("edge", args as never),
  superCluster: (args: unknown) => new SuperCluster("world", args as never),
  hosts: (list: unknown, options?: unknown) => stopped(hosts(list as never, options as never)),
  kubernetes: (args?: unknown) => kubernetes(args as never),
  thisMachine: (args?: unknown) => stopped(thisMachine(args as never)),
};

/** As a cluster on it says, with paths of its own. */
function stopped({ problems = [] }: Target): void {
  if (problems.length > 0) throw new ProblemsError("a target", problems);
}

/** What is said of it, where the program stops or by the check of the servers: "path: reason. Fix: …". */
async function said(program: () => unknown): Promise<string[]> {
  let thrown: readonly Problem[] | undefined;
  const all = await register(() => {
    try {
      program();
    } catch (error) {
      assert.ok(error instanceof ProblemsError, String(error));
      thrown = error.problems;
    }
  });
  const reported = all.flatMap(({ inputs }) => (inputs["problems"] ?? []) as Problem[]);
  return (thrown ?? reported)
    .filter(({ severity }) => severity !== "warning")
    .map((problem) => `${problem.path}: ${problemText(problem)}`);
}

const cases: readonly (readonly [what: string, program: () => unknown, expected: readonly string[]])[] = [
  [
    "a typo in a cluster's arguments",
    () => loose.cluster({ target, jetstrem: {} }),
    ['jetstrem: there is no property "jetstrem" here. Fix: write jetstream'],
  ],
  [
    "a key of nats.conf beside config",
    () => loose.cluster({ target, maxPayload: "8MiB", writeDeadlin: "2s" }),
    [
      'maxPayload: there is no property "maxPayload" here. Fix: config: { maxPayload: … }',
      'writeDeadlin: there is no property "writeDeadlin" here. Fix: config: { writeDeadline: … }',
    ],
  ],
  [
    "keys of nats.conf in a rollout and beside a region's target, and one in tls, which has other ones",
    () =>
      loose.superCluster({
        regions: { east: { target, maxPayload: 1, rollout: { lameDuckDuration: "30s" }, tls: { cipherSuites: [] } } },
      }),
    [
      'regions.east.maxPayload: there is no property "maxPayload" here. Fix: config: { maxPayload: … }',
      'regions.east.tls.cipherSuites: there is no property "cipherSuites" here. Fix: one of issuer, hosts, validity, renewBefore, cert, key, ca, verify',
      'regions.east.rollout.lameDuckDuration: there is no property "lameDuckDuration" here. Fix: config: { lameDuckDuration: … }',
    ],
  ],
  [
    "typos in a cluster's tls and rollout, and in config, all at once",
    () => loose.cluster({ target, tls: { isuer: {} }, rollout: { timout: "5m" }, config: { maxPayloads: 1 } }),
    [
      'tls.isuer: there is no property "isuer" here. Fix: write issuer',
      'rollout.timout: there is no property "timout" here. Fix: write timeout',
      "config.maxPayloads: maxPayloads: unknown key. Fix: maxPayload",
    ],
  ],
  [
    "a rollout's time that is none",
    () => loose.cluster({ target, rollout: { timeout: "5 minutes" } }),
    ['rollout.timeout: "5 minutes" is not a duration (units: ns, us, ms, s, m, h, d, w). Fix: "5m"'],
  ],
  [
    "no region, and a gateway beside the regions",
    () => loose.superCluster({ regions: {}, gatway: {} }),
    [
      'gatway: there is no property "gatway" here. Fix: regions: { "us-east": { target, gateway: { … } } }',
      'regions: there is no region. Fix: regions: { "us-east": { target: nats.hosts(["10.0.1.11"]) } }',
    ],
  ],
  [
    "no arguments at all",
    () => loose.cluster(undefined),
    [": the arguments are missing. Fix: { target: nats.thisMachine({ servers: 3 }) }"],
  ],
  [
    "nothing in their place",
    () => loose.cluster(null),
    [": null: an object is wanted. Fix: { target: nats.thisMachine({ servers: 3 }) }"],
  ],
  [
    "a cluster without a target",
    () => loose.cluster({ jetstream: {} }),
    ["target: is missing. Fix: target: nats.thisMachine({ servers: 3 }), nats.hosts([…]) or nats.kubernetes({ … })"],
  ],
  [
    "a target that was not called",
    () => loose.cluster({ target: thisMachine }),
    [
      "target: a function: a target is wanted. Fix: target: nats.thisMachine({ servers: 3 }), nats.hosts([…]) or nats.kubernetes({ … })",
    ],
  ],
  [
    "values of other kinds",
    () =>
      loose.cluster({
        target,
        name: 5,
        version: 2.15,
        tls: "on",
        config: [],
        files: ["a.pem"],
        secretFiles: { "a.creds": 12345 },
        rollout: { allowOutage: "true", timeout: 5 },
        onDataLoss: "ignore",
        operator: "MyOperator",
      }),
    [
      'name: 5: text is wanted. Fix: "5"',
      'version: 2.15: text is wanted. Fix: "2.15"',
      'tls: "on": an object is wanted. Fix: tls: { issuer: new nats.CertificateAuthority("ca") }',
      'operator: "MyOperator": an operator is wanted. Fix: operator: new nats.Operator("MyOperator")',
      'config: a list: an object is wanted. Fix: config: { maxPayload: "8MiB" }',
      'files: a list: an object is wanted. Fix: files: { "hub/ca.pem": pem }',
      'secretFiles."a.creds": a number: text is wanted',
      'rollout.timeout: 5 has no unit. Fix: "5s", "5m" or "5h"',
      'rollout.allowOutage: "true": true or false is wanted. Fix: true',
      'onDataLoss: "ignore": "refuse" or "allow" is wanted',
    ],
  ],
  [
    "null, an Output and a Promise where a plain value is wanted",
    () => loose.cluster({ target, tls: null, name: pulumi.output("east"), version: Promise.resolve("2.15.2") }),
    [
      'name: an Output, known only later: text is wanted, known when the program runs. Fix: a plain value, such as config.require("…")',
      'version: a Promise, known only later: text is wanted, known when the program runs. Fix: a plain value, such as config.require("…")',
      "tls: null: an object is wanted. Fix: leave it out",
    ],
  ],
  [
    "typos of a leaf node, of its links and of the cluster that it is",
    () => loose.leafNode({ target, hub, denyImport: [], jetstrem: {}, links: [{ acount: "A" }] }),
    [
      'denyImport: there is no property "denyImport" here. Fix: write denyImports',
      'jetstrem: there is no property "jetstrem" here. Fix: write jetstream',
      'links[0].acount: there is no property "acount" here. Fix: write account',
    ],
  ],
  [
    "a leaf node without a hub",
    () => loose.leafNode({ target }),
    ['hub: is missing. Fix: hub: east (a nats.Cluster), or { leafnodeUrls: ["tls://hub:7422"] }'],
  ],
  [
    "all of a leaf node's arguments in their place",
    () => loose.leafNode({ target, hub, account: "APP", denyExports: ["x"] }),
    [],
  ],
  [
    "credentials of a leaf node's links of which one would not count",
    () =>
      loose.leafNode({
        target,
        hub,
        password: pulumi.secret("of whom"),
        links: [
          { creds: "creds", user: "edge", password: "twice" },
          { user: "edge", password: "once" },
        ],
      }),
    [
      'password: is of no use without the user at the hub whose it is. Fix: user: "edge"',
      "links[0].creds: stands beside user and password: one kind of credentials counts. Fix: without creds, or without user and password",
    ],
  ],
  [
    "typos of a supercluster and of its regions",
    () =>
      loose.superCluster({ region: {}, regions: { east: { target, jetstrem: {}, gateway: { authorization: {} } } } }),
    [
      'region: there is no property "region" here. Fix: write regions',
      'regions.east.jetstrem: there is no property "jetstrem" here. Fix: write jetstream',
      "regions.east.gateway.authorization: the supercluster sets this itself, the same for all of its regions. Fix: leave it out",
    ],
  ],
  [
    "no regions, and one without a target",
    () => loose.superCluster({ regions: { east: {} } }),
    [
      "regions.east.target: is missing. Fix: target: nats.thisMachine({ servers: 3 }), nats.hosts([…]) or nats.kubernetes({ … })",
    ],
  ],
  [
    "a list of regions",
    () => loose.superCluster({ regions: [{ target }] }),
    ['regions: a list: an object is wanted. Fix: regions: { "us-east": { target: nats.hosts(["10.0.1.11"]) } }'],
  ],
  [
    "typos of hosts, their ssh and their options",
    () =>
      loose.hosts([{ adress: "10.0.0.1" }, { address: "10.0.0.2", ssh: { usr: "ops", proxyJump: { port: 22 } } }], {
        datadir: "/data",
        port: {},
      }),
    [
      'hosts[0].adress: there is no property "adress" here. Fix: write address',
      'hosts[0].address: is missing. Fix: address: "10.0.1.11"',
      'hosts[1].ssh.usr: there is no property "usr" here. Fix: write user',
      'hosts[1].ssh.proxyJump.address: is missing. Fix: address: "bastion.example.com"',
      'datadir: there is no property "datadir" here. Fix: write dataDir',
      'port: there is no property "port" here. Fix: write ports',
    ],
  ],
  [
    "hosts that are no list, or of other kinds",
    () => loose.hosts("10.0.0.1", null),
    [
      'hosts: "10.0.0.1": a list is wanted. Fix: ["10.0.1.11", "10.0.1.12", "10.0.1.13"]',
      ": null: an object is wanted. Fix: leave it out",
    ],
  ],
  [
    "members of hosts of other kinds",
    () => loose.hosts([5, { address: "10.0.0.1", ports: { client: "4222" }, ssh: { password: 12345 } }]),
    [
      "hosts[0]: 5: an object is wanted",
      "hosts[1].ssh.password: a number: text is wanted",
      'hosts[1].ports.client: "4222": a number is wanted. Fix: 4222',
    ],
  ],
  [
    "a binary out of nowhere",
    () => loose.hosts(["10.0.0.1"], { binary: {} }),
    [
      'binary: neither url nor file says where nats-server comes from. Fix: binary: { url: "https://example.com/nats-server", sha256: "…" }',
    ],
  ],
  [
    "a binary without its checksum",
    () => loose.hosts(["10.0.0.1"], { binary: { url: "https://example.com/n" } }),
    ["binary.sha256: nothing is no SHA-256 in 64 hexadecimal digits. Fix: the output of `sha256sum nats-server`"],
  ],
  ["Kubernetes without a namespace", () => loose.kubernetes({}), ['namespace: is missing. Fix: namespace: "nats"']],
  [
    "Kubernetes without anything",
    () => loose.kubernetes(),
    [': the arguments are missing. Fix: { namespace: "nats" }'],
  ],
  [
    "typos and other kinds for Kubernetes",
    () =>
      loose.kubernetes({
        namespace: "nats",
        servers: "3",
        replicas: 3,
        volume: { class: "ssd" },
        service: { type: "Loadbalancer" },
        exporter: { podMonitor: { label: {} } },
        transform: { Statefulset: () => ({}), Service: {} },
        resources: { limits: { cpu: 2 } },
      }),
    [
      'replicas: there is no property "replicas" here. Fix: write servers',
      'servers: "3": a number is wanted. Fix: 3',
      'volume.class: there is no property "class" here. Fix: one of kind, size, storageClass, accessMode',
      'resources.limits.cpu: 2: text is wanted. Fix: "2"',
      'service.type: "Loadbalancer": "ClusterIP" or "NodePort" or "LoadBalancer" is wanted. Fix: "LoadBalancer"',
      'exporter.podMonitor.label: there is no property "label" here. Fix: write labels',
      'transform.Statefulset: there is no property "Statefulset" here. Fix: write StatefulSet',
      "transform.Service: an object: a function is wanted",
    ],
  ],
  [
    "typos and other kinds for this machine",
    () =>
      loose.thisMachine({ server: 3, servers: "3", port: { client: 4222 }, ports: { clients: 4222, monitor: null } }),
    [
      'server: there is no property "server" here. Fix: write servers',
      'port: there is no property "port" here. Fix: write ports',
      'servers: "3": a number is wanted. Fix: 3',
      'ports.clients: there is no property "clients" here. Fix: write client',
      "ports.monitor: null: a number is wanted. Fix: leave it out",
    ],
  ],
  [
    "a target, shape and settings that are wrong, all at once and without echoes",
    () =>
      loose.cluster({
        target: thisMachine({
          servers: 12,
          dir: "servers",
          monitorListen: "localhost",
          ports: { client: 4222, monitor: 70_000 },
        }),
        jetstrem: {},
        config: { maxPayloads: 1 },
        accounts: { APP: { users: [{ user: pulumi.output("app"), pasword: "x" }] } },
      }),
    [
      'jetstrem: there is no property "jetstrem" here. Fix: write jetstream',
      'target.monitorListen: "localhost" is no IP address to listen on. Fix: monitorListen: "127.0.0.1"',
      "target.servers: 12: a whole number from 1 to 9 is wanted. Fix: servers: 3",
      `target.dir: "servers" is not an absolute path: from another folder it would be another one. Fix: dir: "${path.resolve("servers")}"`,
      "target.ports.monitor: port 70000: a whole number from 1 to 65535 is wanted. Fix: monitor: 8222",
      "config.maxPayloads: maxPayloads: unknown key. Fix: maxPayload",
      "accounts.APP.users[0].pasword: pasword: unknown key. Fix: password",
    ],
  ],
  [
    "no target, and settings that are wrong",
    () => loose.cluster({ config: { maxPayloads: 1, port: 4222 } }),
    [
      "target: is missing. Fix: target: nats.thisMachine({ servers: 3 }), nats.hosts([…]) or nats.kubernetes({ … })",
      "config.maxPayloads: maxPayloads: unknown key. Fix: maxPayload",
      "config.port: the cluster sets this itself: ports are the target's. Fix: leave it out",
    ],
  ],
  [
    "targets of a leaf node and of a supercluster's regions, beside all else",
    () => loose.leafNode({ hub, target: hosts([]), usr: "edge" }),
    [
      'usr: there is no property "usr" here. Fix: write user',
      'target.hosts: there is no host. Fix: [{ address: "10.0.1.11" }]',
    ],
  ],
  [
    "hubs, remotes and JetStream of a leaf node",
    () =>
      loose.leafNode({
        target,
        hub: { leafnodeUrls: "tls://hub" },
        leafnodes: { remotes: [null, 5] },
        jetstream: null,
      }),
    [
      "leafnodes.remotes[0]: null: an object is wanted. Fix: leave it out",
      "leafnodes.remotes[1]: 5: an object is wanted",
      'hub.leafnodeUrls: "tls://hub": a list is wanted. Fix: leafnodeUrls: ["tls://hub:7422"]',
    ],
  ],
  [
    "a hub of another stack that has no addresses",
    () => loose.leafNode({ target, hub: { leafnodeUrls: pulumi.output(undefined) }, accounts: { A: {} } }),
    ["leafnodes.remotes[0].urls: the hub has no address for leaf nodes. Fix: leafnodes: {} at the hub"],
  ],
  [
    "a region that is nothing, and a record of gateways without its members",
    () => loose.superCluster({ regions: { east: undefined }, join: { cluster: {}, user: "gateway" } }),
    [
      "regions.east: is missing",
      'join.cluster: there is no property "cluster" here. Fix: write clusters',
      "join.clusters: is missing",
      "join.password: is missing",
    ],
  ],
  [
    "targets of a supercluster's regions",
    () =>
      loose.superCluster({
        jetstrem: {},
        regions: {
          east: { target: hosts(["10.0.0.1"], { dir: "nats" }) },
          west: { target: thisMachine({ servers: 0 }) },
        },
      }),
    [
      'jetstrem: there is no property "jetstrem" here. Fix: write jetstream',
      'regions.east.target.dir: "nats" is no absolute path of letters, digits, ".", "_" and "-". Fix: dir: "/data/nats"',
      "regions.west.target.servers: 0: a whole number from 1 to 9 is wanted. Fix: servers: 3",
    ],
  ],
  ["a number for this machine", () => loose.thisMachine(3), [": 3: an object is wanted"]],
];

describe("Arguments of another shape, as plain JavaScript lets them through", () => {
  for (const [what, program, expected] of cases) {
    it(`are told: ${what}`, async () => assert.deepEqual(await said(program), expected));
  }
});
