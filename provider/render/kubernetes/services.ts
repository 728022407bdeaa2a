import type { Listener } from "../../model/cluster";
import { objectNames } from "../../model/kubernetes";
import { objectLabels, ownAnnotations, selectorLabels } from "./labels";
import type { Manifest } from "./manifest";
import { present } from "../../model/present";
import type { ExposureSettings, KubernetesSettings, ServiceSettings } from "./settings";

/** Gives each pod its name in DNS, before it is ready too: servers find each other while they start. */
export function headlessService(settings: KubernetesSettings): Manifest {
  return service(settings, objectNames(settings.name).headless, {
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: selectorLabels(settings),
    ports: portsOf(settings, Object.keys(settings.ports) as Listener[]),
  });
}

/** One address for clients, which leads to any server that is ready. */
export function clientService(settings: KubernetesSettings): Manifest {
  return service(
    settings,
    objectNames(settings.name).client,
    {
      ...exposed(settings.service),
      selector: selectorLabels(settings),
      ports: portsOf(settings, ["client", "websocket", "mqtt"]),
    },
    settings.service.annotations,
  );
}

/** Services for gateways or leaf nodes that dial from elsewhere: one for all pods, or one for each where the address names the pod. */
export function exposedServices(settings: KubernetesSettings, listener: "gateway" | "leafnodes"): Manifest[] {
  const exposure = settings[listener];
  if (settings.ports[listener] === undefined) return [];
  const ports = portsOf(settings, [listener], exposure.nodePort);
  const make = (suffix: string, selector: Record<string, string>): Manifest =>
    service(
      settings,
      `${settings.name}-${listener}${suffix}`,
      { ...exposed(exposure), selector, ports },
      exposure.annotations,
    );
  if (!isPerPod(exposure)) return [make("", selectorLabels(settings))];
  return podNames(settings).map((pod, ordinal) =>
    make(`-${ordinal}`, { ...selectorLabels(settings), "statefulset.kubernetes.io/pod-name": pod }),
  );
}

/** True where every pod has an address of its own. */
function isPerPod({ address }: ExposureSettings): boolean {
  return address?.includes("{pod}") ?? false;
}

function podNames({ name, servers }: Pick<KubernetesSettings, "name" | "servers">): string[] {
  return Array.from({ length: servers }, (_, ordinal) => `${name}-${ordinal}`);
}

function exposed({ type }: ServiceSettings): object {
  // A connection that comes in by another node would lose its client's address.
  return type === "LoadBalancer" ? { type, externalTrafficPolicy: "Local" } : { type };
}

function portsOf(settings: KubernetesSettings, listeners: readonly Listener[], nodePort?: number): object[] {
  return listeners.flatMap((name) => {
    const port = settings.ports[name];
    return port === undefined ? [] : [present({ name, port, targetPort: name, appProtocol: "tcp", nodePort })];
  });
}

function service(
  settings: KubernetesSettings,
  name: string,
  spec: object,
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace: settings.namespace,
      labels: objectLabels(settings),
      annotations: { ...ownAnnotations(settings), ...annotations, ...awaited(spec) },
    },
    spec,
  };
}

/**
 * What @pulumi/kubernetes waits for. Ready endpoints are the rollout's business: a Service of servers that still start is no failure,
 * and by itself it would wait on for ten seconds after the last of them. A balancer's address must be there.
 */
function awaited(spec: object): Record<string, string> {
  return (spec as { type?: string }).type === "LoadBalancer"
    ? { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" }
    : { "pulumi.com/skipAwait": "true" };
}
