import type { JetStream } from "./jetstream";
import { lastMessage } from "./jetstreamMessages";
import type { StoredMessage } from "./jetstreamMessages";
import { subjectsOf } from "./jetstreamStreams";

/** How many subjects end in a message that is more than the mark of a deletion. */
export interface LiveSubjects {
  readonly count: number;
  /** There may be more: counting ended when enough were seen. */
  readonly more: boolean;
}

const atOnce = 50;

/** Counts until `enough` are found. */
export async function liveSubjects(
  js: JetStream,
  stream: string,
  filter: string,
  isLive: (last: StoredMessage) => boolean,
  enough = 1000,
): Promise<LiveSubjects> {
  let count = 0;
  for await (const page of subjectsOf(js, stream, filter)) {
    const subjects = Object.keys(page);
    for (let start = 0; start < subjects.length; start += atOnce) {
      const lasts = await Promise.all(
        subjects
          .slice(start, start + atOnce)
          .map((subject) => lastMessage(js, stream, subject, `last message of "${subject}"`)),
      );
      count += lasts.filter((last) => last !== undefined && isLive(last)).length;
      if (count >= enough) return { count, more: true };
    }
  }
  return { count, more: false };
}
