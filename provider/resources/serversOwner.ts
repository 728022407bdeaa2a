import type { Machine } from "../apply/machine/machine";

/** Why a new cluster must not take this folder: another one lives there. A folder where nothing but data is left is free. */
export async function ownerProblem(
  machine: Machine,
  cluster: string,
  urn: string | undefined,
): Promise<string | undefined> {
  for (const owner of await machine.owners()) {
    const isSame = owner.urn !== undefined && urn !== undefined ? owner.urn === urn : owner.cluster === cluster;
    if (isSame) continue;
    for (const node of owner.nodes) {
      const isUsed = (await machine.folder(node))?.current !== undefined || (await machine.processes(node)).length > 0;
      if (!isUsed) continue;
      const whose = owner.urn ?? `cluster ${owner.cluster}`;
      return `${owner.place} holds the servers of ${whose}. Fix: another dir for this cluster, or destroy that one first`;
    }
  }
  return undefined;
}
