/** How a rollout asks exactly one server, whichever way leads there. */
export interface ServerConnection {
  readonly node: string;
  readonly url: string;
  readonly serverId: string;
  readonly version: string;
  readonly isClosed: boolean;
  /** False where only the monitoring port answers: then {@link askJetStream} always fails. */
  readonly canManageJetStream: boolean;
  /** VARZ, HEALTHZ, ROUTEZ, JSZ (its answer) or RELOAD; a `ServerRefusal` says why the server does not do it. */
  ask<Data>(name: string, options?: object, timeout?: number): Promise<Data>;
  /** A request of JetStream's own interface, such as `$JS.API.META.LEADER.STEPDOWN`. */
  askJetStream<Answer>(subject: string, payload?: object, timeout?: number): Promise<Answer>;
  /**
   * The same of every server that the system account reaches, those of clusters behind gateways too: what came within `wait`
   * milliseconds, or from so many servers as are expected. Absent where only the monitoring port answers.
   */
  askAll?<Data>(name: string, options?: object, limits?: AllLimits): Promise<readonly AnswerOf<Data>[]>;
  close(): Promise<void>;
}

export interface AllLimits {
  /** Milliseconds. Default 1000. */
  readonly wait?: number;
  /** Answers after which nobody else is waited for. */
  readonly expected?: number;
}

/** One server's answer to what all are asked. */
export interface AnswerOf<Data> {
  readonly server: string;
  readonly cluster: string;
  readonly data: Data;
}
