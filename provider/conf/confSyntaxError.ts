import { NatsError } from "../errors";

/** A place in a configuration; line and column count from 1, columns in characters. */
export interface Position {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** Text that no server can read as a configuration. */
export class ConfSyntaxError extends NatsError {
  override readonly name = "ConfSyntaxError";
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** What is wrong and why, without place and fix. */
  readonly reason: string;
  readonly fix: string;
  constructor(at: Position, reason: string, fix: string) {
    super(`${at.file ?? "nats.conf"}:${at.line}:${at.column}: ${reason}. Fix: ${fix}`);
    this.file = at.file;
    this.line = at.line;
    this.column = at.column;
    this.reason = reason;
    this.fix = fix;
  }
}
