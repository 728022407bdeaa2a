import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A text that changes with the resource and the keys that a program asks of it, and with nothing else. An update leaves all outputs
 * unknown in a preview, the keys too; whoever uses them can tell by this that they stay what they are. It says nothing about the keys.
 */
export function keyring(resource: pulumi.Resource, keys: object): pulumi.Output<string> {
  // Another resource that asks for the same has keys of its own.
  const known = pulumi.all([resource.urn, pulumi.output(keys as Record<string, pulumi.Input<string>>)]);
  const digest = known.apply((plain) => createHash("sha256").update(JSON.stringify(plain)).digest("hex"));
  return pulumi.unsecret(digest).apply((text) => text.slice(0, 32));
}
