import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { LayoutModel } from "../provider/model/cluster";
import { isObject } from "../provider/model/exactJson";
import type { OperatorKeys } from "../provider/resources/operator";

/** What a cluster needs of its operator: a `nats.Operator`, or the same from elsewhere (another stack). */
export interface ClusterOperator extends OperatorKeys {
  /** The operator's JWT. */
  readonly jwt: pulumi.Input<string>;
  /** Public key (A…) of the system account. */
  readonly systemAccount: pulumi.Input<string>;
  /** JWT of the system account. */
  readonly systemAccountJwt: pulumi.Input<string>;
  /** Content of a creds file of a user of the system account, by which the servers are managed; a secret. */
  readonly systemCreds: pulumi.Input<string>;
}

type Settings = Readonly<Record<string, unknown>>;

/** The part of an operator that stands in nats.conf. */
export function operatorArguments(operator: ClusterOperator | undefined): Settings | undefined {
  if (!operator) return undefined;
  const { jwt, systemAccount, systemAccountJwt } = operator;
  return { jwt, systemAccount, systemAccountJwt };
}

/** The configuration with its operator: what it trusts, the system account, and a resolver that keeps every account on every server. */
export function withOperator(
  settings: Settings,
  operator: Settings | undefined,
  layout: LayoutModel,
): { settings: Settings; problems: Problem[] } {
  if (!operator) return { settings, problems: [...strayProblems(settings)] };
  const problems = [...conflicts(settings)];
  const systemAccount = String(operator["systemAccount"]);
  const resolver = settings["resolver"];
  const preload = settings["resolverPreload"];
  const { accounts: _accounts, authorization, ...rest } = settings;
  const timeout = isObject(authorization) ? authorization["timeout"] : undefined;
  return {
    problems,
    settings: {
      ...rest,
      ...(timeout === undefined ? {} : { authorization: { timeout } }),
      operator: operator["jwt"],
      systemAccount,
      resolver: {
        type: "full",
        dir: `${layout.storeDir}/jwt`,
        allowDelete: true,
        interval: "2m",
        ...(isObject(resolver) ? resolver : {}),
      },
      resolverPreload: { ...(isObject(preload) ? preload : {}), [systemAccount]: operator["systemAccountJwt"] },
    },
  };
}

/** What the operator says in place of the configuration. */
function* conflicts(settings: Settings): Generator<Problem> {
  const { accounts, authorization, resolver } = settings;
  if (isObject(accounts) && Object.keys(accounts).length > 0) {
    const first = Object.keys(accounts).find((name) => name !== "$SYS") ?? "APP";
    const reason = "accounts can't be declared beside an operator, which issues them";
    yield { path: "accounts", reason, fix: `new nats.Account("${first}", { cluster })` };
  }
  if (isObject(authorization)) {
    for (const key of Object.keys(authorization).filter((name) => name !== "timeout")) {
      const reason = "users can't be declared beside an operator: its accounts issue them";
      const fix = key === "authCallout" ? "authCallout of a nats.Account" : 'new nats.User("app", { account })';
      yield { path: `authorization.${key}`, reason, fix };
    }
  }
  if (resolver !== undefined && (!isObject(resolver) || (resolver["type"] ?? "full") !== "full")) {
    const reason = "accounts are pushed to every server, which a resolver of another type does not keep";
    yield { path: "config.resolver", reason, fix: 'resolver: { type: "full" }, or leave it out' };
  }
  if (isObject(resolver) && resolver["allowDelete"] === false) {
    const reason = "without it no nats.Account could be deleted";
    yield { path: "config.resolver.allowDelete", reason, fix: "leave it out" };
  }
  for (const key of ["operator", "systemAccount", "trustedKeys", "noSystemAccount"]) {
    if (settings[key] === undefined) continue;
    yield { path: `config.${key}`, reason: "the cluster's operator says it", fix: "leave it out" };
  }
}

/** An operator that came by nats.conf's own keys could not be managed: nobody would have its creds. */
function* strayProblems(settings: Settings): Generator<Problem> {
  for (const key of ["operator", "resolver", "trustedKeys", "resolverPreload"]) {
    if (settings[key] === undefined) continue;
    const reason = "it belongs to an operator, and the cluster has none";
    yield { path: `config.${key}`, reason, fix: 'operator: new nats.Operator("MyOperator")' };
  }
}
