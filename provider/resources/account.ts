import * as pulumi from "@pulumi/pulumi";
import type { AccountServers } from "../model/jwt/accountServers";
import type { AccountSettings, ImportSettings, ScopedKeySettings } from "../model/jwt/accountSettings";
import { keyring } from "./keyring";
import { having, listOf, object, partOf, required } from "../model/argument";
import { refuseArguments } from "./refuseArguments";
import { NatsResource } from "./natsResource";
import type { OperatorKeys } from "./operator";
import type { Wrapped } from "./wrapped";

export type * from "../model/jwt/accountSettings";
export type { AccountServers } from "../model/jwt/accountServers";

/** Where accounts are pushed to: a `nats.Cluster`, a `nats.SuperCluster`, or the same from another stack. */
export interface AccountHolder {
  /** Who issues the accounts of it. */
  readonly operator?: OperatorKeys | undefined;
  /** How accounts get onto its servers; a secret. */
  readonly accountServers: pulumi.Input<readonly AccountServers[]>;
}

/** Something that comes from another account, which may be given as the resource. */
export interface ImportArgs extends Omit<ImportSettings, "srcAccount"> {
  /** The account that exports it: a {@link Account}, or its public key (A…). */
  readonly srcAccount: Account | pulumi.Input<string>;
}

type SettingArgs = { readonly [Key in Exclude<keyof AccountSettings, "imports">]?: Wrapped<AccountSettings[Key]> };

/** Arguments of {@link Account}: nsc's flags in camelCase, where it is pushed to, and its keys. */
export interface AccountArgs extends SettingArgs {
  /** The cluster that gets the account, on every one of its servers. A supercluster counts as all of its clusters. */
  readonly cluster?: AccountHolder;
  /** Several of them, not joined by gateways. */
  readonly clusters?: readonly AccountHolder[];
  /** Who issues it. Default: the operator of the cluster. Without a cluster the account is only made, to be taken elsewhere. */
  readonly operator?: OperatorKeys;
  /** What comes from other accounts. Default nothing. Checked in the preview against what these export. */
  readonly imports?: readonly ImportArgs[];
  /**
   * Signing keys, which issue users so that the account's own key need not: "generate", seeds (SA…) of your own, public keys (A…)
   * that others hold, or roles (`{ role: "service", allowPub: […] }`) whose users all may do the same. The first without a role
   * issues users; all are accepted. Default none: the account's own key issues them. To rotate: first `[new, old]`, then, when
   * clients have their new creds, `[new]`.
   */
  readonly sk?: pulumi.Input<"generate"> | pulumi.Input<readonly pulumi.Input<string | Wrapped<ScopedKeySettings>>[]>;
  /** Seed (SA…) of an account key of your own, kept as a secret; or its public key (A…), where another holds it. Default: one is made. Another key is another account. */
  readonly key?: pulumi.Input<string>;
  /** With `key`: take over an account of that key that the servers have already. Default false. */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * What happens to an account whose streams hold messages when it is deleted: "refuse" (default) keeps it, "allow" deletes them with
   * it. Empty streams go with it in both cases; `up` says which.
   */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
}

/** What issues users: an {@link Account}, or its keys from elsewhere (another stack, a vault). */
export interface AccountKeys {
  /** Public key (A…) of the account. */
  readonly publicKey: pulumi.Input<string>;
  /** Seed (SA…) that signs users: a signing key's, or the account's own; kept as a secret. */
  readonly signingKey: pulumi.Input<string | undefined>;
  /** Seeds of scoped signing keys, by role; kept as secrets. Default none. */
  readonly roles?: pulumi.Input<Readonly<Record<string, string>>>;
  /** Changes only where the keys do; see {@link Account.keyring}. Default none. */
  readonly keyring?: pulumi.Input<string>;
  /** What it takes to revoke users in the account's claims; a secret. Default: users are not revoked when they are deleted. */
  readonly authority?: pulumi.Input<AccountAuthority>;
}

/** By what a user that is deleted loses its access: the operator's key, and the way to the servers. */
export interface AccountAuthority {
  /** Seed (SO…) that signs the account. */
  readonly operatorKey: string;
  /** Where the account is. */
  readonly servers: readonly AccountServers[];
}

/**
 * An account: a world of subjects and streams of its own, with its limits. Its JWT is issued by the operator, pushed to every
 * server of the clusters, and there when `pulumi up` is done: each server was asked. A change is a newer JWT, which takes effect at
 * once. `pulumi refresh` sees what others have pushed; an account that the servers have lost is kept with its keys, and the next
 * `pulumi up` pushes it again.
 *
 * A deleted account takes its streams and consumers with it, their files too: nobody could reach them without its key, which ends
 * with it, and servers with files of an unknown account are not healthy after a restart. So it is not deleted while its streams hold
 * messages, by `pulumi destroy` neither; {@link AccountArgs.onDataLoss} lifts that. To take the files of a destroyed cluster up
 * again, bring the seeds along (`key` here, `key` and `sk` of the operator), and give the account the option `deletedWith: cluster.servers`.
 *
 * @example
 * ```ts
 * const streamCore = new nats.Account("stream-core", { cluster: east, sk: "generate", jsDiskStorage: -1, jsStreams: -1, jsConsumer: -1 });
 * const nexus = new nats.User("nexus", { account: streamCore, allowPub: ["my.topic"], allowSub: ["my.topic"] });
 * ```
 */
export class Account extends NatsResource implements AccountKeys {
  /** Name; known in previews. */
  declare readonly name: pulumi.Output<string>;
  /** Public key (A…), by which servers know the account. */
  declare readonly publicKey: pulumi.Output<string>;
  /** Seed (SA…) of the account's own key; a secret; undefined where another holds it. */
  declare readonly seed: pulumi.Output<string | undefined>;
  /** Seed (SA…) that issues users; a secret. */
  declare readonly signingKey: pulumi.Output<string | undefined>;
  /** Public signing keys (A…). */
  declare readonly signingKeys: pulumi.Output<string[]>;
  /** Seeds of scoped signing keys, by role; a secret. */
  declare readonly roles: pulumi.Output<Readonly<Record<string, string>>>;
  /** The account's JWT. */
  declare readonly jwt: pulumi.Output<string>;
  /** What it exports; known in previews. */
  declare readonly exports: pulumi.Output<AccountSettings["exports"]>;
  /** By cluster that has the account on all of its servers, the id of its claims. */
  declare readonly pushed: pulumi.Output<Readonly<Record<string, string>>>;
  /** Stays the same while the keys do, so that previews know it when a setting changes and nothing else of the account is known. */
  readonly keyring: pulumi.Output<string>;
  /** By what users are revoked; a secret. */
  readonly authority: pulumi.Output<AccountAuthority>;

  constructor(name: string, args: AccountArgs, options: pulumi.CustomResourceOptions = {}) {
    refuseArguments("Account", name, shape, args);
    const { cluster, clusters = [], operator: given, imports, key, sk, ...settings } = args;
    const holders = [...(cluster ? [cluster] : []), ...clusters];
    const operator = given ?? holders.find((holder) => holder.operator !== undefined)?.operator;
    if (!operator) {
      const fix = 'new nats.Cluster("east", { operator, … }) and { cluster: east } here, or { operator }';
      throw new pulumi.RunError(
        `nats.Account "${name}": nobody issues it: there is neither a cluster with an operator nor an operator. Fix: ${fix}`,
      );
    }
    const operatorKey = pulumi.secret(operator.signingKey);
    const lists = holders.map(
      (holder) => pulumi.output(holder.accountServers) as pulumi.Output<readonly AccountServers[]>,
    );
    const all = pulumi.all(lists) as unknown as pulumi.Output<(readonly AccountServers[])[]>;
    const servers: pulumi.Output<readonly AccountServers[]> = pulumi.secret(all.apply((known) => known.flat()));
    super(
      "Account",
      name,
      {
        name,
        ...settings,
        ...importProps(imports),
        ...(key === undefined ? {} : { key: pulumi.secret(key) }),
        ...(sk === undefined ? {} : { sk: sk === "generate" ? sk : pulumi.secret<unknown>(sk) }),
        operator: operator.publicKey,
        operatorKey,
        ...(operator.keyring === undefined ? {} : { operatorKeyring: operator.keyring }),
        servers,
      },
      ["publicKey", "seed", "signingKey", "signingKeys", "roles", "generated", "jwt", "issuedAt", "pushed"],
      options,
      ["key", "sk", "operatorKey", "servers", "seed", "signingKey", "roles", "generated"],
    );
    this.keyring = keyring(this, { key: key ?? "", sk: sk ?? "" });
    this.authority = pulumi.secret(
      pulumi.all([operatorKey, servers]).apply(([seed, all]) => ({ operatorKey: seed, servers: all })),
    );
  }
}

const cluster = having("a cluster", ["accountServers"], "cluster: east (the nats.Cluster)");
/** What the constructor itself looks into; the rest is judged with the resource. */
const shape = required(
  partOf<AccountArgs>({
    cluster,
    clusters: listOf(cluster),
    operator: having("an operator", ["publicKey", "signingKey"], 'operator: new nats.Operator("MyOperator")'),
    imports: listOf(object),
  }),
  "{ cluster: east }",
);

/** Imports by public key, and what the accounts export that the program has, for the preview to compare. */
function importProps(imports: readonly ImportArgs[] | undefined): pulumi.Inputs {
  if (imports === undefined) return {};
  const sources = imports.flatMap(({ srcAccount }) => (srcAccount instanceof Account ? [srcAccount] : []));
  const known = pulumi
    .all(sources.map((source) => pulumi.all([source.publicKey, source.exports])))
    .apply((pairs) => Object.fromEntries(pairs.map(([key, exports]) => [key, exports ?? []])));
  return {
    imports: imports.map(({ srcAccount, ...rest }) => ({
      ...rest,
      srcAccount: srcAccount instanceof Account ? srcAccount.publicKey : srcAccount,
    })),
    ...(sources.length === 0 ? {} : { exportsOf: known }),
  };
}
