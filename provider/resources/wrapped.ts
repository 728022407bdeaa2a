import type * as pulumi from "@pulumi/pulumi";

/** `T` where every part, at every depth, may also be an Output (a secret one too) or a Promise. */
export type Wrapped<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends string
    ? pulumi.Input<T>
    : T extends readonly (infer Member)[]
      ? pulumi.Input<readonly Wrapped<Member>[]>
      : T extends object
        ? pulumi.Input<{ readonly [Key in keyof T]: Wrapped<T[Key]> }>
        : pulumi.Input<T>;
