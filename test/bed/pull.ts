import type { JsMsg, NatsConnection } from "nats";

/** Milliseconds that a new consumer's interest may take across the routes. */
const patience = 30_000;

/**
 * Up to so many messages of a consumer, as `fetch` gives them; until the consumer's server is heard of on this one, nobody answers
 * a pull (503), and it is sent again.
 */
export async function* pull(
  connection: NatsConnection,
  [stream, name]: readonly [stream: string, consumer: string],
  count: number,
  expires = 5000,
): AsyncGenerator<JsMsg> {
  const consumer = await connection.jetstream({ timeout: 20_000 }).consumers.get(stream, name);
  const deadline = Date.now() + patience;
  for (let got = 0; ;) {
    try {
      for await (const message of await consumer.fetch({ max_messages: count, expires })) {
        got++;
        yield message;
      }
      return;
    } catch (error) {
      const isUnheard = (error as { code?: string }).code === "503" && got === 0;
      if (!isUnheard || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
