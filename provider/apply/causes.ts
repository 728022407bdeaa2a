import { SshError } from "./ssh/sshError";

/** An error as Node, NATS' client and we throw it. */
export interface Failure extends Error {
  readonly code?: string;
  readonly chainedError?: Error;
  /** The certificate that did not fit, where Node tells. */
  readonly cert?: { readonly subjectaltname?: string };
}

/** An error and what it came from. */
export function causes(error: unknown): Failure[] {
  const chain: Failure[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 5;) {
    chain.push(cause);
    cause = (cause as Failure).chainedError ?? cause.cause;
  }
  return chain;
}

/** Nothing listens at the address, as this machine sees it or whatever the way there leads through. */
export function wasRefused(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      ["ECONNREFUSED", "CONNECTION_REFUSED"].includes(String(cause.code)) ||
      (cause instanceof SshError && cause.failure === "refused"),
  );
}
