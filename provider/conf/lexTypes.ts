import type { Cursor } from "./cursor";

export type TokenKind =
  | "key"
  | "string"
  | "bool"
  | "integer"
  | "float"
  | "date"
  | "variable"
  | "include"
  | "mapStart"
  | "mapEnd"
  | "listStart"
  | "listEnd"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it starts, in bytes. */
  readonly offset: number;
}

/** Where servers' readings differ. */
export interface LexRules {
  /** `5e7bcd` is the number `5e` and then an error, instead of a text. */
  readonly digitEndsSuffix: boolean;
}

/** What a state of the reader works on. */
export interface Machine {
  readonly cursor: Cursor;
  readonly rules: LexRules;
  /** Hands out a token: what was read since the start, or the given bytes. */
  /** Text of the key that was emitted last. */
  readonly lastKey: string;
  emit(kind: TokenKind, bytes?: string): void;
  /** Sets what comes after the value that is about to be read. */
  push(state: State): void;
  /** Takes what comes after the value that was read. */
  pop(): State;
}

/** One state of the reader: reads on and names the next; nothing when it is through. */
export type State = (machine: Machine) => State | undefined;
