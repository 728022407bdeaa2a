import * as pulumi from "@pulumi/pulumi";
import { providerText, secretsProperty, typePrefix } from "../host/providerText";
import { refuseSettings } from "./refuseSettings";
import { secretInputs } from "./secretInputs";
import { shortStacks } from "./shortStacks";

/** Kinds that reach NATS as a provider, or else the stack's configuration, says. */
const connecting: ReadonlySet<string> = new Set([
  "Consumer",
  "Consumers",
  "KeyValue",
  "KeyValueEntry",
  "ObjectStore",
  "StoredObject",
  "Stream",
  "Streams",
]);

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
    if (connecting.has(kind) && options.provider === undefined) refuseSettings();
    const urn = urnOf(typePrefix + kind, name, options.parent);
    const secrets = secretInputs(props);
    const hidden = {
      __provider: providerText(kind),
      ...(secrets === undefined ? {} : { [secretsProperty]: secrets }),
      ...(urn === undefined ? {} : { __urn: urn }),
      ...(id === undefined ? {} : { __import: id }),
    };
    const unknown = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const secret = [...(rest.additionalSecretOutputs ?? []), ...secretOutputs];
    const restore = shortStacks();
    try {
      super(
        typePrefix + kind,
        name,
        { ...unknown, ...props, ...hidden },
        secret.length === 0 ? rest : { ...rest, additionalSecretOutputs: secret },
      );
    } finally {
      restore();
    }
  }
}

/**
 * The resource's URN, for what its provider says about it: a provider process can't see whom its very first request is about.
 * It is never stored. Undefined where the SDK keeps a parent's type elsewhere than today.
 */
function urnOf(type: string, name: string, parent: pulumi.Resource | undefined): string | undefined {
  const types = [type];
  for (let resource = parent as Ancestor | undefined; resource; resource = resource.__parentResource) {
    if (typeof resource.__pulumiType !== "string") return undefined;
    if (resource.__pulumiType !== "pulumi:pulumi:Stack") types.unshift(resource.__pulumiType);
  }
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${types.join("$")}::${name}`;
}

interface Ancestor {
  readonly __pulumiType?: string;
  readonly __parentResource?: Ancestor;
}
