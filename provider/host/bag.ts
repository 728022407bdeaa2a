import { unknownValue } from "./handler";
import type { Bag } from "./dynamicProvider";

/** Pulumi's markers for unknown values, one for each type that the engine may write. */
const unknownMarkers: ReadonlySet<unknown> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** What a handler sees: no member of Pulumi's or ours that starts with "__", and one marker for whatever is unknown. */
export function visible(bag: Bag): Bag {
  return Object.fromEntries(
    Object.entries(bag)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, value]) => [key, oneMarker(value)]),
  );
}

function oneMarker(value: unknown): unknown {
  if (unknownMarkers.has(value)) return unknownValue;
  return withMembers(value, oneMarker);
}

/** What Pulumi can store: members without a value are left out, whole numbers are numbers. */
export function storable(bag: object): Bag {
  return plainValue(bag) as Bag;
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Map) return plainValue(Object.fromEntries(value as Map<string, unknown>));
  return withMembers(value, plainValue);
}

/** The value itself where nothing in it becomes another: maps of thousands are not copied for nothing. */
function withMembers(value: unknown, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const changed = value.map((element) => change(element) ?? null);
    return changed.some((element, index) => element !== value[index]) ? changed : value;
  }
  if (typeof value !== "object" || value === null) return value;
  let copy: Bag | undefined;
  for (const [key, member] of Object.entries(value)) {
    const changed = change(member);
    if (changed === member && changed !== undefined) continue;
    copy ??= { ...value };
    if (changed === undefined) delete copy[key];
    else copy[key] = changed;
  }
  return copy ?? value;
}
