import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { KubernetesAccess } from "./kubernetesProvider";

interface Place extends Pick<KubernetesAccess, "kubeconfig" | "context"> {
  /** As the program calls the cluster. */
  readonly resource: string;
  readonly namespace: string;
  /** Of the StatefulSet. */
  readonly name: string;
}

/** Those of one run of a program: a process may run several. */
const places = new WeakMap<pulumi.Resource, Place[]>();

/** Notes where a cluster goes, and finds one of the same program that goes there too: both would write the same objects and volumes. */
export function sharedPlaceProblems(place: Place): pulumi.Output<Problem[]> {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return pulumi.output([]);
  const { namespace, name } = place;
  const before = places.get(stack) ?? [];
  places.set(stack, [...before, place]);
  const same = before.filter((other) => other.namespace === namespace && other.name === name);
  if (same.length === 0) return pulumi.output([]);
  const found = pulumi.all([accessOf(place), pulumi.all(same.map(accessOf))]).apply(([own, others]) => {
    const other = same[others.indexOf(own)];
    return other ? [problemOf(place, other)] : [];
  });
  return pulumi.unsecret(found);
}

function accessOf({ kubeconfig, context }: Place): pulumi.Output<string> {
  return pulumi.all([kubeconfig, context]).apply((access) => JSON.stringify(access));
}

function problemOf({ resource, namespace, name }: Place, other: Place): Problem {
  const reason = `nats.Cluster "${other.resource}" of this program is StatefulSet ${namespace}/${name} already, and "${resource}" would be the same one`;
  return { path: "name", reason, fix: `name: "${name}-2", or another namespace` };
}
