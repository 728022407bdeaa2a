import type { Problem } from "../../errors";
import { claimName } from "../../model/kubernetes";
import type { KubernetesInputs, StatefulSetSpec } from "../../model/kubernetes";
import type { LiveObjects } from "./liveObjects";

/** What Kubernetes never changes of a StatefulSet that is there. */
export async function frozenProblems(
  objects: LiveObjects,
  { target, statefulSet }: KubernetesInputs,
): Promise<Problem[]> {
  const live = await objects.statefulSet();
  if (!live) return [];
  const place = `StatefulSet ${target.namespace}/${target.name}`;
  const problems: Problem[] = [];
  for (const key of ["serviceName", "podManagementPolicy", "selector"] as const) {
    if (statefulSet[key] === undefined || same(statefulSet[key], live.spec[key])) continue;
    const reason = `${key} of ${place} is ${JSON.stringify(live.spec[key])}, and Kubernetes never changes that`;
    problems.push({ path: "target.transform", reason, fix: `leave ${key} as it was, or make a second cluster` });
  }
  return [...problems, ...claimProblems(place, statefulSet, live.spec)];
}

interface ClaimTemplate {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly storageClassName?: string; readonly accessModes?: readonly string[] };
}

function claimProblems(place: string, wanted: StatefulSetSpec, live: StatefulSetSpec): Problem[] {
  const find = (spec: StatefulSetSpec): ClaimTemplate | undefined =>
    (spec.volumeClaimTemplates as readonly ClaimTemplate[] | undefined)?.find(
      ({ metadata }) => metadata?.name === claimName,
    );
  const [to, from] = [find(wanted), find(live)];
  const fix = "leave it as it was, or make a second cluster to which streams move";
  if ((to === undefined) !== (from === undefined)) {
    const reason = `pods of ${place} ${from ? "have a claim each" : "have no claims"}, and Kubernetes never changes that`;
    return [{ path: "target.volume.kind", reason, fix }];
  }
  const problems: Problem[] = [];
  const was = from?.spec?.storageClassName;
  const shall = to?.spec?.storageClassName;
  if (shall !== undefined && shall !== was) {
    const reason = `claims of ${place} are of ${was === undefined ? "the default class" : `class "${was}"`}, and Kubernetes never changes that`;
    problems.push({ path: "target.volume.storageClass", reason: `"${shall}": ${reason}`, fix });
  }
  if (to && from && !same(to.spec?.accessModes, from.spec?.accessModes)) {
    const reason = `claims of ${place} are ${from.spec?.accessModes?.join()}, and Kubernetes never changes that`;
    problems.push({ path: "target.volume.accessMode", reason, fix });
  }
  return problems;
}

/** Whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
