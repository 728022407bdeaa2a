import type { Problem } from "../errors";
import type { Cursor } from "./cursor";
import type { ConfMap, ConfValue } from "./value";

/** What is known of a key or an item beside its value. */
export interface Note {
  readonly cursor: Cursor;
  readonly offset: number;
  /** It served as a variable. */
  used: boolean;
}

export type Holder = Map<string, ConfValue> | ConfValue[];

/** How many values a list or map holds, with all that they hold, and how deep. */
export interface Extent {
  readonly size: number;
  readonly depth: number;
}

/** What is noted beside the values of one configuration with its includes. A map that a variable stands for is the same map. */
export class Book {
  readonly warnings: Problem[] = [];
  /** True when any key served as a variable. */
  usesVariables = false;
  readonly #keys = new WeakMap<ConfMap, Map<string, Note>>();
  readonly #items = new WeakMap<readonly ConfValue[], Note[]>();
  readonly #extents = new WeakMap<object, Extent>();

  noteOf(holder: ConfMap | readonly ConfValue[], part: string | number): Note | undefined {
    if (holder instanceof Map) return typeof part === "string" ? this.#keys.get(holder)?.get(part) : undefined;
    return typeof part === "number" ? this.#items.get(holder as readonly ConfValue[])?.[part] : undefined;
  }

  noteKey(map: ConfMap, key: string, note: Note): void {
    const notes = this.#keys.get(map) ?? new Map<string, Note>();
    this.#keys.set(map, notes.set(key, note));
  }

  noteItem(list: readonly ConfValue[], note: Note): void {
    const notes = this.#items.get(list);
    if (notes) notes.push(note);
    else this.#items.set(list, [note]);
  }

  extentOf(value: ConfValue): Extent {
    return (typeof value === "object" && this.#extents.get(value)) || { size: 1, depth: 0 };
  }

  noteExtent(holder: object, extent: Extent): void {
    this.#extents.set(holder, extent);
  }
}
