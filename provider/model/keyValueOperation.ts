/** What the last message of a key says about it; undefined for a value. */
export function deletionOf(headers: ReadonlyMap<string, string>): "deleted" | "purged" | "expired" | undefined {
  const operation = headers.get("KV-Operation");
  if (operation === "DEL") return "deleted";
  if (operation === "PURGE") return "purged";
  // The server's own marks: a time that ran out, or a purge of the stream.
  const reason = headers.get("Nats-Marker-Reason");
  if (reason === undefined) return undefined;
  return reason === "MaxAge" ? "expired" : reason === "Purge" ? "purged" : "deleted";
}
