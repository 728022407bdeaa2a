import type * as pulumi from "@pulumi/pulumi";

/** `T` where every part, at every depth, may also be an Output (a secret one too) or a Promise. */
export type Inputs<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends string
    ? pulumi.Input<T>
    : T extends readonly (infer Member)[]
      ? pulumi.Input<readonly Inputs<Member>[]>
      : T extends object
        ? pulumi.Input<{ readonly [Key in keyof T]: Inputs<T[Key]> }>
        : pulumi.Input<T>;
