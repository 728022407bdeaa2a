import type { NodeObservation, Observation } from "../apply/rollout/observe";
import type { Rollout } from "../apply/rollout/rollout";
import { differingFiles, nodeFiles } from "../model/nodeFiles";

/** Files that neither the program nor the last `up` made so, which goes unsaid beside a change of the program; not of `named` servers. */
export function editedNotes(
  { known, wanted }: Pick<Rollout, "known" | "wanted">,
  seen: Observation,
  named: ReadonlySet<string>,
): string[] {
  const edited = new Map<string, string[]>();
  for (const node of seen.nodes.values()) {
    const left = known.filter(({ nodes }) => nodes[node.name]).map((inputs) => nodeFiles(inputs, node.name));
    if (named.has(node.name) || !node.onDisk || !wanted.nodes[node.name] || left.length === 0) continue;
    const files = left.reduce((names, one) => unlike(names, node, one), node.files).join(", ");
    if (files !== "") edited.set(files, [...(edited.get(files) ?? []), node.name]);
  }
  return [...edited].map(
    ([files, nodes]) => `${nodes.join(", ")}: not as the last up left them, and written anew: ${files}`,
  );
}

function unlike(
  names: readonly string[],
  { onDisk = {} }: NodeObservation,
  left: Parameters<typeof differingFiles>[1],
): readonly string[] {
  const differing = differingFiles(onDisk, left);
  return names.filter((name) => differing.includes(name));
}
