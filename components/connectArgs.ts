import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { ConnectModel } from "../provider/render/connectFiles";

/**
 * Where and as whom something in Kubernetes connects: a cluster or its servers, with one kind of credentials. All of it is
 * kept in a Secret.
 */
export interface ConnectArgs {
  /** Cluster to connect to, with the CA that it trusts. Or `servers`. */
  readonly cluster?: { readonly urls: pulumi.Input<string[]>; readonly caCertificate: pulumi.Input<string> };
  /** URLs of the servers, as they are reached from inside Kubernetes: `nats://east.nats.svc:4222`. Or `cluster`. */
  readonly servers?: pulumi.Input<string | readonly pulumi.Input<string>[]>;
  /** User name, with `password`. */
  readonly user?: pulumi.Input<string>;
  /** Password of the user. */
  readonly password?: pulumi.Input<string>;
  /** Token, where the servers have one. */
  readonly token?: pulumi.Input<string>;
  /** Content of a .creds file, such as `user.creds`. */
  readonly creds?: pulumi.Input<string>;
  /** Seed of an nkey. */
  readonly nkey?: pulumi.Input<string>;
  /** PEM of the CA that signed the servers' certificates. Default that of `cluster`, else those that the image trusts. */
  readonly ca?: pulumi.Input<string>;
  /** PEM of the client's certificate, with `key`, for servers that ask for one. */
  readonly cert?: pulumi.Input<string>;
  /** PEM of the private key of `cert`. */
  readonly key?: pulumi.Input<string>;
  /** Speak TLS before the server says anything, for servers with `tls.handshakeFirst`. Default false. */
  readonly tlsFirst?: pulumi.Input<boolean>;
  /** JetStream domain. Default none. */
  readonly jetstreamDomain?: pulumi.Input<string>;
  /** Prefix of the subjects for answers. Default `_INBOX`. */
  readonly inboxPrefix?: pulumi.Input<string>;
  /** What it says about itself. */
  readonly description?: pulumi.Input<string>;
}

/** What is wrong with it, as far as that can be seen without its values. */
export function* connectProblems(path: string, args: ConnectArgs): Generator<Problem> {
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (args.cluster === undefined && args.servers === undefined) {
    yield { path: at("servers"), reason: "neither cluster nor servers says where to connect", fix: "cluster: east" };
  }
  if (args.cluster !== undefined && args.servers !== undefined) {
    yield { path: at("servers"), reason: "stands beside cluster, which has servers of its own", fix: "one of both" };
  }
  const given = (["user", "token", "creds", "nkey"] as const).filter((key) => args[key] !== undefined);
  for (const key of given.slice(1)) {
    yield { path: at(key), reason: `stands beside ${given[0]}: one kind of credentials counts`, fix: `without ${key}` };
  }
  for (const [key, other] of [
    ["user", "password"],
    ["password", "user"],
    ["cert", "key"],
    ["key", "cert"],
  ] as const) {
    if (args[key] !== undefined && args[other] === undefined) {
      yield { path: at(key), reason: `is of no use without ${other}`, fix: `${other}: …` };
    }
  }
}

/** The plain values; a secret. */
export function resolveConnect({ cluster, servers, ...rest }: ConnectArgs): pulumi.Output<ConnectModel> {
  const model = pulumi.all([pulumi.output(servers ?? cluster?.urls ?? []), cluster?.caCertificate, pulumi.all(rest)]);
  return pulumi.secret(
    model.apply(([urls, trusted, own]) => ({
      ...(trusted ? { ca: trusted } : {}),
      ...own,
      servers: typeof urls === "string" ? urls.split(",").map((url) => url.trim()) : urls,
    })),
  );
}
