import * as pulumi from "@pulumi/pulumi";
import { joinPath } from "../provider/conf/path";
import type { MarkedSecret } from "../provider/model/hideSecrets";

export interface Resolved<T> {
  readonly value: T;
  /** Text of every value that the program marked as secret. */
  readonly secrets: readonly string[];
  /** The same by their places, for what is said of these. */
  readonly marked: readonly MarkedSecret[];
}

/**
 * The plain value of a tree of inputs. One secret leaf makes a whole Output secret, and a preview then shows nothing of it;
 * so the result is not secret and lists the secret values instead, for the renderer to keep them apart. Never show it.
 *
 * Nor does one unknown leaf make all of it unknown: in `preview` a placeholder stands for it. Whatever still holds one
 * after the rendering must be shown as unknown, see {@link holdsPlaceholder}.
 */
export function resolveInputs<T>(inputs: unknown): {
  preview: pulumi.Output<Resolved<T>>;
  final: pulumi.Output<Resolved<T>>;
} {
  const found = new Map<unknown, Slot>();
  const shape = collect(inputs, found);
  const leaves = [...found.keys()].map((leaf) => pulumi.output(leaf));
  const secrecy = Promise.all(leaves.map((leaf) => pulumi.isSecret(leaf)));
  const resolve = (values: readonly unknown[], isSecret: readonly boolean[]): Resolved<T> => ({
    value: fill(shape, values) as T,
    secrets: values.flatMap((value, index) => (isSecret[index] ? texts(value) : [])),
    marked: [...slotsIn(shape, "")].flatMap(([path, { index }]) =>
      isSecret[index] ? [{ path, texts: texts(values[index]).filter((one) => !holdsPlaceholder(one)) }] : [],
    ),
  });
  const final = pulumi
    .unsecret(pulumi.all([pulumi.all(leaves), secrecy]))
    .apply(([values, isSecret]) => resolve(values, isSecret));
  const known = Promise.all([Promise.all(leaves.map(knownValue)), secrecy]);
  const preview = pulumi.output(known.then(([values, isSecret]) => resolve(values, isSecret)));
  return { preview: preview as pulumi.Output<Resolved<T>>, final };
}

/** The same at once, with a placeholder for every value that is not plain. */
export function resolveNow<T>(inputs: unknown): Resolved<T> {
  const found = new Map<unknown, Slot>();
  const shape = collect(inputs, found);
  return {
    value: fill(
      shape,
      [...found].map((_, index) => `${placeholder}${index}`),
    ) as T,
    secrets: [],
    marked: [],
  };
}

/** True for what a program may only know when something else has been made. */
export function isLater(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

const placeholder = "unknown-until-applied-";

/** True where the value of an unknown leaf would have gone into a text. */
export function holdsPlaceholder(value: unknown): boolean {
  return JSON.stringify(value)?.includes(placeholder) ?? false;
}

/** True where such a value stands on the way to `path`, so that what is said of it is said of the placeholder. */
export function leadsToPlaceholder(value: unknown, path: string): boolean {
  let place = value;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof place !== "object" || place === null) break;
    place = (place as Record<string, unknown>)[key];
  }
  return typeof place === "string" && place.includes(placeholder);
}

async function knownValue(leaf: pulumi.Output<unknown>, index: number): Promise<unknown> {
  const internals = leaf as unknown as { isKnown?: Promise<boolean>; promise?: () => Promise<unknown> };
  if ((await internals.isKnown) !== true || !internals.promise) return `${placeholder}${index}`;
  return internals.promise();
}

/** Place of an Output in a tree. */
class Slot {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

/** One that stands at several places is one leaf, so that its placeholder is the same everywhere. */
function collect(value: unknown, leaves: Map<unknown, Slot>): unknown {
  if (isLater(value)) {
    const slot = leaves.get(value) ?? new Slot(leaves.size);
    leaves.set(value, slot);
    return slot;
  }
  if (Array.isArray(value)) return value.map((member) => collect(member, leaves));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, collect(member, leaves)]));
  }
  return value;
}

function* slotsIn(shape: unknown, path: string): Generator<[path: string, slot: Slot]> {
  if (shape instanceof Slot) yield [path, shape];
  else if (Array.isArray(shape)) {
    for (const [index, member] of shape.entries()) yield* slotsIn(member, joinPath(path, index));
  } else if (typeof shape === "object" && shape !== null) {
    for (const [key, member] of Object.entries(shape)) yield* slotsIn(member, joinPath(path, key));
  }
}

function fill(shape: unknown, values: readonly unknown[]): unknown {
  if (shape instanceof Slot) return values[shape.index];
  if (Array.isArray(shape)) return shape.map((member) => fill(member, values));
  if (typeof shape === "object" && shape !== null) {
    return Object.fromEntries(Object.entries(shape).map(([key, member]) => [key, fill(member, values)]));
  }
  return shape;
}

function texts(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(texts);
  return value === undefined || value === null || value === "" || typeof value === "boolean"
    ? []
    : [typeof value === "string" ? value : JSON.stringify(value)];
}
