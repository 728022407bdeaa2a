import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A text that changes with the resource and the keys that a program asks of it, and with nothing else. An update leaves all outputs
 * unknown in a preview, the keys too; whoever uses them can tell by this that they stay what they are. It says nothing about the keys,
 * and is unknown itself where the resource is made anew.
 */
export function keyring(resource: pulumi.CustomResource, keys: object): pulumi.Output<string> {
  // Another resource that asks for the same has keys of its own.
  const known = pulumi.all([resource.urn, pulumi.output(keys as Record<string, pulumi.Input<string>>), resource.id]);
  const digest = known.apply(([urn, asked]) =>
    createHash("sha256")
      .update(JSON.stringify([urn, asked]))
      .digest("hex"),
  );
  return pulumi.unsecret(digest).apply((text) => text.slice(0, 32));
}
