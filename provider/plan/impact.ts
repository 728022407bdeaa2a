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

/** One changed path of a configuration and what it costs. Secret values stand as "[secret]". */
export interface ConfigChange {
  /** nats.conf path with concrete names: `accounts.APP.users[0].password`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly impact: Impact;
  /** The rule in words, with hazards. */
  readonly why: string;
}
