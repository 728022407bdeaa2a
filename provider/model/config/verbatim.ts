/**
 * Keys of one block of nats.conf exactly as they are to stand there: own spelling, aliases, variables' definitions, keys
 * that this package does not know. Whole numbers become int64. The block's other properties are checked, these are not.
 *
 * @example
 * ```ts
 * config: { maxPayload: "8MiB", verbatim: { max_conn: 1000 } }
 * ```
 */
export interface Verbatim {
  readonly [key: string]: VerbatimValue;
}

/** One value under a `verbatim` key: a text, a number, a switch, a date, a list, or a block of keys. */
export type VerbatimValue = string | number | bigint | boolean | Date | readonly VerbatimValue[] | Verbatim;
