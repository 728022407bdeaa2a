import type { Problem } from "../errors";
import { isUnknown } from "../host/handler";
import type { ServersInputs } from "../model/servers";

/** Servers whose hosts are made by the same `up`, so that nobody can tell yet where they are. */
export function lateServers({ target }: ServersInputs): string[] {
  if (isUnknown(target) || target.kind !== "hosts" || isUnknown(target.hosts)) return [];
  return Object.entries(target.hosts).flatMap(([node, host]) =>
    [host, host.address, host.ssh, host.ssh?.address].some(isUnknown) ? [node] : [],
  );
}

/** What a preview says of hosts that it can't look at. */
export function lateNote(servers: readonly string[]): string {
  const [whose, hosts] = servers.length > 1 ? ["their hosts are", "those hosts"] : ["its host is", "that host"];
  return (
    `${servers.join(", ")}: the address is known only after ${whose} made; ` +
    `what stands in the way on ${hosts} is looked for then, before anything is started`
  );
}

/** A server that runs stays where its data is; a preview can't tell whether an unknown address is that same host. */
export function lateMoves(olds: Pick<ServersInputs, "target"> | undefined, news: ServersInputs): Problem[] {
  const target = olds?.target;
  if (target?.kind !== "hosts") return [];
  return lateServers(news).flatMap((node): Problem[] => {
    const before = target.hosts[node];
    if (!before) return [];
    const reason =
      `${node} lives on ${before.address}, and its address is known only after the apply: ` +
      `where that is another host, without the server's data, \`up\` refuses it`;
    const fix = `for a new machine a name of its own, name: "${node}b": that server joins, and ${node} leaves the cluster`;
    return [{ path: `target.hosts.${node}`, reason, fix, severity: "warning" }];
  });
}
