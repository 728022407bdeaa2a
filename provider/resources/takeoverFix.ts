import type { CallContext } from "../host/handler";

/** What one may do about an object that is there already, whoever has made it. */
export function takeoverFix({ urn }: CallContext, owner: string | undefined, id: string): string {
  const renamed = owner === undefined || urn === undefined ? undefined : formerName(urn, owner);
  const alias = renamed === undefined ? "" : `aliases: [{ name: "${renamed}" }] where it has another name now, `;
  return `${alias}adopt: true to take it over as it is, the option import: "${id}", or another name`;
}

/** The other's name, where it is of the same stack and type. */
function formerName(urn: string, owner: string): string | undefined {
  const [own, other] = [urn, owner].map((each) => each.split("::"));
  const name = other!.slice(3).join("::");
  return name !== "" && own!.slice(0, 3).join("::") === other!.slice(0, 3).join("::") ? name : undefined;
}
