import { isConfList, isConfMap, Reference } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import type { Login } from "../model/cluster";
import type { Extracted } from "./extractSecrets";

/**
 * Remote gateways whose URLs carry no login get that of the block's own authorization, as a server does itself with gateways
 * that it learns of. The URLs then stand in the secrets, each under a name that tells its address.
 */
export function withGatewayLogins({ conf, secrets }: Extracted): Extracted {
  const gateway = conf.get("gateway");
  const login = isConfMap(gateway) ? loginOf(gateway.get("authorization"), secrets) : undefined;
  return withLogins({ conf, secrets }, "gateway", "gateways", () =>
    login === undefined ? undefined : { login, name: "GATEWAY_URL" },
  );
}

/** Hubs of leaf nodes are dialled by a login of each; their URLs stand in the secrets likewise. */
export function withLeafLogins(extracted: Extracted, logins: readonly (Login | undefined)[] = []): Extracted {
  return withLogins(extracted, "leafnodes", "remotes", (index) => {
    const { user, password } = logins[index] ?? {};
    return user === undefined ? undefined : { login: loginText(user, password), name: `LEAF_${index + 1}_URL` };
  });
}

function withLogins(
  { conf, secrets }: Extracted,
  block: string,
  list: string,
  ofMember: (index: number) => { readonly login: string; readonly name: string } | undefined,
): Extracted {
  const holder = conf.get(block);
  const remotes = isConfMap(holder) ? holder.get(list) : undefined;
  if (!isConfMap(holder) || !isConfList(remotes)) return { conf, secrets };
  const added: Record<string, string> = {};
  const complete = (value: ConfValue, index: number): ConfValue => {
    const known = ofMember(index);
    if (known === undefined) return value;
    if (isConfList(value)) return value.map((member) => complete(member, index));
    if (typeof value !== "string" || value === "" || value.includes("@")) return value;
    const [, scheme = "nats://", address = ""] = /^([a-z-]+:\/\/)?(.*)$/.exec(value)!;
    const variable = `${known.name}_${address.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
    added[variable] = `${scheme}${known.login}@${address}`;
    return new Reference(variable);
  };
  const members = remotes.map((remote, index) =>
    isConfMap(remote)
      ? new Map([...remote].map(([key, value]) => [key, /^urls?$/.test(key) ? complete(value, index) : value]))
      : remote,
  );
  const completed: ConfMap = new Map([...holder, [list, members]]);
  return { conf: new Map([...conf, [block, completed]]), secrets: { ...secrets, ...added } };
}

function loginOf(authorization: ConfValue | undefined, secrets: Readonly<Record<string, string>>): string | undefined {
  if (!isConfMap(authorization)) return undefined;
  const [user, password] = ["user", "password"].map((key) => {
    const value = authorization.get(key);
    return value instanceof Reference ? secrets[value.variable] : value;
  });
  return typeof user === "string" && typeof password === "string" ? loginText(user, password) : undefined;
}

function loginText(user: string, password?: string): string {
  return [user, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(":");
}
