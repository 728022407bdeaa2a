import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { standIn } from "../apply/streamReplacement";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { keptAt } from "../model/backup";
import type { DataOptions } from "../model/backup";
import { textOf } from "../model/exactJson";
import { stageOf } from "../model/replacement";
import { backUpBeforeEnd } from "./streamBackup";
import { heldText } from "./streamMirrorApply";
import { plainStream } from "./streamState";

/** What would be lost with members of a map, by name: of one that is half replaced, what the other one holds for it. */
export async function heldByStreams(js: JetStream, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await inTurns(ids, async (id): Promise<[string, string][]> => {
    const info = await streamInfo(js, id);
    const half = await halfOf(js, id, info);
    // The other one may not have copied all.
    const holder = half && half.state.messages >= (info?.state.messages ?? 0) ? half : info;
    const held = holder && (await plainStream.holds(js, holder));
    if (held === undefined) return [];
    return [[id, half && holder === half ? `${held} (half replaced: in "${textOf(half.config["name"])}")` : held]];
  });
  return new Map(found.flat());
}

/** Keeps what a member holds where the options say so, and returns what ends it then. */
export async function endOfStream(
  context: CallContext,
  js: JetStream,
  id: string,
  options: DataOptions,
): Promise<() => Promise<void>> {
  const isKept = keptAt(options) !== undefined && (await heldByStreams(js, [id])).has(id);
  const half = await halfOf(js, id, await streamInfo(js, id));
  if (half && isKept) {
    const what = `stream "${id}" is half replaced: ${heldText(plainStream, half)}`;
    throw new NatsError(`${what}. Fix: \`pulumi up\` with it in the program first, or onDataLoss: "allow"`);
  }
  return half ? () => removeStream(js, id) : backUpBeforeEnd(plainStream, context, js, id, isKept ? options : {});
}

/** With what stands in for it. */
export async function removeStream(js: JetStream, id: string): Promise<void> {
  const half = await halfOf(js, id, await streamInfo(js, id));
  if (half) await deleteStream(js, textOf(half.config["name"]));
  await deleteStream(js, id);
}

async function halfOf(js: JetStream, id: string, info: StreamInfo | undefined): Promise<StreamInfo | undefined> {
  return info && stageOf(info.config) === undefined ? undefined : standIn(js, id, undefined);
}
