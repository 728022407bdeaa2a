import { NatsError } from "../errors";

/** Nobody answered, so nobody may have done it: safe to ask again. */
export class NoAnswer extends NatsError {
  /** What was asked in vain, apart from what it is about: `no answer to $JS.API.INFO from 127.0.0.1:4222 (TIMEOUT)`. */
  readonly evidence: string;
  constructor(reason: string, options: NoAnswerOptions = {}) {
    const { evidence = reason, ...rest } = options;
    super(reason, rest);
    this.evidence = evidence;
  }
}

interface NoAnswerOptions extends ErrorOptions {
  readonly fix?: string;
  readonly evidence?: string;
}

/** The connection is over, and nobody can be asked over it any more. */
export class Disconnected extends NatsError {}
