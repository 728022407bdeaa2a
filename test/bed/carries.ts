import { randomBytes } from "node:crypto";
import type { NatsConnection } from "nats";

/** A request that one connection sends is answered by another one, within 60 seconds: links and interest take their time. */
export async function carries(from: () => Promise<NatsConnection>, to: () => Promise<NatsConnection>): Promise<void> {
  const [sender, receiver] = [await from(), await to()];
  try {
    const subject = `carried.${randomBytes(4).toString("hex")}`;
    receiver.subscribe(subject, { callback: (_error, message) => void message.respond("here") });
    await receiver.flush();
    const deadline = Date.now() + 60_000;
    for (;;) {
      try {
        const answer = (await sender.request(subject, "", { timeout: 1000 })).string();
        if (answer !== "here") throw new Error(`the answer is ${answer}`);
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw new Error(`${sender.info?.server_name} does not reach ${receiver.info?.server_name}: ${String(error)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await Promise.all([sender, receiver].map((one) => one.close()));
  }
}
