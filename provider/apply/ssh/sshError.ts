import { NatsError } from "../../errors";

/** What kind of thing went wrong, for those who must tell one from another. */
export type SshFailure =
  /** The host can't be reached: no such name, refused, no route, no answer in time. */
  | "unreachable"
  /** Something answered that does not speak ssh, or not in time. */
  | "handshake"
  | "host key"
  /** No key, agent or password was taken. */
  | "login"
  /** What was given to log in with can't be used: no agent, a key that needs a passphrase. */
  | "credentials"
  | "sudo"
  /** The connection broke while something was under way. */
  | "lost"
  /** A command or a transfer that did not end in time. */
  | "timeout"
  /** The host's sshd forbids it. */
  | "forbidden"
  /** A connection from the host to something else. */
  | "dial"
  /** The same where nothing listens at that port. */
  | "refused"
  /** A file could not be written or read. */
  | "file";

/** Names the host, what failed and why, and the fix. */
export class SshError extends NatsError {
  readonly failure: SshFailure;
  /** The host that failed: the one that was wanted, or one that leads there. */
  readonly label: string;
  readonly reason: string;
  readonly fix: string | undefined;
  constructor(failure: SshFailure, label: string, reason: string, fix?: string, cause?: unknown) {
    super(`ssh ${label}: ${reason}`, { fix, ...(cause === undefined ? {} : { cause }) });
    this.failure = failure;
    this.label = label;
    this.reason = reason;
    this.fix = fix;
  }
}
