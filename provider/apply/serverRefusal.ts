import { NatsError } from "../errors";

/** What a server says when it refuses a request. */
export class ServerRefusal extends NatsError {
  /** JetStream's own number, where JetStream has refused: 10044 … */
  readonly code: number | undefined;
  constructor(reason: string, code?: number) {
    super(reason);
    this.code = code;
  }
}
