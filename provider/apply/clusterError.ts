import { NatsError } from "../errors";

/** What a cluster does not do, in words that name it. */
export class ClusterError extends NatsError {}
