import assert from "node:assert/strict";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { natsPod } from "../bed/kubernetes/natsPod";

describe("the beds of hosts and of Kubernetes, beside each other", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let hosts: HostsBed;

  before(async function () {
    bed = await kubernetesBed(this);
    hosts = await hostsBed(this, { hosts: 1 });
  });
  after(async () => {
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
});
