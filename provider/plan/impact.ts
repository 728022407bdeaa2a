/** What a change of a server's configuration costs, in rising order; a whole change has the highest of its parts. */
export const impacts = [
  "none",
  "hot-reload",
  "ordered-reload",
  "rolling-restart",
  "full-cluster",
  "new-identity",
  "refused",
] as const;

export type Impact = (typeof impacts)[number];

export function highestImpact(parts: Iterable<Impact>): Impact {
  let highest = 0;
  for (const part of parts) highest = Math.max(highest, impacts.indexOf(part));
  return impacts[highest]!;
}

/** What goes wrong beside the cost, for the rollout to respect. */
export type Hazard =
  /** A reload ends the server's process. Never send one. */
  | "crashes"
  /** A refused reload prints a secret to the server's log. Never send one. */
  | "leaks"
  /** The server accepts a reload but goes on as before until it is restarted. */
  | "acceptedWithoutEffect"
  /** The server accepts a reload, and loses its peers at the next reconnect. */
  | "splitsCluster"
  /** Connections that the new configuration does not admit are closed. */
  | "dropsClients"
  /** Streams in memory are lost. */
  | "losesMemoryStreams"
  /** /healthz answers 503 afterwards, though the server serves. */
  | "unhealthy";

/** One changed path of a configuration and what it costs. Secret values stand as "[secret]". */
export interface ConfigChange {
  /** nats.conf path with concrete names: `accounts.APP.users[0].password`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly impact: Impact;
  /** The rule in words, with hazards. */
  readonly why: string;
  readonly hazards?: readonly Hazard[];
}
