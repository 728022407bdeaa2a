import type { CallContext } from "../../provider/host/handler";

/** A context of a resource on that server, with little patience; what is told goes to `said`. */
export function tellingContext(servers: string, resource: string, said: string[]): CallContext {
  const say = async (line: string): Promise<void> => void said.push(line);
  return {
    config: new Map([["servers", servers]]),
    urn: `urn:pulumi:test::test::nats:${resource}`,
    timeout: 20_000,
    warn: say,
    info: say,
  };
}
