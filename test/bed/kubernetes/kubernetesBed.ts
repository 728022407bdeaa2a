import path from "node:path";
import type { Context } from "mocha";
import { skipWithout } from "../requireTool";
import { joinCluster, kubeconfig, prepareCluster } from "./cluster";
import { run } from "./run";
import { watch } from "./watch";

/** A cold build takes its time; it is done once. */
const longestBuild = 45 * 60_000;

export interface KubernetesBed {
  readonly kubeconfig: string;
  /** For a stack's options: the kubeconfig. Pulumi's Kubernetes provider is on this process's PATH from now on. */
  readonly env: Readonly<Record<string, string>>;
  /** The node's address, on which NodePorts listen. */
  readonly address: string;
  /** What kubectl prints; fails with what it said. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** `kubectl get --watch …` until a line of what it prints is this one: what lasts for a moment only is seen too. */
  watch(line: string, ...args: readonly string[]): Promise<void>;
  /** Asks for a pod to go as `kubectl drain` does, which a PodDisruptionBudget may refuse; with `dryRun` nothing goes. */
  evict(namespace: string, pod: string, options?: { readonly dryRun: boolean }): Promise<void>;
  /** `kubectl apply` of objects, or of YAML. */
  apply(objects: string | readonly object[], namespace?: string): Promise<void>;
  /** A namespace of its own for one test; by default its pods must satisfy the restricted pod security standard. */
  namespace(label: string, security?: "restricted" | "baseline" | "privileged"): Promise<string>;
  /** Removes the namespaces that this bed made, and leaves the cluster; the last to leave ends it. */
  down(): Promise<void>;
}

/** A real Kubernetes cluster of one node, shared by all tests that run at the same time. */
export async function kubernetesBed(test: Context): Promise<KubernetesBed> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    skipWithout(test, "root on Linux", new Error("the Kubernetes bed is for root on Linux"));
  }
  test.timeout(longestBuild);
  return joinKubernetesBed();
}

/** The same for what is no test. */
export async function joinKubernetesBed(): Promise<KubernetesBed> {
  const { bin, images, plugin } = await prepareCluster();
  if (!process.env["PATH"]!.startsWith(plugin)) process.env["PATH"] = plugin + path.delimiter + process.env["PATH"];
  const leave = await joinCluster(bin, images);
  const kube = path.join(bin, "kube");
  const kubectl = (...args: readonly string[]): Promise<string> =>
    run(kube, ["kubectl", "--kubeconfig", kubeconfig, ...args]);
  const namespaces: string[] = [];
  return {
    kubeconfig,
    env: { KUBECONFIG: kubeconfig },
    address: "10.244.0.1",
    kubectl,
    watch: (line, ...args) => watch(line, kube, ["kubectl", "--kubeconfig", kubeconfig, "get", "--watch", ...args]),
    async evict(namespace, name, { dryRun } = { dryRun: false }) {
      const metadata = { name, namespace };
      const deleteOptions = dryRun ? { dryRun: ["All"] } : {};
      const stdin = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata, deleteOptions });
      const place = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
      await run(kube, ["kubectl", "--kubeconfig", kubeconfig, "create", "--raw", place, "-f", "-"], { stdin });
    },
    async apply(objects, namespace = "default") {
      const stdin =
        typeof objects === "string" ? objects : objects.map((object) => JSON.stringify(object)).join("\n---\n");
      const args = ["kubectl", "--kubeconfig", kubeconfig, "apply", "-n", namespace, "-f", "-"];
      await run(kube, args, { stdin });
    },
    async namespace(label, security = "restricted") {
      const name = `${label}-${process.pid}-${namespaces.length}`;
      await kubectl("create", "namespace", name);
      namespaces.push(name);
      await kubectl("label", "namespace", name, `pod-security.kubernetes.io/enforce=${security}`);
      await kubectl("wait", "-n", name, "--for=create", "serviceaccount/default", "--timeout=60s");
      return name;
    },
    async down() {
      if (namespaces.length > 0) await kubectl("delete", "namespace", "--wait=false", ...namespaces);
      await leave();
    },
  };
}
