import { JetStream } from "../apply/jetstream";
import { createStream, streamInfo, untilCurrent } from "../apply/jetstreamStreams";
import { mustBeWhole } from "../apply/movedStream";
import { refuseAll } from "../errors";
import type { CallContext } from "../host/handler";
import { textOf } from "../model/exactJson";
import type { ServerFacts, StreamInputs } from "../model/stream";
import type { Sent } from "./assetSet";
import { accountOf } from "./jetstreamOf";
import { tellOthers } from "./othersChanges";
import { changesServers, sendStream, withOverlap } from "./streamApply";
import { backUp, backUpBeforeEnd } from "./streamBackup";
import { takenOver } from "./streamCreate";
import { tellLeftover } from "./streamLeftover";
import { halfDone, replacedByMirror, replaceStream } from "./streamMirrorApply";
import { lossProblems, planOf } from "./streamPlan";
import { anew, mustBeRestorable, restored } from "./streamRestore";
import { plainStream, streamStates } from "./streamState";
import type { StreamState } from "./streamState";
import { othersOf, updatedConfig } from "./streamUpdate";

/** Brings one member of a map to what is wanted, and does not wait until its replicas are there. */
export async function sendMember(
  context: CallContext,
  js: JetStream,
  facts: ServerFacts,
  olds: StreamState | undefined,
  news: StreamInputs,
  timeout: number,
): Promise<Sent> {
  const replicas = Number(news.replicas ?? 1);
  const goesOn = (await halfDone(plainStream, context, js, news)) !== undefined;
  if (goesOn) return { info: await replaceStream(plainStream, context, js, news), replicas };
  if (!olds) return { info: await makeStream(context, js, news, timeout), replicas };
  const planned = await planOf(plainStream, js, facts, olds, news);
  if (!planned) {
    await context.warn(`stream "${news.name}" was deleted outside: ${anew(news)}`);
    return { info: await makeStream(context, js, news, timeout), replicas };
  }
  const replaced = await replacedByMirror(
    plainStream,
    context,
    { js, facts, account: await accountOf(js) },
    planned,
    news,
  );
  if (replaced) return { info: replaced, replicas };
  if (planned.plan.changes.some(({ impact }) => impact === "replace")) {
    refuseAll(lossProblems(plainStream, planned, news));
    await mustBeRestorable(js, `stream "${news.name}"`, news);
    // Two streams can't store the same subject, so the old one goes first.
    const end = await backUpBeforeEnd(plainStream, context, js, news.name, planned.plan.loss.loses ? news : {});
    await end();
    return { info: await makeStream(context, js, news, timeout), replicas };
  }
  const wanted = updatedConfig(plainStream, context, news.name, facts, olds, news, planned);
  const { info } = planned;
  if (wanted) await tellOthers(context, othersOf(plainStream, context, olds, news, planned), `stream "${news.name}"`);
  if (wanted && planned.plan.loss.loses) await backUp(plainStream, context, js, news.name, news);
  if (!wanted) return { info, replicas };
  const sent = await sendStream(js, info, wanted, timeout);
  const isMoved = changesServers(info.config, wanted, js.serverVersion);
  return {
    info: sent,
    replicas,
    ...(isMoved ? { mustBeWhole: () => mustBeWhole(new JetStream(js.connection, js.options), info) } : {}),
  };
}

async function makeStream(
  context: CallContext,
  js: JetStream,
  inputs: StreamInputs,
  timeout: number,
): Promise<Sent["info"]> {
  const wanted = streamStates.wantedConfig(inputs, context.urn);
  const source = inputs.restoreFrom;
  const existing =
    (await streamInfo(js, inputs.name)) ??
    (source && (await restored(plainStream, context, js, inputs, source, timeout)));
  if (existing) {
    const taken = await takenOver(plainStream, context, js, inputs, wanted, existing);
    return sendStream(js, existing, taken, timeout);
  }
  // A sealed stream can't be made: it is sealed once it is there.
  const { sealed, ...open } = wanted;
  const made = await withOverlap(js, open, () => createStream(js, open));
  await tellLeftover(context, made);
  if (sealed !== true) return made;
  const current = await untilCurrent(js, textOf(wanted["name"]), Number(wanted["num_replicas"] ?? 1), timeout);
  return sendStream(js, current, wanted, timeout);
}
