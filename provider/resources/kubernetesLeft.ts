import type { Left } from "../apply/rollout/left";
import type { NodeObservation } from "../apply/rollout/observe";

/** How a server was left, in the words of pods: what ends is started again, and an old pod may have the new files. */
export function leftInPods({ how, text }: Left, { restartReason }: Pick<NodeObservation, "restartReason">): string {
  if (how === "ended" || how === "not put back") return "does not serve; Kubernetes goes on starting it";
  return how === "new" && restartReason !== undefined ? "serves from its old pod, its turn did not come" : text;
}
