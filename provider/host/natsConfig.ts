const prefix = "nats:";

/** Settings of the "nats" namespace without its prefix: those of the explicit provider, or the stack's for the default one. */
export function natsConfig(config?: { get(key: string): string | undefined }): ReadonlyMap<string, string> {
  const own = (config as { rawConfig?: Record<string, unknown> } | undefined)?.rawConfig ?? {};
  return new Map(ofNamespace(own));
}

function ofNamespace(settings: Record<string, unknown>): [string, string][] {
  return Object.entries(settings)
    .filter((entry): entry is [string, string] => entry[0].startsWith(prefix) && typeof entry[1] === "string")
    .map(([key, value]) => [key.slice(prefix.length), value]);
}
