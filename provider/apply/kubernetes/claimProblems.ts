import type { Problem } from "../../errors";
import { annotations, claimName, ordinalOf } from "../../model/kubernetes";
import type { KubernetesInputs } from "../../model/kubernetes";
import { bytesOf } from "../../render/kubernetes/quantity";
import type { KubeApi } from "./kubeApi";
import type { LiveObjects } from "./liveObjects";
import { canGrow } from "./storageProblems";

/** How long a meta group does not take a removed server's name back. */
const removalPause = 5 * 60_000;

/** Claims that can't become what is wanted, and those that hold the files of a server that was taken out. */
export async function claimProblems(api: KubeApi, objects: LiveObjects, inputs: KubernetesInputs): Promise<Problem[]> {
  const { target, nodes, onDataLoss } = inputs;
  const wanted = bytesOf(target.volume?.size ?? "");
  if (wanted === undefined) return [];
  const problems: Problem[] = [];
  for (const node of Object.keys(nodes)) {
    const claim = await objects.claim(node);
    if (!claim) continue;
    const name = `PersistentVolumeClaim ${target.namespace}/${claimName}-${node}`;
    const size = claim.spec.resources?.requests?.storage ?? "";
    const has = bytesOf(size) ?? wanted;
    if (has > wanted) {
      const reason = `${name} has ${size}, and a claim never shrinks to ${target.volume!.size}`;
      problems.push({ path: "target.volume.size", reason, fix: `size: "${size}"` });
    }
    if (has < wanted && !(await canGrow(api, claim.spec.storageClassName))) {
      const reason = `${name} has ${size}, and its StorageClass "${claim.spec.storageClassName}" lets no claim grow`;
      const fix = `size: "${size}", or kubectl patch storageclass ${claim.spec.storageClassName} -p '{"allowVolumeExpansion":true}' where its driver can`;
      problems.push({ path: "target.volume.size", reason, fix });
    }
    const removed = claim.metadata.annotations?.[annotations.removed];
    const isBack = removed !== undefined && (ordinalOf(target.name, node) ?? 0) > 0 && !(await objects.pod(node));
    if (isBack) problems.push(removedProblem(name, node, removed, onDataLoss));
  }
  return problems;
}

function removedProblem(name: string, node: string, removed: string, onDataLoss: string): Problem {
  const back = Date.parse(removed) + removalPause;
  if (Date.now() < back) {
    const when = new Date(back).toISOString().replace(/\.\d+Z$/, "Z");
    const reason = `${node} was taken out of JetStream's peers at ${removed}, and the others do not take its name back before ${when}`;
    return { path: "target.servers", reason, fix: `run \`pulumi up\` after ${when}` };
  }
  const reason = `${name} holds the files of the server that was taken out at ${removed}: with them it would not join`;
  const [place = "", claim] = name.split(" ")[1]!.split("/");
  const fix = `kubectl -n ${place} delete pvc ${claim}${onDataLoss === "allow" ? "" : ", once nobody wants them"}`;
  return { path: "target.servers", reason, fix };
}
