import { NatsError } from "../errors";

/** What a server says when it refuses a request. */
export class ServerRefusal extends NatsError {}
