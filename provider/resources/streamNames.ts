import type * as pulumi from "@pulumi/pulumi";

const streams = new WeakMap<object, pulumi.Resource>();

/** Remembers whose name that is. Of one that is only read, or stays when its resource goes, a consumer does not go with it. */
export function knowStream(
  name: pulumi.Output<string>,
  stream: pulumi.Resource,
  { id, retainOnDelete }: pulumi.CustomResourceOptions = {},
): void {
  if (id === undefined && retainOnDelete !== true) streams.set(name, stream);
}

/** A server ends consumers with their stream: where both go, nothing is asked of the consumer. */
export function withItsStream(
  name: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const stream = typeof name === "object" ? streams.get(name) : undefined;
  return stream === undefined || options.id !== undefined ? options : { deletedWith: stream, ...options };
}
