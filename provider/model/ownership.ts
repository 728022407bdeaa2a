import { createHash } from "node:crypto";

/** A resource as its objects' marks on the servers know it. */
export interface Owner {
  readonly urn: string | undefined;
  /** Tags of the URNs that it has had. */
  readonly owners?: readonly string[];
}

/**
 * What a state keeps of an URN whose mark the object bears: by an alias or `pulumi stack rename` a resource gets another URN,
 * and its objects keep the mark of before.
 */
export function ownerTag(urn: string): string {
  return createHash("sha256").update(urn).digest("base64url").slice(0, 12);
}

/** The mark is this resource's, under the name that it has or had. */
export function isOurs({ urn, owners = [] }: Owner, mark: string | undefined): boolean {
  return mark !== undefined && (mark === urn || owners.includes(ownerTag(mark)));
}

/** The mark is another resource's, which has taken the object over. Nobody's is not. */
export function isElsewhere(owner: Owner, mark: string | undefined): boolean {
  const isKnown = owner.urn !== undefined || (owner.owners ?? []).length > 0;
  return mark !== undefined && isKnown && !isOurs(owner, mark);
}
