import { isConfList, isConfMap, Reference } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import type { Extracted } from "./extractSecrets";

/**
 * Remote gateways whose URLs carry no login get that of the block's own authorization, as a server does itself with gateways
 * that it learns of. The URLs then stand in the secrets, each under a name that tells its address.
 */
export function withGatewayLogins({ conf, secrets }: Extracted): Extracted {
  const gateway = conf.get("gateway");
  const remotes = isConfMap(gateway) ? gateway.get("gateways") : undefined;
  const login = isConfMap(gateway) ? loginOf(gateway.get("authorization"), secrets) : undefined;
  if (!isConfMap(gateway) || !isConfList(remotes) || login === undefined) return { conf, secrets };
  const added: Record<string, string> = {};
  const take = (url: string): Reference => {
    const [, scheme, address = ""] = /^([a-z-]+:\/\/)?(.*)$/.exec(url)!;
    const variable = `GATEWAY_URL_${address.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
    added[variable] = `${scheme ?? "nats://"}${login}@${address}`;
    return new Reference(variable);
  };
  const complete = (value: ConfValue): ConfValue => {
    if (isConfList(value)) return value.map(complete);
    return typeof value === "string" && value !== "" && !value.includes("@") ? take(value) : value;
  };
  const gateways = remotes.map((remote) =>
    isConfMap(remote)
      ? new Map([...remote].map(([key, value]) => [key, /^urls?$/.test(key) ? complete(value) : value]))
      : remote,
  );
  const completed: ConfMap = new Map([...gateway, ["gateways", gateways]]);
  return { conf: new Map([...conf, ["gateway", completed]]), secrets: { ...secrets, ...added } };
}

function loginOf(authorization: ConfValue | undefined, secrets: Readonly<Record<string, string>>): string | undefined {
  if (!isConfMap(authorization)) return undefined;
  const [user, password] = ["user", "password"].map((key) => {
    const value = authorization.get(key);
    return value instanceof Reference ? secrets[value.variable] : value;
  });
  if (typeof user !== "string" || typeof password !== "string") return undefined;
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
}
