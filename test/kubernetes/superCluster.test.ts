import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { hosts } from "../../components/hosts";
import { kubernetes } from "../../components/kubernetes";
import { SuperCluster } from "../../components/superCluster";
import { closeConnections, openConnection } from "../../provider/apply/connect";
import { waitFor } from "../../provider/apply/wait";
import { mergeConnection } from "../../provider/model/connection";
import type { AccountServers } from "../../provider/model/jwt/accountServers";
import { Account } from "../../provider/resources/account";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Operator } from "../../provider/resources/operator";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { User } from "../../provider/resources/user";
import { carries } from "../bed/carries";
import { greeting } from "../bed/greeting";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { withStack } from "../bed/stack";
import type { StackRun } from "../bed/stackRun";
import { untilHeard } from "../bed/untilHeard";

describe("A supercluster of a region on Kubernetes and one on hosts", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let site: HostsBed;
  let namespace: string;
  before(async function () {
    bed = await kubernetesBed(this);
    site = await hostsBed(this, { hosts: 1 });
    namespace = await bed.namespace("mixed");
  });
  after(async () => {
    await closeConnections();
    await site?.down();
    await bed?.down();
  });

  const program = async (): Promise<Record<string, unknown>> => {
    const ca = new CertificateAuthority("ca");
    const operator = new Operator("acme");
    const ssh = { user: "ops", privateKey: pulumi.secret(site.key), knownHostsFile: site.knownHostsFile };
    const world = new SuperCluster("world", {
      tls: { issuer: ca },
      jetstream: { maxFileStore: "128MiB", maxMemoryStore: "32MiB" },
      operator,
      rollout: { timeout: "90s" },
      regions: {
        cloud: {
          // The client library compares certificates with this name where it dials an IP address.
          tls: { hosts: ["localhost"] },
          target: kubernetes({
            namespace,
            kubeconfig: readFileSync(bed.kubeconfig, "utf8"),
            volume: { size: "256MiB" },
            service: { type: "LoadBalancer" },
            gateway: { type: "LoadBalancer" },
          }),
        },
        site: { target: hosts([{ address: site.hosts[0]!.address }], { ssh }) },
      },
    });
    const account = new Account("app", { cluster: world, jsDiskStorage: -1, jsStreams: -1, jsConsumer: -1 });
    const user = new User("app", { account });
    const login = { creds: user.creds, tls: { ca: ca.cert } };
    const provider = new Provider("app", { servers: world.region("cloud").urls, through: world, ...login });
    const options = { provider, deletedWith: account };
    const orders = new Stream(
      "ORDERS",
      { subjects: ["orders.>"], replicas: 3, placement: { cluster: "cloud" } },
      options,
    );
    new Stream("ORDERS-SITE", { mirror: { name: orders.name }, placement: { cluster: "site" } }, options);
    return {
      ca: ca.cert,
      gateways: world.region("cloud").gatewayUrls,
      pushed: account.pushed,
      servers: pulumi.secret(world.accountServers),
      creds: user.creds,
    };
  };

  it("comes up in one go, though the address of the cloud's gateways is there only when its Service is", async () => {
    await withStack(program, async (stack) => {
      const preview = await stack.preview();
      assert.equal(preview.step("world-site-servers").op, "create");
      const { outputs } = await stack.up();
      const balancer = (outputs["gateways"] as string[])[0]!;
      assert.match(balancer, /^nats:\/\/\d+\.\d+\.\d+\.\d+:7222$/);
      const login = (host: string): Promise<NatsConnection> =>
        connect({
          servers: `tls://${host}:4222`,
          authenticator: credsAuthenticator(Buffer.from(outputs["creds"] as string)),
          tls: { ca: outputs["ca"] as string },
        });
      await isLetInEverywhere(outputs);
      const path = "jsonpath={.status.loadBalancer.ingress[0].ip}";
      const cloud = await bed.kubectl("-n", namespace, "get", "service", "cloud", "-o", path);
      // A Service's rules reach the node in their own time.
      await waitFor("a server behind the balancer", { timeout: 30_000 }, () => greeting(cloud, 4222));
      const [host] = site.hosts;
      await carries(
        () => login(host!.address),
        () => login(cloud),
      );
      await carries(
        () => login(cloud),
        () => login(host!.address),
      );
      // Gateways tell each other where they are dialled: pods' own names are of no use outside.
      const varz = (await (await fetch(`http://${host!.address}:8222/varz`)).json()) as {
        gateway: { gateways: { name: string; urls: string[] }[] };
      };
      const dialled = varz.gateway.gateways.find(({ name }) => name === "cloud")!.urls;
      assert.deepEqual(dialled, [balancer.replace("nats://", "")]);
      const connection = await login(host!.address);
      const { streams } = await connection.jetstreamManager({ timeout: 10_000 });
      const { cluster } = await streams.info("ORDERS-SITE");
      assert.equal(cluster!.leader, "site-1");
      await connection.jetstream().publish("orders.one", "1", untilHeard);
      await waitFor("the message in the mirror", { timeout: 30_000 }, async () => {
        const { messages } = (await streams.info("ORDERS-SITE")).state;
        return messages === 1 ? { value: undefined } : { pending: `${messages} messages` };
      });
      await connection.close();
      const unchanged = await stack.preview();
      assert.deepEqual(Object.keys(unchanged.counts), ["same"], unchanged.text);
    });
  });

  /** The account's claims went to one region by a port-forward and to the other by ssh: each server of both takes its user in. */
  async function isLetInEverywhere(outputs: StackRun["outputs"]): Promise<void> {
    assert.deepEqual(Object.keys(outputs["pushed"] as object).sort(), ["cloud", "site"]);
    const regions = outputs["servers"] as readonly AccountServers[];
    const names: string[] = [];
    for (const { urls, ca, through } of regions) {
      for (const url of urls) {
        const settings = {
          servers: [url],
          creds: outputs["creds"] as string,
          ...(ca === undefined ? {} : { tls: { ca } }),
          ...(through === undefined ? {} : { through }),
        };
        const connection = await openConnection(mergeConnection([{ origin: "the test", settings, scope: 1 }]));
        names.push(connection.info!.server_name);
        await connection.close();
      }
    }
    assert.deepEqual(names.sort(), ["cloud-0", "cloud-1", "cloud-2", "site-1"]);
  }
});
