/** Somebody took the connection, and hung up before it said who it is: no refusal, for which NATS' client takes it. */
class NoGreeting extends Error {
  override readonly name = "NoGreeting";
  readonly code = "NO_GREETING";
  constructor(cause: unknown) {
    super("the connection was closed before INFO", { cause });
  }
}

/**
 * What comes of a connection up to its INFO. The client's own error is undefined where the other side just closes it; a reset may
 * be heard while it is still being made.
 */
export async function greeted<Result>(connection: Promise<Result>): Promise<Result> {
  try {
    return await connection;
  } catch (error) {
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    if (error === undefined || code === "ECONNRESET" || code === "EPIPE") throw new NoGreeting(error);
    throw error;
  }
}
