import * as pulumi from "@pulumi/pulumi";
import type { BedHost } from "../bed/hosts/hostsBed";

/** A machine as clouds have them: its address and its host key are there once it is made. */
export class Vm extends pulumi.dynamic.Resource {
  declare readonly privateIp: pulumi.Output<string>;
  declare readonly hostKey: pulumi.Output<string>;

  constructor({ name, address, hostKey }: BedHost) {
    super(provider, name, { made: { privateIp: address, hostKey }, privateIp: undefined, hostKey: undefined });
  }
}

const provider: pulumi.dynamic.ResourceProvider<{ readonly made: Readonly<Record<string, string>> }> = {
  create: (inputs) => Promise.resolve({ id: "vm", outs: { ...inputs, ...inputs.made } }),
};
