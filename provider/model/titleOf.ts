/** A resource as its program calls it: `nats.Stream "orders"`. */
export function titleOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `nats.${types.split(":").at(-1)} "${name.join("::")}"`;
}
