import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { CliUser } from "../../components/cliUser";
import { Cluster } from "../../components/cluster";
import { hosts } from "../../components/hosts";
import { kubernetes } from "../../components/kubernetes";
import type { Target } from "../../components/target";
import { thisMachine } from "../../components/thisMachine";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { register, valueOf } from "./mocks";
import type { Registered } from "./mocks";

describe("Cluster on mocks", () => {
  it("declares generated secrets, one certificate for all servers, and the servers", async () => {
    const all = await register(() => {
      const ca = new CertificateAuthority("ca");
      new Cluster("east", {
        target: thisMachine({ servers: 3, dir: "/tmp/east" }),
        tls: { issuer: ca, hosts: ["nats.example"] },
      });
    });
    const names = all.map(({ type, name }) => `${type.split(/[:/]/).pop()} ${name}`);
    for (const wanted of [
      "Cluster east",
      "Password east-cluster",
      "Nkey east-management",
      "Certificate east-tls",
      "Servers east-servers",
    ]) {
      assert.ok(names.includes(wanted), `${wanted} in ${names.join(", ")}`);
    }
    const certificate = all.find(({ type }) => type.endsWith(":Certificate"))!;
    assert.deepEqual(certificate.inputs["dnsNames"], ["localhost", "nats.example"]);
    assert.deepEqual(certificate.inputs["ipAddresses"], ["127.0.0.1", "::1"]);
  });

  it("keeps every secret out of the shared text and lists it as a variable", async () => {
    const inputs = await serversOf({
      accounts: {
        APP: {
          users: [
            { user: "app", password: pulumi.secret("hunter2hunter2") },
            { user: "plain", password: "alsosecret" },
          ],
        },
      },
      config: { maxPayload: "2MiB" },
    });
    const config = inputs["config"] as string;
    assert.match(config, /user: "app"\n\s*password: \$ACCOUNTS_APP_USERS_APP_PASSWORD/);
    assert.match(config, /max_payload: 2097152/);
    assert.doesNotMatch(config, /hunter2|alsosecret|generated-password/);
    const secrets = secretOf(inputs["secrets"]) as Record<string, string>;
    assert.equal(secrets["ACCOUNTS_APP_USERS_APP_PASSWORD"], "hunter2hunter2");
    assert.equal(secrets["ACCOUNTS_APP_USERS_PLAIN_PASSWORD"], "alsosecret");
    assert.equal(secrets["MANAGEMENT_NKEY"], "UGENERATED");
    assert.equal(secrets["ROUTE_EAST_2"], "nats-route://cluster:generated-password@127.0.0.1:6223");
  });

  it("gives each server its own name and ports, and the program its URLs", async () => {
    let urls: string[] = [];
    let monitors: string[] = [];
    await register(async () => {
      const cluster = new Cluster("east", {
        target: thisMachine({ servers: 3, ports: { client: 5000 }, dir: "/tmp/east" }),
      });
      urls = await valueOf(cluster.urls);
      monitors = await valueOf(cluster.monitorUrls);
    });
    assert.deepEqual(urls, ["nats://127.0.0.1:5000", "nats://127.0.0.1:5001", "nats://127.0.0.1:5002"]);
    assert.deepEqual(monitors, ["http://127.0.0.1:8222", "http://127.0.0.1:8223", "http://127.0.0.1:8224"]);
  });

  it("lets the monitoring port listen where the program says, which its URL names", async () => {
    let urls: string[] = [];
    let monitors: string[] = [];
    const all = await register(async () => {
      const target = thisMachine({ host: "10.0.0.9", monitorListen: "::1", dir: "/tmp/east" });
      const cluster = new Cluster("east", { target });
      urls = await valueOf(cluster.urls);
      monitors = await valueOf(cluster.monitorUrls);
    });
    assert.deepEqual([urls, monitors], [["nats://10.0.0.9:4222"], ["http://[::1]:8222"]]);
    const { inputs } = all.find(({ type }) => type.endsWith(":Servers"))!;
    const nodes = inputs["nodes"] as Record<string, { config: string }>;
    assert.match(nodes["east-1"]!.config, /^CLIENT_LISTEN: "10\.0\.0\.9:4222"\nMONITOR_LISTEN: "\[::1\]:8222"$/m);
  });

  it("reports all problems of the arguments at once, with paths", async () => {
    const inputs = await serversOf({
      jetstream: { maxFileStor: "1GiB" } as never,
      config: { jetstream: {}, serverName: "x", maxPayload: "8 potatoes" as never },
    });
    const paths = (inputs["problems"] as { path: string }[]).map(({ path }) => path);
    assert.ok(paths.includes("config.jetstream"), paths.join());
    assert.ok(paths.includes("config.serverName"), paths.join());
    assert.ok(
      paths.some((path) => path.endsWith("maxFileStor")),
      paths.join(),
    );
    assert.ok(
      paths.some((path) => path.endsWith("maxPayload")),
      paths.join(),
    );
  });

  it("says of a key of the target's how that target sets it", async () => {
    const of = async (target: Target): Promise<string[]> => {
      const args = { port: 4222, http: 8222, host: "::", jetstream: { storeDir: "/x" } } as never;
      const all = await register(() => void new Cluster("east", { target, config: args }));
      const carrier = all.find(({ inputs }) => Array.isArray(inputs["problems"]))!;
      return (carrier.inputs["problems"] as { reason: string }[]).map(({ reason }) => reason);
    };
    const here = (await of(thisMachine({ dir: "/tmp/east" }))).join("\n");
    assert.match(
      here,
      /nats\.thisMachine\(\{ host \}\)[^]*thisMachine\(\{ ports: \{ client: 4222 \} \}\)[^]*monitor: 8222/,
    );
    const there = (await of(hosts(["10.0.0.1"]))).join("\n");
    assert.match(
      there,
      /nats\.hosts\(\[…\], \{ listen \}\)[^]*\{ ports: \{ client: 4222 \} \}[^]*monitor: 8222[^]*dataDir/,
    );
    const pods = (await of(kubernetes({ namespace: "nats" }))).join("\n");
    assert.match(pods, /listens on 4222; others come in by `nats\.kubernetes\(\{ service[^]*volume/);
    assert.doesNotMatch(there + pods, /thisMachine/);
  });

  it("gives the nats CLI what its context needs: the CA's file where there is one, TLS before anything where the servers want it", async () => {
    const contextOf = async (target: Target, user: CliUser): Promise<Record<string, unknown>> => {
      let context = "";
      await register(async () => {
        const issuer = new CertificateAuthority("ca");
        const cluster = new Cluster("east", { target, tls: { issuer }, config: { tls: { handshakeFirst: true } } });
        context = await valueOf(cluster.cliContext(user));
      });
      return JSON.parse(context) as Record<string, unknown>;
    };
    const here = await contextOf(thisMachine({ dir: "/tmp/east" }), { user: "app" });
    assert.deepEqual([here["ca"], here["tls_first"]], ["/tmp/east/east-1/current/tls/ca.pem", true]);
    assert.equal((await contextOf(thisMachine({ dir: "/tmp/east" }), { ca: "/etc/own.pem" }))["ca"], "/etc/own.pem");
    const there = await contextOf(hosts(["10.0.0.1"]), { user: "app", ca: "/etc/nats/ca.pem" });
    assert.deepEqual([there["ca"], there["url"]], ["/etc/nats/ca.pem", "tls://10.0.0.1:4222"]);
    await assert.rejects(
      contextOf(thisMachine({ dir: "/tmp/east" }), { usr: "app" } as never),
      /usr: .* Fix: write user/,
    );
  });

  it("warns where anyone may connect, and says no_auth_user in the text", async () => {
    const inputs = await serversOf({});
    assert.match(inputs["config"] as string, /no_auth_user: "anyone"/);
    const [problem] = inputs["problems"] as { path: string; severity: string }[];
    assert.equal(problem?.path, "accounts");
    assert.equal(problem?.severity, "warning");
  });
});

async function serversOf(args: Partial<ConstructorParameters<typeof Cluster>[1]>): Promise<Record<string, unknown>> {
  const all: Registered[] = await register(() => {
    new Cluster("east", { target: thisMachine({ servers: 3, dir: "/tmp/east" }), ...args });
  });
  return { ...all.find(({ type }) => type.endsWith(":Servers"))!.inputs };
}

/** The plain value of a secret as the mocks' engine sees it. */
function secretOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}
