import { NatsError } from "../errors";

/** A text that no nats-server reads: where it stops, why, and what to write instead. */
export class ConfSyntaxError extends NatsError {
  override readonly name = "ConfSyntaxError";
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** What is wrong, without the place. */
  readonly reason: string;
  constructor(reason: string, place: { file?: string | undefined; line: number; column: number }) {
    super(`${place.file ?? "nats.conf"}:${place.line}:${place.column}: ${reason}`);
    this.reason = reason;
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}
