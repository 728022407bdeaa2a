import { isConfList, isConfMap } from "../conf/value";
import type { ConfMap } from "../conf/value";

/** Other clusters that a configuration names. */
export function remoteClusters(conf: ConfMap): string[] {
  const gateway = conf.get("gateway");
  if (!isConfMap(gateway)) return [];
  const remotes = gateway.get("gateways");
  const names = isConfList(remotes)
    ? remotes.map((remote) => (isConfMap(remote) ? remote.get("name") : undefined))
    : [];
  return names.filter((name): name is string => typeof name === "string" && name !== gateway.get("name"));
}

/**
 * True where servers that start from nothing join a JetStream meta group of other clusters. Started together, enough of them could
 * elect a leader of their own (servers before 2.12 do) while the gateways are still down, and the streams of the others would be
 * lost when the two groups meet: one of them joins first, and the rest follows.
 */
export function joinsOthers(conf: ConfMap): boolean {
  const jetstream = conf.get("jetstream");
  return jetstream !== undefined && jetstream !== false && jetstream !== "disabled" && remoteClusters(conf).length > 0;
}

/** True where a change leaves it open whether other clusters let the server in before they have changed too. */
export function changesGatewayTerms(from: ConfMap | undefined, to: ConfMap): boolean {
  const terms = (conf: ConfMap | undefined): string => {
    const gateway = conf?.get("gateway");
    const parts = isConfMap(gateway) ? [...gateway].filter(([key]) => key !== "gateways") : [];
    return JSON.stringify(parts, (_key, value: unknown) =>
      value instanceof Map ? [...value] : typeof value === "bigint" ? String(value) : value,
    );
  };
  return terms(from) !== terms(to);
}
