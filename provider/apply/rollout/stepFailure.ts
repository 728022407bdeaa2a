import { NatsError } from "../../errors";
import type { Left } from "./left";

/** A step that did not succeed: why, and how each server that it touched was left. */
export class StepFailure extends NatsError {
  readonly left: ReadonlyMap<string, Left>;
  constructor(reason: string, left: ReadonlyMap<string, Left>, options?: ErrorOptions) {
    super(reason, options);
    this.left = left;
  }
}
