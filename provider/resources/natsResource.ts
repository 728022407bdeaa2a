import * as pulumi from "@pulumi/pulumi";
import { providerText, typePrefix } from "../host/providerText";

/** Base of every resource: a thin entry in the state, whose life is lived by the handler of its kind. */
export abstract class NatsResource extends pulumi.CustomResource {
  /**
   * `outputs` names what only the provider knows, `secretOutputs` which of these are secrets.
   * `options.import` takes the live object with that id into the stack: it must be as the program says, else `up` lists the differences.
   */
  constructor(
    kind: string,
    name: string,
    props: pulumi.Inputs,
    outputs: readonly string[],
    options: pulumi.CustomResourceOptions = {},
    secretOutputs: readonly string[] = [],
  ) {
    // The dynamic-provider server can't import before it has seen one of our resources; our create can.
    const { import: id, ...rest } = options;
    const hidden = { __provider: providerText(kind), ...(id === undefined ? {} : { __import: id }) };
    const unknown = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const secret = [...(rest.additionalSecretOutputs ?? []), ...secretOutputs];
    super(
      typePrefix + kind,
      name,
      { ...unknown, ...props, ...hidden },
      secret.length === 0 ? rest : { ...rest, additionalSecretOutputs: secret },
    );
  }
}
