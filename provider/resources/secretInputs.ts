import * as pulumi from "@pulumi/pulumi";
import { joinPath } from "../conf/path";
import { isSecretName } from "../model/secretName";

/**
 * Where the program's inputs are secrets, for the provider: the engine hands it plain values, so that it could tell a secret by its
 * name alone. Undefined where all of them have such a name, or there is none.
 */
export function secretInputs(inputs: pulumi.Inputs): pulumi.Output<string[] | undefined> | undefined {
  const later = [...laterIn(inputs, "")];
  if (later.length === 0) return undefined;
  const found = later.map(async ([path, value]) => {
    // What fails fails where it is used.
    const isSecret = await pulumi.isSecret(pulumi.output(value)).catch(() => false);
    return isSecret ? [path] : [];
  });
  return pulumi.output(
    Promise.all(found).then((all) => {
      const paths = all.flat();
      return paths.length > 0 ? paths : undefined;
    }),
  );
}

type Later = pulumi.Output<unknown> | Promise<unknown>;

function* laterIn(value: unknown, path: string): Generator<[path: string, value: Later]> {
  if (typeof value !== "object" || value === null) return;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    yield [path, value];
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) yield* laterIn(member, joinPath(path, index));
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (!isSecretName(name)) yield* laterIn(member, joinPath(path, name));
  }
}
