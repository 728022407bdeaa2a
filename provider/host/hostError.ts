import type { Bag } from "./dynamicProvider";

/** What the user sees of a failure: one message, no stack. With an id, what stands is kept in the state. */
export class HostError extends Error {
  override readonly name = "NatsError";
  readonly id: string | undefined;
  readonly properties: Bag | undefined;
  readonly reasons: readonly string[] | undefined;
  constructor(message: string, kept?: { id: string; properties: Bag; reasons: readonly string[] }) {
    super(message);
    this.id = kept?.id;
    this.properties = kept?.properties;
    this.reasons = kept?.reasons;
    this.stack = "";
  }
  override toString(): string {
    return this.message;
  }
}
