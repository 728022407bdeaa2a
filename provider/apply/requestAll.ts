import type { Msg, NatsConnection } from "nats";
import { NatsError } from "../errors";

export interface RequestAllOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** True once no further answer is wanted. */
  readonly isEnough: (answers: readonly string[]) => boolean;
}

/** Asks everybody on a subject; the answers until there are enough, or the time is over. */
export async function requestAll(
  connection: NatsConnection,
  subject: string,
  payload: string,
  { timeout, isEnough }: RequestAllOptions,
): Promise<string[]> {
  const { createInbox } = require("nats") as typeof import("nats");
  const inbox = createInbox();
  const answers: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(timer);
      subscription.unsubscribe();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => end(), timeout);
    const subscription = connection.subscribe(inbox, {
      callback: (error: Error | null, message: Msg) => {
        if (error) return end(error);
        if (message.headers?.code === 503 && message.data.length === 0) {
          return end(new NatsError(`nobody answers on ${subject} (at ${connection.getServer()})`));
        }
        answers.push(message.string());
        if (isEnough(answers)) end();
      },
    });
    connection.publish(subject, payload, { reply: inbox });
  });
  return answers;
}
