/** What is known about one key of nats.conf. */
export interface KeyFact {
  /** Canonical path with placeholders: `accounts.<name>.users[].password`. */
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly enum?: readonly string[];
  readonly default?: string;
  /** First server version that knows the key. */
  readonly since?: string;
  /** What the server says to a reload that changes it. */
  readonly reload: "hot" | "restart" | "partial";
  readonly impact: string;
  readonly secret?: boolean;
  /** Names a file whose content the configuration's digest does not see. */
  readonly file?: boolean;
  readonly description: string;
  readonly note?: string;
}
