import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { exposedServices } from "../provider/render/kubernetes/services";
import type { KubernetesSettings } from "../provider/render/kubernetes/settings";
import type { KubernetesObjects } from "./kubernetesObjects";
import type { Placement } from "./target";

/** Listeners that others dial from outside. */
export const exposed = ["gateway", "leafnodes"] as const;

/** "host:port" that others dial, maybe with "{pod}" in it; undefined where that is the pods' own names. */
export type ExposedAddresses = Readonly<Record<(typeof exposed)[number], pulumi.Output<string | undefined>>>;

/** Placements whose certificate waits for addresses that a LoadBalancer gets when its Service is made. */
const waiting = new WeakMap<Placement, (addresses: pulumi.Output<string[]>) => void>();

/** A placement with those addresses in its certificate; {@link announce} tells them. */
export function withLateHosts(placement: Placement): Placement {
  const [late, resolve] = pulumi.deferredOutput<string[]>();
  const known = pulumi.output(placement.tlsHosts ?? []) as pulumi.Output<string[]>;
  const tlsHosts = pulumi.all([known, late]).apply(([hosts, further]) => [...hosts, ...further]);
  const whole = { ...placement, tlsHosts };
  waiting.set(whole, resolve);
  return whole;
}

export function announce(placement: Placement, addresses: ExposedAddresses): void {
  const all = pulumi.all(exposed.map((listener) => addresses[listener]));
  waiting.get(placement)?.(
    all.apply((found) =>
      found.flatMap((address) => (address ? [address.replace(/:\d+$/, "").replace("{pod}", "*")] : [])),
    ),
  );
}

/** Makes the Services by which others come in, and says at which address they do. */
export function exposeListeners(settings: KubernetesSettings, objects: KubernetesObjects): ExposedAddresses {
  const address = (listener: (typeof exposed)[number]): pulumi.Output<string | undefined> => {
    const services = exposedServices(settings, listener).map((manifest) => {
      const suffix = manifest.metadata.name.slice(settings.name.length + 1);
      return objects.make<k8s.core.v1.Service>(suffix, objects.transformed(manifest));
    });
    const { type, address: given, nodePort } = settings[listener];
    const port = nodePort ?? settings.ports[listener];
    if (given !== undefined) return pulumi.output(`${given}:${port}`);
    const [service] = services;
    if (type !== "LoadBalancer" || !service) return pulumi.output(undefined);
    return service.status.loadBalancer.ingress[0]!.apply(({ hostname, ip }) => `${hostname || ip}:${port}`);
  };
  return { gateway: address("gateway"), leafnodes: address("leafnodes") };
}
