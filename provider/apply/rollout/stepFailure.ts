import { NatsError } from "../../errors";

/** A step that did not succeed: why, and how each server that it touched was left. */
export class StepFailure extends NatsError {
  readonly left: ReadonlyMap<string, string>;
  constructor(reason: string, left: ReadonlyMap<string, string>, options?: ErrorOptions) {
    super(reason, options);
    this.left = left;
  }
}
