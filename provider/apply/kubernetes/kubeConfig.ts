import type { KubeConfig } from "@kubernetes/client-node";
import { NatsError } from "../../errors";
import { nearest } from "../../model/config/propertyName";

export interface KubeAccess {
  /** Content of a kubeconfig file, or the path of one; default KUBECONFIG, ~/.kube/config, or the pod's own account. */
  readonly kubeconfig?: string;
  /** Default: the kubeconfig's current context. */
  readonly context?: string;
}

/** Loads the client library too, which takes half a second: only when something is asked. */
export async function loadKubeConfig(access: KubeAccess): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import("@kubernetes/client-node");
  const config = new Config();
  const { kubeconfig, context } = access;
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (/[\n{]/.test(kubeconfig)) config.loadFromString(kubeconfig);
    else config.loadFromFile(kubeconfig.replace(/^~(?=\/|$)/, process.env["HOME"] ?? "~"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isFile = kubeconfig !== undefined && !/[\n{]/.test(kubeconfig);
    // The parser shows an excerpt below its words, where tokens and keys may stand.
    const reason = isFile && code === "ENOENT" ? `there is no file ${kubeconfig}` : message.split("\n")[0]!;
    const fix = isFile
      ? 'the path of one, or its content: kubeconfig: readFileSync("kubeconfig.yaml", "utf8")'
      : "what `kubectl config view --raw --minify` prints";
    throw new NatsError(`the kubeconfig can't be read: ${reason}. Fix: ${fix}`, { cause: error });
  }
  if (context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context)) {
      const near = nearest(context, names) ?? names[0];
      const fix = near === undefined ? "a kubeconfig with contexts, or without context" : `context: "${near}"`;
      const all = names.length === 0 ? "none at all" : `only ${names.map((name) => `"${name}"`).join(", ")}`;
      throw new NatsError(`the kubeconfig has no context "${context}", ${all}. Fix: ${fix}`);
    }
    config.setCurrentContext(context);
  }
  // Without any kubeconfig the library would dial a port of this machine.
  if (!config.getCurrentCluster() || (kubeconfig === undefined && isPlaceholder(config))) {
    throw new NatsError(
      "there is no kubeconfig. Fix: nats.kubernetes({ kubeconfig }), or KUBECONFIG, or the file ~/.kube/config",
    );
  }
  return config;
}

function isPlaceholder(config: KubeConfig): boolean {
  return config.getCurrentCluster()?.server === "http://localhost:8080";
}
