import type { Json } from "../model/exactJson";

/** What a change of a JetStream object costs, in rising order; a whole change has the highest of its parts. */
const assetImpacts = ["none", "update", "one-way", "replace", "refused"] as const;

export type AssetImpact = (typeof assetImpacts)[number];

/** One changed field and what it costs. */
export interface AssetChange {
  /** The server's name of the field: `max_msgs`. */
  readonly path: string;
  readonly from: Json;
  readonly to: Json;
  readonly impact: AssetImpact;
  /** The change itself deletes messages, or may where what is stored is not known. */
  readonly losesMessages: boolean;
  /** Messages that were acknowledged or are under way come again. */
  readonly redelivers: boolean;
  /** The rule in words. */
  readonly why: string;
}

/** What a whole change costs; printed as it is by `pulumi-nats explain`. */
export interface AssetPlan {
  readonly serverVersion: string;
  readonly impact: AssetImpact;
  readonly changes: readonly AssetChange[];
}

export function highestAssetImpact(parts: Iterable<AssetImpact>): AssetImpact {
  let highest = 0;
  for (const part of parts) highest = Math.max(highest, assetImpacts.indexOf(part));
  return assetImpacts[highest]!;
}
