import * as pulumi from "@pulumi/pulumi";
import { NatsResource } from "./natsResource";

/** Arguments of {@link CredsFile}. */
export interface CredsFileArgs {
  /** Content of the file: `user.creds`; kept as a secret. A change rewrites the file. */
  readonly creds: pulumi.Input<string>;
  /** Absolute path of the file, on the machine where `pulumi` runs. Another path is another file; the old one is removed. */
  readonly path: pulumi.Input<string>;
}

/**
 * A creds file on the machine where `pulumi` runs: written whole or not at all, readable by its owner alone (mode 0600). A file
 * that something else wrote there is not overwritten. `pulumi refresh` sees a file that is gone, changed, or readable by others.
 *
 * @example
 * ```ts
 * const file = new nats.CredsFile("nexus", { creds: nexus.creds, path: path.resolve("nexus.creds") });
 * export const context = east.cliContext({ creds: file.path });
 * ```
 */
export class CredsFile extends NatsResource {
  /** Absolute path; known in previews. */
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: CredsFileArgs, options?: pulumi.CustomResourceOptions) {
    super("CredsFile", name, { ...args, creds: pulumi.secret(args?.creds) }, ["mode"], options, ["creds"]);
  }
}
