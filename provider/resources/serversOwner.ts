import type { Machine } from "../apply/machine/machine";
import type { Problem } from "../errors";
import type { ServersInputs } from "../model/servers";

/** Why a cluster must not take this folder, or a further host: another one lives there. A folder where nothing but data is left is free. */
export async function ownerProblem(
  machine: Machine,
  cluster: string,
  urn: string | undefined,
  olds: Pick<ServersInputs, "target"> | undefined,
): Promise<Problem | undefined> {
  const former = olds?.target.kind === "hosts" ? Object.values(olds.target.hosts).map(({ ssh }) => ssh.address) : [];
  for (const owner of await machine.owners()) {
    // Where this resource's servers live already, it is the owner under whatever name it had.
    if (olds?.target.kind === "this-machine" || former.includes(owner.host)) continue;
    const isSame = owner.urn !== undefined && urn !== undefined ? owner.urn === urn : owner.cluster === cluster;
    if (isSame) continue;
    for (const node of owner.nodes) {
      const isUsed = (await machine.folder(node))?.current !== undefined || (await machine.processes(node)).length > 0;
      if (!isUsed) continue;
      const whose = owner.urn ?? `cluster ${owner.cluster}`;
      return {
        path: "target.dir",
        reason: `${owner.place} holds the servers of ${whose}`,
        fix: "another dir for this cluster, or destroy that one first",
      };
    }
  }
  return undefined;
}
