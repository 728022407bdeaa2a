import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { thisMachine } from "../../components/thisMachine";
import type { ThisMachineArgs } from "../../components/thisMachine";
import { problemText } from "../../provider/errors";
import type { ServersInputs } from "../../provider/model/servers";
import { serversHandler } from "../../provider/resources/serversHandler";
import { testAuthority, testCertificate } from "../bed/authority";
import { ClusterBed } from "../bed/clusterBed";
import { register } from "./mocks";

type Args = Omit<Partial<ClusterArgs>, "target"> & {
  readonly servers?: number;
  readonly ports?: ThisMachineArgs["ports"];
};

const users = [{ user: "app", password: "app-password-1" }];

describe("Bad input of a cluster", function () {
  this.timeout(60_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  /** What the check of a preview says, as "path: reason. Fix: …". */
  async function problemsOf({ servers = 3, ports, ...args }: Args, resource = "east"): Promise<string[]> {
    await bed.target("east", servers);
    const place = {
      client: bed.port("east", "client"),
      cluster: bed.port("east", "cluster"),
      monitor: bed.port("east", "monitor"),
    };
    const target = thisMachine({ servers, dir: bed.dir("east"), ports: { ...place, ...ports } });
    const all = await register(
      () => void new Cluster(resource, { target, accounts: { APP: { users } }, ...(args as object) }),
    );
    const inputs = plain(all.find(({ type }) => type.endsWith(":Servers"))!.inputs) as ServersInputs;
    const silent = async (): Promise<void> => undefined;
    const context = {
      config: new Map<string, string>(),
      urn: undefined,
      timeout: undefined,
      warn: silent,
      info: silent,
    };
    const { problems } = await serversHandler.check(context, undefined, {
      ...inputs,
      secrets: { ...inputs.secrets, ...(inputs.secrets["MANAGEMENT_NKEY"] ? { MANAGEMENT_NKEY: nkey } : {}) },
    });
    return problems.map((problem) => `${problem.path}: ${problemText(problem)}`);
  }
  const nkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

  const cases: readonly (readonly [what: string, args: Args, expected: readonly RegExp[]])[] = [
    ["nothing, where all is well", {}, []],
    [
      "an unknown key in config",
      { config: { maxPayloads: 1 } as never },
      [/^config\.maxPayloads: maxPayloads: unknown key\. Fix: maxPayload/],
    ],
    [
      "an unknown key in jetstream",
      { jetstream: { maxFileStor: "1GiB" } as never },
      [/^jetstream\.maxFileStor: .*unknown key\. Fix: maxFileStore/],
    ],
    [
      "an unknown key of a user",
      { accounts: { APP: { users: [{ user: "app", pasword: "x" }] } } as never },
      [/^accounts\.APP\.users\[0\]\.pasword: .*unknown key\. Fix: password/],
    ],
    [
      "a size of potatoes",
      { config: { maxPayload: "8 potatoes" as never } },
      [/^config\.maxPayload: "8 potatoes" is not a size .*Fix: "/],
    ],
    ["a size without its unit", { jetstream: { maxFileStore: 8 as never } }, [/^jetstream\.maxFileStore: 8 .*Fix: /]],
    [
      "a duration without its unit",
      { config: { pingInterval: 20 as never } },
      [/^config\.pingInterval: 20 .*Fix: "20s"/],
    ],
    [
      "a name with spaces",
      { name: "my cluster" },
      [/^name: the name "my cluster" can't name a cluster: .* Fix: name: "my-cluster"$/],
    ],
    ["another name of the gateway", { gateway: { name: "west" } }, [/gateway\.name: .*gateway has the cluster's name/]],
    [
      "an even count of servers with JetStream",
      { servers: 2, jetstream: {} },
      [/^nodes: 2 servers with JetStream .*Fix: servers: 3$/],
    ],
    ["TLS out of nothing", { tls: {} }, [/^tls: there is neither an issuer nor a certificate\. Fix: tls: \{ issuer/]],
    [
      "a certificate without key and CA",
      { tls: { cert: "x" } },
      [/^tls\.key: is missing beside tls\.cert/, /^tls\.ca: is missing/],
    ],
    [
      "a version that is none",
      { version: "latest" },
      [/^version: "latest" is no version of nats-server\. Fix: version: "2\.15\.2"$/],
    ],
    [
      "a version that is too old",
      { version: "2.10.22" },
      [/^version: nats-server 2\.10\.22 .*at least 2\.11.*Fix: version: "2\.11\.17"$/],
    ],
    [
      "a field that the version does not know",
      { version: "2.11.17", config: { featureFlags: { js_ack_fc_v2: true } } },
      [/^config: feature_flags: .*2\.14/],
    ],
    [
      "two users of one name",
      { accounts: { APP: { users: [...users, ...users] } } },
      [/accounts\.APP\.users\[1\].*app.*/],
    ],
    [
      "an empty password",
      { accounts: { my_app: { users: [{ user: "app", password: pulumi.secret("") }] } } },
      [/^accounts\.my_app\.users\[0\]\.password: is empty/],
    ],
    [
      "a token beside accounts",
      { authorization: { token: "a-token-1" } },
      [/^authorization\.token: the server takes no token beside accounts/],
    ],
    [
      "an operator of nats.conf",
      { config: { operator: "x.jwt" } },
      [/^config\.operator: it belongs to an operator, and the cluster has none\. Fix: operator: new nats\.Operator/],
    ],
    [
      "a block that is given twice",
      { jetstream: {}, config: { jetstream: {} } },
      [/^config\.jetstream: jetstream is given twice/],
    ],
  ];
  // What follows from another fault of the same place is not said beside it.
  const echoes: readonly (readonly [what: string, args: Args])[] = [
    ["accounts that are a number", { accounts: 5 as never }],
    ["accounts under another name", { accounts: undefined, acounts: {} } as never],
    ["authorization under another name", { accounts: undefined, authorisation: { token: "t" } } as never],
    ["a user without a name", { accounts: undefined, authorization: { users: "app" } as never }],
  ];
  for (const [what, args] of echoes) {
    it(`is told of ${what} alone, not of the missing users too`, async () => {
      const problems = await problemsOf(args);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.doesNotMatch(problems[0]!, /no user is declared/);
    });
  }

  for (const [what, args, expected] of cases) {
    it(`is told: ${what}`, async () => {
      const problems = await problemsOf(args);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, wanted] of expected.entries()) assert.match(problems[index]!, wanted);
    });
  }

  it("is told: ports that meet, and a port of another program", async () => {
    const client = bed.port("east", "client");
    const overlap = await problemsOf({ ports: { monitor: client + 1 } });
    assert.match(
      overlap[0]!,
      /ports\.(client|monitor): port \d+ is east-\d's (monitor|client) listener already\. Fix: /,
    );
    const server = createServer().listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as AddressInfo;
      const [taken, ...rest] = await problemsOf({ servers: 1, ports: { client: port } });
      assert.match(
        taken!,
        new RegExp(`^nodes\\.east-1\\.ports\\.client: port ${port} is in use by process ${process.pid} .*Fix: end it`),
      );
      assert.deepEqual(rest, []);
    } finally {
      server.close();
    }
  });

  it("is told: certificates that have expired, belong to another key or address", async () => {
    const authority = await testAuthority();
    const tls = { ...(await testCertificate(authority)), ca: authority.cert };
    assert.deepEqual(await problemsOf({ tls }), []);
    const old = {
      ...(await testCertificate(authority, { days: -1, now: new Date(Date.now() - 86_400_000) })),
      ca: authority.cert,
    };
    assert.match((await problemsOf({ tls: old })).join(), /tls\.cert: .*expired/);
    const other = await testCertificate(authority);
    assert.match((await problemsOf({ tls: { ...tls, key: other.key } })).join(), /tls\.key: .*not.*certificate/);
    const elsewhere = {
      ...(await testCertificate(authority, { dnsNames: ["nats.example"], ipAddresses: [] })),
      ca: authority.cert,
    };
    assert.match((await problemsOf({ tls: elsewhere })).join(), /tls\.cert: .*127\.0\.0\.1/);
    const oneWay = { ...(await testCertificate(authority, { usages: ["server"] })), ca: authority.cert };
    assert.match((await problemsOf({ tls: oneWay })).join(), /tls\.cert: .*client/);
    assert.deepEqual(await problemsOf({ tls: oneWay, servers: 1 }), []);
    const stranger = await testAuthority("another CA");
    assert.match((await problemsOf({ tls: { ...tls, ca: stranger.cert } })).join(), /tls\.(ca|cert): .*sign/);
  });

  it("is told: a folder that depends on where the program runs, all of it at once", () => {
    const target = thisMachine({ dir: "servers", servers: 0, ports: { clients: 1 } as never });
    assert.match(
      target.problems!.map((problem) => `${problem.path}: ${problemText(problem)}`).join("\n"),
      /^ports\.clients: there is no property "clients" here\. Fix: write client\nservers: 0: .*\ndir: "servers" is not an absolute path.*Fix: dir: "\/.*servers"$/,
    );
  });

  it("all of it in one go", async () => {
    const problems = await problemsOf({
      name: "my cluster",
      tls: {},
      config: { maxPayloads: 1 } as never,
      version: "1",
    });
    assert.deepEqual(
      problems.map((text) => text.split(":")[0]),
      ["name", "tls", "config.maxPayloads", "version"],
    );
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const found = await problemsOf({ servers: 1, ports: { client: port }, config: { maxPayloads: 1 } as never });
      assert.deepEqual(
        found.map((text) => text.split(":")[0]),
        ["config.maxPayloads", "nodes.east-1.ports.client"],
      );
    } finally {
      server.close();
    }
  });
});

/** Inputs as a provider gets them: without the marks of secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return plain((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
