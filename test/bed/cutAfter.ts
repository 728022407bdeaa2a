import { JetStream } from "../../provider/apply/jetstream";

/** Stands for the end of the process: nothing is sent after it. */
export class Cut extends Error {}

/** Runs it with all requests failing once so many have changed something; false when it came through. */
export async function cutAfter(calls: number, work: () => Promise<unknown>): Promise<boolean> {
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { request } = JetStream.prototype;
  let left = calls;
  JetStream.prototype.request = async function (this: JetStream, subject, payload, what, there) {
    const changes = /\.(CREATE|UPDATE|DELETE|PURGE)\./.test(subject);
    if (left <= 0) throw new Cut();
    const answer = await request.call(this, subject, payload, what, there);
    if (changes) left--;
    return answer;
  };
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof Cut) return true;
    throw error;
  } finally {
    JetStream.prototype.request = request;
  }
}
