import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import { hosts as onHosts } from "../../components/hosts";
import { kubernetes } from "../../components/kubernetes";
import { LeafNode } from "../../components/leafNode";
import { closeConnections } from "../../provider/apply/connect";
import { waitFor } from "../../provider/apply/wait";
import { Account } from "../../provider/resources/account";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Operator } from "../../provider/resources/operator";
import { User } from "../../provider/resources/user";
import { carries } from "../bed/carries";
import { greeting } from "../bed/greeting";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { natsPod } from "../bed/kubernetes/natsPod";
import { withStack } from "../bed/stack";

describe("the beds of hosts and of Kubernetes, beside each other", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let hosts: HostsBed;

  before(async function () {
    bed = await kubernetesBed(this);
    hosts = await hostsBed(this, { hosts: 1 });
  });
  after(async () => {
    await closeConnections();
    await hosts?.down();
    await bed?.down();
  });

  it("let a host reach a pod, its Service and its node port, and a pod the host", async () => {
    const namespace = await bed.namespace("net");
    const { address } = await natsPod(bed, namespace, "");
    await bed.kubectl("patch", "-n", namespace, "service", "nats", "-p", '{"spec":{"type":"NodePort"}}');
    const value = (what: string, path: string): Promise<string> =>
      bed.kubectl("get", "-n", namespace, what, "-l", "app=nats", "-o", `jsonpath={.items[0].${path}}`);
    const pod = await value("pods", "status.podIP");
    const port = await value("services", "spec.ports[0].nodePort");
    const [host] = hosts.hosts;
    for (const [to, at] of [
      [pod, "4222"],
      [address, "4222"],
      [bed.address, port],
    ] as const) {
      // A Service's rules reach its node in their own time.
      const opened = `until { exec 3<>/dev/tcp/${to}/${at}; } 2>/dev/null; do sleep 0.1; done`;
      const stdout = await hosts.run(host!.name, `timeout 60 bash -c '${opened}; head -c 20 <&3'`);
      assert.match(stdout, /^INFO \{"server_id"/, `${to}:${at}`);
    }
    const seen = await bed.kubectl(
      "exec",
      "-n",
      namespace,
      "deployment/nats",
      "--",
      "sh",
      "-c",
      `nc -w 5 ${host!.address} 22 </dev/null`,
    );
    assert.match(seen, /^SSH-2\.0-/);
  });

  it("take a leaf node each, which a hub on Kubernetes lets in by the creds of an operator's user, over TLS", async () => {
    const namespace = await bed.namespace("leaf");
    await withStack(leaves(namespace), async (stack) => {
      const { outputs } = await stack.up();
      const address = async (what: string, path: string): Promise<string> =>
        bed.kubectl("get", "-n", namespace, what, "-o", `jsonpath={.status.${path}}`);
      const balancer = await address("service/hub", "loadBalancer.ingress[0].ip");
      // A Service's rules reach its node in their own time.
      await waitFor("the hub behind its balancer", { timeout: 30_000 }, () => greeting(balancer, 4222));
      const creds = outputs["creds"] as string;
      const hub = (): Promise<NatsConnection> =>
        connect({
          servers: `tls://${balancer}:4222`,
          authenticator: credsAuthenticator(Buffer.from(creds)),
          tls: { ca: outputs["ca"] as string },
        });
      const [host] = hosts.hosts;
      const places = { "site-1": host!.address, "shore-0": await address("pod/shore-0", "podIP") };
      for (const place of Object.values(places)) {
        const leaf = (): Promise<NatsConnection> =>
          connect({ servers: place, user: "sensor", pass: "sensor-password-1" });
        await carries(leaf, hub);
        await carries(hub, leaf);
      }
      const asked = async (of: string): Promise<unknown> => {
        const pod = await address("pod/hub-0", "podIP");
        return (await fetch(`http://${pod}:8222/${of}`)).json();
      };
      const { leafs } = (await asked("leafz")) as { leafs: { name: string; account: string }[] };
      const account = outputs["account"] as string;
      assert.deepEqual(
        leafs.map((leaf) => `${leaf.name} ${leaf.account}`).sort(),
        Object.keys(places)
          .map((name) => `${name} ${account}`)
          .sort(),
      );
      assert.equal(((await asked("varz")) as { leaf: { tls_required: boolean } }).leaf.tls_required, true);

      const file = "/var/lib/nats/site/site-1/current/hub-1/user.creds";
      assert.equal(await hosts.run(host!.name, `stat -c '%a %U' ${file}`), "600 nats\n");
      assert.equal(await hosts.run(host!.name, `cat ${file}`), creds);
      const kept = await bed.kubectl(
        ...["get", "-n", namespace, "secret/shore-secrets"],
        ...["-o", 'go-template={{index .data "hub-1__user.creds" | base64decode}}'],
      );
      assert.equal(kept, creds);
      const plain = await bed.kubectl("get", "-n", namespace, "configmap,statefulset,pod,service", "-o", "yaml");
      for (const text of [plain, stack.state()]) {
        assert.doesNotMatch(text, /BEGIN NATS USER JWT|\bS[OAU][A-Z2-7]{56}\b/);
      }
      const preview = await stack.preview();
      assert.deepEqual(Object.keys(preview.counts), ["same"], preview.text);
    });
  });

  /** A hub on Kubernetes, and leaf nodes of it on a host and on Kubernetes. */
  function leaves(namespace: string): pulumi.automation.PulumiFn {
    return async () => {
      const rollout = { timeout: "90s" };
      const issuer = new CertificateAuthority("ca");
      const shared = {
        namespace,
        kubeconfig: readFileSync(bed.kubeconfig, "utf8"),
        servers: 1,
        volume: { kind: "memory", size: "64MiB" },
      } as const;
      const balanced = { type: "LoadBalancer" } as const;
      const hub = new Cluster("hub", {
        target: kubernetes({ ...shared, service: balanced, leafnodes: balanced }),
        // The client library compares certificates with this name where it dials an IP address.
        tls: { issuer, hosts: ["localhost"] },
        operator: new Operator("acme"),
        leafnodes: {},
        rollout,
      });
      const account = new Account("things", { cluster: hub });
      const { creds } = new User("thing", { account });
      const local = {
        hub,
        creds,
        account: "LOCAL",
        accounts: { LOCAL: { users: [{ user: "sensor", password: pulumi.secret("sensor-password-1") }] } },
        rollout,
      };
      const ssh = { user: "ops", privateKey: pulumi.secret(hosts.key), knownHostsFile: hosts.knownHostsFile };
      new LeafNode("site", { target: onHosts([{ address: hosts.hosts[0]!.address }], { ssh }), ...local });
      new LeafNode("shore", { target: kubernetes(shared), ...local });
      return { ca: issuer.cert, creds, account: account.publicKey };
    };
  }
});
