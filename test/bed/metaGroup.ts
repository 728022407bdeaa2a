import type { Jsz } from "../../provider/apply/serverAnswers";
import { waitFor } from "../../provider/apply/wait";
import type { Seen } from "../../provider/apply/wait";
import type { ClusterBed } from "./clusterBed";

/** Until JetStream's meta group, as its leader sees it in whichever cluster that is, has so many members, all of them current. */
export async function untilMetaGroup(bed: ClusterBed, wanted: number | { readonly current: number }): Promise<void> {
  await waitFor(`a meta group of ${JSON.stringify(wanted)}`, { timeout: 60_000 }, async (): Promise<Seen<true>> => {
    const group = await metaGroup(bed);
    const isThere = typeof wanted === "number" ? group?.size === wanted : true;
    const current = typeof wanted === "number" ? wanted : wanted.current;
    return isThere && group?.current === current ? { value: true } : { pending: JSON.stringify(group) ?? "no leader" };
  });
}

async function metaGroup(bed: ClusterBed): Promise<{ size: number; current: number } | undefined> {
  for (const region of bed.names()) {
    for (const index of Object.keys(await bed.pids(region)).keys()) {
      const url = `http://127.0.0.1:${bed.port(region, "monitor", index)}/jsz`;
      const { meta_cluster: meta } = (await (await fetch(url)).json()) as Jsz;
      if (meta?.leader !== `${region}-${index + 1}`) continue;
      const current = (meta.replicas ?? []).filter((replica) => replica.current && replica.offline !== true).length;
      return { size: meta.cluster_size, current: current + 1 };
    }
  }
  return undefined;
}
