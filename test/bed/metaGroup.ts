import type { Jsz } from "../../provider/apply/serverAnswers";
import type { ClusterBed } from "./clusterBed";

/** JetStream's meta group as its leader sees it, in whichever cluster that is: how many members, and how many are current. */
export async function metaGroup(bed: ClusterBed): Promise<{ size: number; current: number }> {
  for (const region of bed.names()) {
    for (const index of Object.keys(await bed.pids(region)).keys()) {
      const url = `http://127.0.0.1:${bed.port(region, "monitor", index)}/jsz`;
      const answer = (await (await fetch(url)).json()) as Jsz;
      const { meta_cluster: meta } = answer;
      const name = `${region}-${index + 1}`;
      if (meta?.leader !== name) continue;
      const current = (meta.replicas ?? []).filter((replica) => replica.current && replica.offline !== true).length;
      return { size: meta.cluster_size, current: current + 1 };
    }
  }
  throw new Error("no server leads JetStream's meta group");
}
