import * as pulumi from "@pulumi/pulumi";

/** A URL at an address that may be known only later. */
export function urlOf(scheme: string, host: pulumi.Input<string>, port: number): pulumi.Output<string> {
  return pulumi.output(host).apply((known) => `${scheme}://${known.includes(":") ? `[${known}]` : known}:${port}`);
}
