import * as pulumi from "@pulumi/pulumi";
import { object } from "../model/argument";
import type { ObjectStoreSettings } from "../model/objectStoreSettings";
import type { DataArgs } from "./dataArgs";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";
import type { Wrapped } from "./wrapped";

export type * from "../model/objectStoreSettings";

/** Settings of an object store as a program gives them. */
export type ObjectStoreSettingArgs = {
  readonly [Key in keyof ObjectStoreSettings]?: Wrapped<ObjectStoreSettings[Key]>;
};

/** Arguments of {@link ObjectStore}. */
export interface ObjectStoreArgs extends ObjectStoreSettingArgs, DataArgs {
  /**
   * Take over a store of that name that exists already, as far as it can become what the program says. Default false: one that
   * this stack has not made is an error. The option `import` is the other way. A resource that had
   * it before leaves it when that ends; a change of its own takes it back, which its preview says ("belongs to … now: this change
   * takes it back").
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * An object store, made exactly as `nats object add` and the clients make it, so that all of them can use it. Objects of any size
 * go in by {@link StoredObject} or by any client. The preview says what a change does to the store as it is on the server.
 *
 * Import ids: `assets`, or `JETSTREAM_OBJ_assets` as the Terraform provider writes them.
 *
 * @example
 * ```ts
 * const assets = new nats.ObjectStore("assets", { maxBytes: "10GiB", compression: true }, { provider });
 * new nats.StoredObject("logo.svg", { bucket: assets.bucket, file: "logo.svg" }, { provider });
 * ```
 */
export class ObjectStore extends NatsResource {
  /** Name of the store; known in previews. */
  declare readonly bucket: pulumi.Output<string>;
  /** When the store was made, RFC 3339. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: ObjectStoreArgs = {}, options?: pulumi.CustomResourceOptions) {
    refuseArguments("ObjectStore", name, object, args);
    super("ObjectStore", name, { ...args, bucket: args.bucket ?? name }, ["created"], options);
  }

  /** Name of the stream that the store is, `OBJ_<bucket>`; known in previews. */
  get stream(): pulumi.Output<string> {
    return pulumi.interpolate`OBJ_${this.bucket}`;
  }

  /** A store that exists, as it is: read at every run, never changed. `id` is its name. */
  static get(name: string, id: pulumi.Input<string>, options: pulumi.CustomResourceOptions = {}): ObjectStore {
    return new ObjectStore(name, { bucket: id }, { ...options, id });
  }
}
