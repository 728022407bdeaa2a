import { backUpTo } from "../apply/backups";
import { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import { park, settledInfo, unpark, unparked } from "../apply/parkedStream";
import type { Snapshot } from "../apply/streamSnapshot";
import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import { keptAt } from "../model/backup";
import type { BackupPlace, DataOptions } from "../model/backup";
import { counted } from "../model/counted";
import type { StreamOptions } from "../model/stream";
import { sizeText } from "../model/sizeText";
import { snapshotFault } from "./backupCheck";
import { called } from "./streamKind";
import type { StreamKind } from "./streamKind";

const most = 3;

/**
 * Where the program wants messages kept before a change deletes some: a snapshot, taken again while somebody still writes, so
 * that it holds all that is about to be deleted.
 */
export async function backUp<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  id: string,
  options: DataOptions,
): Promise<void> {
  const place = keptAt(options);
  if (place === undefined) return;
  for (let attempt = 1; attempt <= most; attempt++) {
    const { state } = await snapshotOf(kind, context, js, id, place);
    const info = await streamInfo(js, kind.streamPrefix + id);
    if (!info || info.state.last_seq === state.last_seq) return;
  }
  throw neverQuiet(kind, id, "its publishers");
}

/**
 * The same before its end: the first snapshot is taken while all goes on. Returns what ends it: that takes the subjects away,
 * takes what came in meanwhile into a second snapshot, and deletes the stream; where that fails it gives the subjects back.
 */
export async function backUpBeforeEnd<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  given: JetStream,
  id: string,
  options: DataOptions,
): Promise<() => Promise<void>> {
  const stream = kind.streamPrefix + id;
  const place = keptAt(options);
  if (place === undefined) return () => deleteStream(given, stream);
  // A listing of before would not see what comes in.
  const js = new JetStream(given.connection, given.options);
  const first = await snapshotOf(kind, context, js, id, place);
  return async () => {
    const info = await streamInfo(js, stream);
    if (!info) return;
    try {
      await park(js, info);
      await untilKept(kind, context, js, id, place, first);
      await deleteStream(js, stream);
    } catch (error) {
      await unpark(js, stream).catch((failure: Error) => {
        const what = `${called(kind, id)} stores nothing now: its subjects were taken away before its end, and giving them back failed`;
        const fix = "Fix: run the same again; or, to keep it, `pulumi refresh` and `pulumi up` with it in the program";
        throw new NatsError(`${(error as Error).message}\n${what} (${failure.message}). ${fix}`, { cause: error });
      });
      throw error;
    }
  };
}

/** Until the last snapshot holds the last message. */
async function untilKept<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  id: string,
  place: BackupPlace,
  first: Snapshot,
): Promise<void> {
  let { state } = first;
  for (let attempt = 1; ; attempt++) {
    const info = await settledInfo(js, kind.streamPrefix + id);
    if (info === undefined) return;
    if (info !== "flowing" && info.state.last_seq === state.last_seq) return;
    if (info === "flowing" || attempt === most) throw neverQuiet(kind, id, "the streams that it copies from");
    ({ state } = await snapshotOf(kind, context, js, id, place));
  }
}

async function snapshotOf<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  id: string,
  place: BackupPlace,
): Promise<Snapshot> {
  const stream = kind.streamPrefix + id;
  const info = await streamInfo(js, stream);
  const fault = info && snapshotFault(kind, info.config, js.serverVersion);
  if (fault) throw new NatsError(problemText({ path: "", ...fault }));
  const { called: where, snapshot } = await backUpTo(js, stream, place, unparked);
  const held = kind.words.argWords(counted(snapshot.state.messages, "message"));
  await context.info(`backed up ${held} (${sizeText(snapshot.size)}) of ${called(kind, id)} to ${where}`);
  return snapshot;
}

function neverQuiet<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, id: string, who: string): NatsError {
  return new NatsError(
    `${called(kind, id)} is written to all the time: no snapshot holds its last message. Fix: stop ${who}, then \`pulumi up\``,
  );
}
