import { NatsError } from "../errors";

/** There is no way in to NATS. */
export class ConnectError extends NatsError {
  /** Nothing listens there, or the name is not known: the same program may be about to make the servers. */
  readonly isNobodyThere: boolean;
  constructor(message: string, isNobodyThere: boolean) {
    super(message);
    this.isNobodyThere = isNobodyThere;
  }
}
