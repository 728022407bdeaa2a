import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { mayLose } from "../model/backup";
import { textOf } from "../model/exactJson";
import type { StreamOptions } from "../model/stream";
import { allowedForAll } from "./allowedForAll";
import { ownerOf } from "./assetState";
import { jetStreamOf } from "./jetstreamOf";
import { halfDone, heldText, mayBeHalf } from "./streamMirrorApply";
import { hasMoved } from "./streamRename";
import { called, nameOfId } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { takeReplacement } from "./streamReplacements";
import { backUpBeforeEnd } from "./streamBackup";
import { consumersOf, isInUse } from "./streamConsumers";
import { announceEnd } from "./streamEnds";
import { mustBeRestorable } from "./streamRestore";
import { staysElsewhere } from "./staysElsewhere";

/** Deletes an empty stream, or one that the program (or who runs pulumi) lets go with what it holds. */
export async function deleteStreamResource<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  id: string,
  state: StreamKindState<Inputs>,
): Promise<void> {
  const name = nameOfId(kind, id);
  const js = await jetStreamOf(context);
  const successor = takeReplacement(context, id);
  const options = successor ?? state;
  const info = await streamInfo(js, kind.streamPrefix + name);
  const half = !info || mayBeHalf(state, info) ? await halfDone(kind, context, js, state) : undefined;
  const isMoved = info !== undefined && (await hasMoved(js, info));
  const goes = isMoved || options.onDataLoss === "allow" || (allowedForAll() && options.onDataLoss !== "backup");
  if (half && !goes) {
    const what = `${called(kind, name)} is half replaced: ${heldText(kind, half)}`;
    throw new NatsError(`${what}. Fix: \`pulumi up\` first, or onDataLoss: "allow"`);
  }
  if (successor && !isMoved) await mustBeRestorable(js, called(kind, name), successor);
  if (half) await deleteStream(js, textOf(half.config["name"]));
  if (!info || (await staysElsewhere(context, called(kind, name), ownerOf(info.config)))) return;
  const others = kind.noun === "stream" ? await consumersOf(js, name, isTold(context)) : undefined;
  if (!goes) {
    const held = await kind.holds(js, info);
    if (held !== undefined && !mayLose(options) && !allowedForAll()) {
      const what = `${called(kind, name)} holds ${held}, which would be deleted with it`;
      const fix =
        `set onDataLoss: "allow" (or "backup") on the ${kind.noun} and run \`pulumi up\` before it is removed; or, for everything at once, ` +
        `\`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy\`; or keep the ${kind.noun} with the option retainOnDelete: true; or, where its servers go with it and keep their files, ` +
        `with deletedWith: cluster.servers`;
      throw new NatsError(`${what}. Fix: ${fix}`);
    }
    const end = await backUpBeforeEnd(kind, context, js, name, held === undefined ? {} : options);
    await end();
  } else await deleteStream(js, kind.streamPrefix + name);
  if (others !== undefined) await context.warn(`${called(kind, name)} takes ${others} with it`);
  announceEnd(js, kind.streamPrefix + name, false);
}

/** Those of the same stack that nobody uses go as it says itself. */
function isTold({ urn }: CallContext): (consumer: ConsumerInfo) => boolean {
  const stack = urn?.split("::").slice(0, 2).join("::");
  return (consumer) => isInUse(consumer) || stack === undefined || !ownerOf(consumer.config)?.startsWith(`${stack}::`);
}
