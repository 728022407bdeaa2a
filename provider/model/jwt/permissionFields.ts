import type { Fields } from "../jsonFields";

/** Permissions as they stand in claims, under dotted names; what is both allowed to publish and to subscribe stands in both lists. */
export const permissionFields: Fields = {
  allowPub: { json: "pub.allow", kind: "texts" },
  denyPub: { json: "pub.deny", kind: "texts" },
  allowSub: { json: "sub.allow", kind: "texts" },
  denySub: { json: "sub.deny", kind: "texts" },
  allowPubResponse: { json: "resp.max", kind: "whole" },
  responseTtl: { json: "resp.ttl", kind: "duration" },
};

type Settings = Readonly<Record<string, unknown>>;

/** The lists that nsc's short forms stand for: `allowPubsub` and `denyPubsub` in both, an answer where only its time is given. */
export function withoutShortForms(settings: Settings): Record<string, unknown> {
  const { allowPubsub, denyPubsub, ...rest } = settings;
  const result: Record<string, unknown> = { ...rest };
  const join = (name: string, more: unknown): void => {
    if (Array.isArray(more) && more.length > 0) {
      const own = Array.isArray(rest[name]) ? (rest[name] as unknown[]) : [];
      result[name] = [...new Set([...own, ...(more as unknown[])])];
    } else if (more !== undefined && !Array.isArray(more)) result[name] = more;
  };
  join("allowPub", allowPubsub);
  join("allowSub", allowPubsub);
  join("denyPub", denyPubsub);
  join("denySub", denyPubsub);
  if (rest["responseTtl"] !== undefined && rest["allowPubResponse"] === undefined) result["allowPubResponse"] = 1;
  return result;
}
