import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { hosts } from "../../components/hosts";
import type { HostArgs, HostsOptions } from "../../components/hostsArgs";
import { SuperCluster } from "../../components/superCluster";
import { hasUnknown, isUnknown, unknownValue } from "../../provider/host/handler";
import type { Bag } from "../../provider/host/dynamicProvider";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { register, valueOf, Vm } from "./mocks";
import type { Registered } from "./mocks";

type Make = (list: readonly (pulumi.Input<string> | HostArgs)[], options?: HostsOptions) => Cluster;

const make: Make = (list, options) =>
  new Cluster("east", {
    target: hosts(list, options),
    tls: { issuer: new CertificateAuthority("ca") },
    gateway: {},
    leafnodes: {},
  });

/** As a handler gets them. */
const inputsOf = (all: readonly Registered[], kind: string): Bag =>
  plain(all.find(({ type }) => type.endsWith(`:${kind}`))!.inputs) as Bag;

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return unknownValue;
  const members = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]));
}

/** Beside the value of a secret in what the engine gets. */
const secretMark = "4dabf18193072939515e22adb298388d";

describe("nats.hosts with addresses that are Outputs", () => {
  const fingerprint = `SHA256:${"A".repeat(43)}`;
  const early = (): HostArgs[] => [
    {
      address: "10.0.0.1",
      advertise: "203.0.113.1",
      ssh: { address: "203.0.113.1", hostKey: fingerprint, port: 2222 },
    },
    { address: "fd00::2", advertise: "fd00::2", ssh: { proxyJump: { address: "jump.example.com" } } },
    { address: "10.0.0.3" },
  ];
  const later = <Value>(value: Value): pulumi.Output<Value> =>
    pulumi.output(Promise.resolve(value)) as pulumi.Output<Value>;
  const late = (): HostArgs[] => [
    {
      address: later("10.0.0.1"),
      advertise: Promise.resolve("203.0.113.1"),
      ssh: { address: later("203.0.113.1"), hostKey: later(fingerprint), port: later(2222) },
    },
    {
      address: later("fd00::2"),
      advertise: later("fd00::2"),
      ssh: { proxyJump: { address: later("jump.example.com") } },
    },
    { address: later("10.0.0.3") },
  ];

  for (const preview of [true, false]) {
    for (const listen of ["0.0.0.0", "address"]) {
      it(`is the same as with plain ones where they are known, ${preview ? "in a preview" : "in up"}, listening on ${listen}`, async () => {
        const registered = async (list: HostArgs[]): Promise<unknown[]> => {
          let outputs: unknown;
          const all = await register(
            async () => {
              const { urls, monitorUrls, gatewayUrls, leafnodeUrls, through } = make(list, { listen });
              if (preview) return;
              outputs = await valueOf(pulumi.all([urls, monitorUrls, gatewayUrls, leafnodeUrls, through]));
            },
            { preview },
          );
          return [inputsOf(all, "Servers"), inputsOf(all, "Certificate"), outputs];
        };
        const wanted = await registered(early());
        assert.match(JSON.stringify(wanted), /tls:..203\.0\.113\.1:4222/);
        assert.deepEqual(await registered(late()), wanted);
      });
    }
  }

  it("leaves open what hangs on machines that are not made yet, and nothing else", async () => {
    let known: boolean[] = [];
    const all = await register(
      async () => {
        const vms = [1, 2, 3].map((number) => new Vm(`vm-${number}`));
        const cluster = make(
          vms.map((vm) => ({ address: vm.privateIp, advertise: vm.publicIp, ssh: { hostKey: vm.hostKey } })),
          { listen: "address", ssh: { user: "ops" } },
        );
        const { urls, monitorUrls, gatewayUrls, leafnodeUrls, through, accountServers } = cluster;
        const outputs = [urls, monitorUrls, gatewayUrls, leafnodeUrls, through, accountServers, cluster.cliContext()];
        known = await Promise.all(
          outputs.map((output) => (output as unknown as { isKnown: Promise<boolean> }).isKnown),
        );
        assert.deepEqual(cluster.serverNames, ["east-1", "east-2", "east-3"]);
      },
      { preview: true },
    );
    assert.deepEqual(new Set(known), new Set([false]));
    const { config, nodes, target, problems } = inputsOf(all, "Servers") as Record<string, Record<string, Bag>>;
    assert.match(config as unknown as string, /name: "east"/);
    assert.doesNotMatch(JSON.stringify([config, nodes, target]), /unknown-until-applied|calling \[toString\]/i);
    assert.deepEqual(Object.keys(nodes!), ["east-1", "east-2", "east-3"]);
    for (const [name, node] of Object.entries(nodes!)) {
      const { client, monitor, cluster, gateway, leafnodes } = node["ports"] as Record<string, number>;
      assert.deepEqual([client, monitor, cluster, gateway, leafnodes], [4222, 8222, 6222, 7222, 7422]);
      assert.ok(isUnknown(node["config"]) && isUnknown(node["clientUrl"]));
      assert.match(String(node["unit"]), new RegExp(`WorkingDirectory=/var/lib/nats/east/${name}\n`));
    }
    const { dir, hosts: list } = target as unknown as { dir: string; hosts: Record<string, Bag> };
    assert.equal(dir, "/var/lib/nats/east");
    const ssh = list["east-2"]!["ssh"] as Bag;
    assert.equal(ssh["user"], "ops");
    assert.ok(isUnknown(ssh["address"]) && isUnknown(ssh["hostKey"]) && isUnknown(list["east-2"]!["address"]));
    assert.ok(hasUnknown(inputsOf(all, "Certificate")["dnsNames"]));
    assert.deepEqual(
      (problems as unknown as { path: string }[]).map(({ path }) => path),
      ["accounts"],
    );
  });

  it("is judged when it is known; what is plain at once", async () => {
    const bad = await register(() =>
      make([{ address: later("10.0.0.1 :22") }, later("10.0.0.9"), later("10.0.0.9"), later(undefined as never)]),
    );
    const said = (inputsOf(bad, "Servers")["problems"] as { path: string; reason: string; severity?: string }[])
      .filter(({ severity }) => severity !== "warning")
      .map(({ path, reason }) => `${path} ${reason}`);
    assert.deepEqual(said, [
      'hosts[0].address "10.0.0.1 :22" is no IP address and no DNS name',
      "hosts[3].address is empty",
      "hosts[2].address 10.0.0.9 is hosts[1] already, and both servers would listen on the same ports",
    ]);
    const [first] = hosts([
      { address: later("10.0.0.1"), name: later("a") as never, ports: { client: 70_000 } },
    ]).problems!;
    assert.equal(first!.path, "hosts[0].name");
    assert.match(first!.reason, /^an Output, known only later: text is wanted, known when the program runs/);
    const [named] = hosts([{ address: later("10.0.0.1"), name: "a.b" }]).problems!;
    assert.match(`${named!.path}: ${named!.reason}`, /^hosts\[0\]\.name: "a\.b" can't name/);
  });

  it("keeps a secret address a secret, in all that comes of it", async () => {
    const secret: boolean[] = [];
    const all = await register(async () => {
      const { gatewayUrls, leafnodeUrls, through } = make([{ address: pulumi.secret("10.0.0.1") }]);
      for (const output of [gatewayUrls, leafnodeUrls, through] as pulumi.Output<unknown>[])
        secret.push(await pulumi.isSecret(output));
    });
    assert.deepEqual(secret, [true, true, true]);
    const { nodes, target } = inputsOf(all, "Servers") as Record<string, Bag>;
    for (const part of [nodes!, target!]) {
      assert.deepEqual(Object.keys(part), [secretMark, "value"]);
      assert.match(JSON.stringify(part), /10\.0\.0\.1/);
    }
  });

  it("joins regions of machines that are not made yet", async () => {
    const all = await register(
      () => {
        const regions = ["us", "eu"].map((region): [string, { target: ReturnType<typeof hosts> }] => [
          region,
          { target: hosts([1, 2, 3].map((number) => new Vm(`${region}-${number}`).privateIp)) },
        ]);
        new SuperCluster("world", {
          tls: { issuer: new CertificateAuthority("ca") },
          accounts: { APP: { users: [{ user: "app", password: "app-password" }] } },
          regions: Object.fromEntries(regions),
        });
      },
      { preview: true },
    );
    const regions = inputsOf(all, "Regions")["regions"] as Record<string, Bag>;
    assert.deepEqual(Object.keys(regions["us"]!["servers"] as object), ["us-1", "us-2", "us-3"]);
    assert.ok(hasUnknown(regions["us"]!["gatewayUrls"]));
    const links = inputsOf(all, "GatewayLinks")["regions"] as { value: Record<string, Bag> };
    assert.deepEqual(Object.keys(links.value["eu"]!["servers"] as object), ["eu-1", "eu-2", "eu-3"]);
  });
});
