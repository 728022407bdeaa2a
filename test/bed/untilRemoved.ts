import { readdirSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../../provider/apply/wait";
import type { NatsServer } from "./natsServer";

/**
 * Until a server has removed the folders of streams that were deleted, which it does beside. While one is there, the next delete
 * of a stream of that name leaves its messages where they are, and the one made after that has them.
 */
export async function untilRemoved({ dir }: NatsServer): Promise<void> {
  const streams = path.join(dir, "js", "jetstream", "$G", "streams");
  await waitFor<true>("folders of deleted streams", { timeout: 60_000, interval: 5 }, async () => {
    const left = namesIn(streams).filter((name) => name.startsWith("."));
    return left.length === 0 ? { value: true } : { pending: left.join(", ") };
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
