import path from "node:path";
import { backUpToFolder } from "../apply/backupFolder";
import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import type { DataOptions } from "../model/backup";
import type { StreamOptions } from "../model/stream";
import { formatSize } from "../model/units";
import { called } from "./streamKind";
import type { StreamKind } from "./streamKind";

const most = 3;

/**
 * Where the program wants messages kept before they go: a snapshot, taken again while somebody still writes, so that it holds
 * all that is about to be deleted.
 */
export async function backUp<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  id: string,
  options: DataOptions,
): Promise<void> {
  if (options.onDataLoss !== "backup" || !options.backup) return;
  const stream = kind.streamPrefix + id;
  for (let attempt = 1; attempt <= most; attempt++) {
    const { place, snapshot } = await backUpToFolder(js, stream, path.resolve(options.backup.dir));
    const held = kind.words.argWords(`${snapshot.state.messages} messages`);
    await context.info(`backed up ${held} (${formatSize(BigInt(snapshot.size))}) of ${called(kind, id)} to ${place}`);
    const info = await streamInfo(js, stream);
    if (!info || info.state.last_seq === snapshot.state.last_seq) return;
  }
  throw new NatsError(
    `${called(kind, id)} is written to all the time: each of ${most} snapshots was behind when it was done. Fix: stop its publishers, then \`pulumi up\``,
  );
}
