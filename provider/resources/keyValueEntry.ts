import type * as pulumi from "@pulumi/pulumi";
import { object, required } from "../model/argument";
import type { Duration } from "../model/units";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";

/** Arguments of {@link KeyValueEntry}: where, and exactly one of `value`, `json`, `base64` and `file`. */
export interface KeyValueEntryArgs {
  /** Name of the bucket: `config.bucket` of a KeyValue, which also puts the two in order. Change: replace. */
  readonly bucket: pulumi.Input<string>;
  /** The key: letters, digits and - / _ = ., such as "api.limits". Default: the resource's name. Change: replace. */
  readonly key?: pulumi.Input<string>;
  /** The value as text. A secret (`pulumi.secret(…)`, `config.requireSecret(…)`) stays one. Change: a new revision. */
  readonly value?: pulumi.Input<string>;
  /**
   * The value as anything that JSON can say (but null alone, which is as good as nothing: `value: "null"`); written compactly, compared by what it means. A secret within makes the whole one.
   * Change: a new revision.
   */
  readonly json?: pulumi.Input<unknown>;
  /** The value's bytes in base64, for what is no text. Change: a new revision. */
  readonly base64?: pulumi.Input<string>;
  /**
   * Path of a file with the value, read where `pulumi` runs. The state holds its SHA-256, not its content; for secrets use
   * `value`. Change of its content: a new revision.
   */
  readonly file?: pulumi.Input<string>;
  /**
   * How long the key lives from its writing, "24h", whole seconds; "never" outlives the bucket's own `ttl`. The bucket needs
   * `limitMarkerTtl`, and with a history above 1 no key lives shorter than that. A key whose time has run out is written again by the `up` after a refresh. Default: the bucket's `ttl`.
   * Change: the value is written again.
   */
  readonly ttl?: pulumi.Input<Duration | "never">;
  /**
   * Take a key over that exists already: what it holds is written over, which the preview says. The same value is written only where
   * another stack's mark stands with it. Default false: that is an error. The option `import` is the other way.
   */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * What to do with a value that somebody else has written since the stack last saw it: "refuse" stops in the preview (and again
   * at the write, which is a compare-and-set), "overwrite" says so in the preview and goes on. After a refresh it is an
   * ordinary difference. Default "refuse".
   */
  readonly onConflict?: pulumi.Input<"refuse" | "overwrite">;
  /** The end of the resource: "delete" marks the key as deleted and keeps its history, "purge" removes that too. Default "delete". */
  readonly onDelete?: pulumi.Input<"delete" | "purge">;
}

/**
 * One key of a key-value bucket with its value. Writes are compare-and-set: a value that somebody else has changed is never
 * written over unless the preview has said so. A refresh sees values that were changed, deleted, purged, or have run out.
 *
 * Import ids: `config/api.limits`, or `JETSTREAM_KV_config_ENTRY_api.limits` as the Terraform provider writes them. Where an
 * application owns the value after its first writing, use the option `ignoreChanges: ["value"]`.
 *
 * @example
 * ```ts
 * const config = new nats.KeyValue("config", { limitMarkerTtl: "1h" }, { provider });
 * new nats.KeyValueEntry("limits", { bucket: config.bucket, key: "api.limits", json: { rate: 100 } }, { provider });
 * new nats.KeyValueEntry("token", { bucket: config.bucket, value: secrets.require("token"), ttl: "24h" }, { provider });
 * ```
 */
export class KeyValueEntry extends NatsResource {
  /** Name of the bucket. */
  declare readonly bucket: pulumi.Output<string>;
  /** The key; known in previews. */
  declare readonly key: pulumi.Output<string>;
  /** Revision of the value: its sequence in the bucket. */
  declare readonly revision: pulumi.Output<number>;
  /** When that revision was written, RFC 3339. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: KeyValueEntryArgs, options?: pulumi.CustomResourceOptions) {
    refuseArguments("KeyValueEntry", name, required(object), args);
    super("KeyValueEntry", name, { ...args, key: args.key ?? name }, ["revision", "created"], options);
  }
}
