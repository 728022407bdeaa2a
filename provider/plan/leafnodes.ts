import { isConfList, isConfMap } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { sameValue } from "./sameValue";

/** How many hubs a configuration dials. */
export function dialledHubs(conf: ConfMap): number {
  return remotesOf(conf).filter((remote) => isConfMap(remote) && remote.get("disabled") !== true).length;
}

/** How many hubs a change must be seen to reach: all, where it makes a link or alters one, which may then not be let in. */
export function hubsToReach(from: ConfMap | undefined, to: ConfMap): number {
  const before = from ? remotesOf(from) : [];
  const isNew = remotesOf(to).some((remote) => !before.some((old) => sameValue(old, remote, undefined)));
  return isNew ? dialledHubs(to) : 0;
}

function remotesOf(conf: ConfMap): readonly ConfValue[] {
  const leafnodes = conf.get("leafnodes");
  const remotes = isConfMap(leafnodes) ? leafnodes.get("remotes") : undefined;
  return isConfList(remotes) ? remotes : [];
}
