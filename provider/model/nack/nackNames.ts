/** A name that objects of Kubernetes may have, from one of NATS: "ORDERS_EU" → "orders-eu". */
export function objectNameFrom(...parts: readonly string[]): string {
  return parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63)
    .replace(/-+$/, "");
}
