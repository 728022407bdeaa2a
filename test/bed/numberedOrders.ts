import type { NatsConnection } from "nats";

/** Messages `0`, `1`, … to seven subjects of a stream ORDERS. */
export async function publishOrders(connection: NatsConnection, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await connection.jetstream().publish(`orders.${index % 7}`, `${index}`);
}

/** Takes so many of them by a consumer, each until the server has heard. */
export async function acknowledgeOrders(connection: NatsConnection, consumer: string, count: number): Promise<void> {
  const found = await connection.jetstream().consumers.get("ORDERS", consumer);
  for await (const message of await found.fetch({ max_messages: count, expires: 5000 })) await message.ackAck();
}
