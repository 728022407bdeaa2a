import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";

/** All that a stream stores, as it stores it: sequences, times, headers and all. */
export async function streamMessages(js: JetStream, stream: string): Promise<object[]> {
  const { state } = (await streamInfo(js, stream))!;
  const found: object[] = [];
  for (let seq = Number(state.first_seq); seq <= Number(state.last_seq); seq++) {
    const answer = await js.request(`STREAM.MSG.GET.${stream}`, { seq }, "").catch(() => undefined);
    if (answer) found.push(answer["message"] as object);
  }
  return found;
}
