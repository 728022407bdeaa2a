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

/** Files beside the configuration by which it makes its links, as it names them in its folder. */
export function linkFiles(conf: ConfMap): string[] {
  return remotesOf(conf).flatMap((remote) => {
    if (!isConfMap(remote)) return [];
    const tls = remote.get("tls");
    const named = [
      ...["credentials", "nkey"].map((key) => remote.get(key)),
      ...(isConfMap(tls) ? ["ca_file", "cert_file", "key_file"].map((key) => tls.get(key)) : []),
    ];
    return named.flatMap((file) => (typeof file === "string" ? [file.replace(/^current\//, "")] : []));
  });
}

function remotesOf(conf: ConfMap): readonly ConfValue[] {
  const leafnodes = conf.get("leafnodes");
  const remotes = isConfMap(leafnodes) ? leafnodes.get("remotes") : undefined;
  return isConfList(remotes) ? remotes : [];
}
