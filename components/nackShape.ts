import { either, having, input, labels, partOf, required, text } from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { connectShape } from "./connectShape";
import { refuse } from "./kubernetesHelper";
import type { NackAccountArgs } from "./nackAccount";
import type { NackObjectArgs, NackSpecArgs } from "./nackObject";

const place: { readonly [Key in keyof Required<NackObjectArgs>]: Argument } = {
  nack: having("a controller", ["namespace", "controller", "access"], "nack (the nats.Nack), or namespace"),
  namespace: text,
  objectName: text,
  labels,
  annotations: labels,
};

/** Of an object's arguments, those that are not fields of its spec, which are checked with the others of it. */
export const nackSpecShape = partOf<NackObjectArgs & Pick<NackSpecArgs, "account">>({
  ...place,
  account: either(having("an account", ["accountName"]), input(text)),
});

export const nackAccountShape = partOf<NackAccountArgs>({
  ...place,
  nack: required(place.nack, "nack (the nats.Nack)"),
  connection: required(connectShape),
});

/** Stops a program whose arguments of an object are of another shape than the constructor can work with. */
export function refuseNack(kind: string, name: string, shape: Argument, args: unknown): void {
  refuse(`nats.nack.${kind} "${name}"`, required(shape)(args, ""));
}
