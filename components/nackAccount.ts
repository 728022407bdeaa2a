import * as pulumi from "@pulumi/pulumi";
import type { JsonObject } from "../provider/model/exactJson";
import { connectProblems, resolveConnect } from "./connectArgs";
import type { ConnectArgs } from "./connectArgs";
import { KubernetesHelper, refuse, secretData } from "./kubernetesHelper";
import type { Nack } from "./nack";
import { nackObject, namespaceOf } from "./nackObject";
import type { NackObjectArgs } from "./nackObject";
import { nackAccountShape, refuseNack } from "./nackShape";

/** Arguments of {@link NackAccount}. */
export interface NackAccountArgs extends NackObjectArgs {
  /** The controller that shall know it. */
  readonly nack: Nack;
  /** Where and as whom the controller connects for the objects that name this account. Kept in a Secret beside it. */
  readonly connection: ConnectArgs;
}

/**
 * A connection for nack's controller, `nats.nack.Account`: streams and consumers that name it are made by its user, in its
 * account. It can't go before they do.
 *
 * @example
 * ```ts
 * const app = new nats.nack.Account("app", { nack, connection: { cluster: east, user: "app", password } });
 * new nats.nack.Stream("ORDERS", { nack, account: app, subjects: ["orders.>"] });
 * ```
 */
export class NackAccount extends pulumi.ComponentResource {
  /** Name by which objects refer to it; there once the controller knows it. */
  readonly accountName: pulumi.Output<string>;

  constructor(name: string, args: NackAccountArgs, options?: pulumi.ComponentResourceOptions) {
    super("nats:nack:Account", name, {}, options);
    refuseNack("Account", name, nackAccountShape, args);
    refuse(`nats.nack.Account "${name}"`, [...connectProblems("connection", args.connection)]);
    const { nack } = args;
    const namespace = namespaceOf(args);
    const object = args.objectName ?? name.toLowerCase();
    const connect = resolveConnect(args.connection);
    const secretName = `${object}-nack-account`;
    const helper = new KubernetesHelper(
      this,
      name,
      { namespace, provider: nack.access.provider },
      { options, connections: [args.connection] },
    );
    const texts = connect.apply(({ user, password, token, creds, nkey, ca, cert, key }) => {
      const all = { user, password, token, creds, nkey, ca, cert, key };
      return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])));
    });
    const secret = helper.make("secret", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: secretName,
        namespace,
        labels: { "app.kubernetes.io/managed-by": "pulumi-nats" },
      },
      type: "Opaque",
      data: secretData(texts),
    });
    const spec = pulumi.unsecret(connect.apply((model) => accountSpec(secretName, { ...model })));
    const made = nackObject(this, {
      kind: "Account",
      name,
      args,
      customTimeouts: options?.customTimeouts,
      names: pulumi.output([object]),
      spec,
      dependsOn: [secret],
    });
    this.accountName = pulumi.all([made.urn]).apply(() => object);
    this.registerOutputs({ accountName: this.accountName });
  }
}

/** Says under which key of the Secret each thing stands; nothing secret is in it. */
function accountSpec(name: string, model: Readonly<Record<string, unknown>>): JsonObject {
  const secret = { name };
  const has = (key: string): boolean => Boolean(model[key]);
  const tls = ["ca", "cert", "key"].filter(has);
  return {
    servers: model["servers"] as string[],
    ...(has("user") ? { user: { secret, user: "user", password: "password" } } : {}),
    ...(has("token") ? { token: { secret, token: "token" } } : {}),
    ...(has("creds") ? { creds: { secret, file: "creds" } } : {}),
    ...(has("nkey") ? { nkey: { secret, seed: "nkey" } } : {}),
    ...(tls.length > 0 ? { tls: { secret, ...Object.fromEntries(tls.map((key) => [key, key])) } } : {}),
  };
}
