const prefix = "nats:";

/**
 * Settings of the "nats" namespace without its prefix: those of the explicit provider; what it leaves open comes from the
 * stack's configuration, which the engine puts into the environment of every provider process.
 */
export function natsConfig(config?: { get(key: string): string | undefined }): ReadonlyMap<string, string> {
  const own = (config as { rawConfig?: Record<string, unknown> } | undefined)?.rawConfig ?? {};
  return new Map(ofNamespace(own));
}

/** The stack's settings of the "nats" namespace. */
export function stackNatsConfig(environment: NodeJS.ProcessEnv = process.env): ReadonlyMap<string, string> {
  try {
    return new Map(ofNamespace(JSON.parse(environment["PULUMI_CONFIG"] ?? "{}") as Record<string, unknown>));
  } catch {
    return new Map();
  }
}

function ofNamespace(settings: Record<string, unknown>): [string, string][] {
  return Object.entries(settings)
    .filter((entry): entry is [string, string] => entry[0].startsWith(prefix) && typeof entry[1] === "string")
    .map(([key, value]) => [key.slice(prefix.length), value]);
}
