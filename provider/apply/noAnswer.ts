import { NatsError } from "../errors";

/** Nobody answered, so nobody may have done it: safe to ask again. */
export class NoAnswer extends NatsError {}

/** The connection is over, and nobody can be asked over it any more. */
export class Disconnected extends NatsError {}
