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
  close(): Promise<void>;
}
