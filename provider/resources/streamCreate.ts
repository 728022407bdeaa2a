import type { JetStream } from "../apply/jetstream";
import { createStream, streamInfo, untilCurrent } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import { argPath, argWords } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import type { JsonObject } from "../model/exactJson";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { applyStream, settle, withOverlap } from "./streamApply";
import { lossProblems, planTowards } from "./streamPlan";
import { ownerOf } from "./assetState";
import { wantedConfig } from "./streamState";
import type { StreamState } from "./streamState";

const defaultTimeout = 60_000;

/**
 * Makes the stream. One that is there already is taken on when a create of this very resource was cut short (its mark is our
 * URN), or when the program says `adopt: true`; else it is somebody else's. The mark is a metadata key, since a create with
 * the same configuration succeeds on the server whoever made the stream first: nothing else can tell.
 */
export async function createStreamResource(
  context: CallContext,
  inputs: StreamInputs,
): Promise<{ readonly id: string; readonly state: StreamState }> {
  const js = await jetStreamOf(context);
  const wanted = wantedConfig(inputs, context.urn);
  const timeout = context.timeout ?? defaultTimeout;
  const existing = await streamInfo(js, inputs.name);
  if (existing) return takeOver(context, js, inputs, wanted, existing, timeout);
  // A sealed stream can't be made: it is sealed once it is there.
  const { sealed, ...open } = wanted;
  const made = await withOverlap(js, open, () => createStream(js, open));
  return settle(js, inputs, made, async () => {
    const info = await untilCurrent(js, inputs.name, inputs.replicas ?? 1, timeout);
    return sealed === true ? applyStream(js, info.config, wanted, timeout) : info;
  });
}

async function takeOver(
  context: CallContext,
  js: JetStream,
  inputs: StreamInputs,
  wanted: JsonObject,
  existing: StreamInfo,
  timeout: number,
): Promise<{ readonly id: string; readonly state: StreamState }> {
  const owner = ownerOf(existing.config);
  const isOwn = owner !== undefined && owner === context.urn;
  const name = `stream "${inputs.name}"`;
  if (!isOwn && inputs.adopt !== true) {
    const whose = owner === undefined ? "and no stack made it" : `and belongs to ${owner}`;
    const fix = `adopt: true to take it over as it is, the option import: "${inputs.name}", or another name`;
    throw new NatsError(`${name} exists already (${existing.state.messages} messages) ${whose}. Fix: ${fix}`);
  }
  const facts = factsOf(js, await accountOf(js));
  const planned = (await planTowards(js, facts, inputs.name, wanted))!;
  const fixed = planned.plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length > 0) {
    const which = fixed.map((change) => `${argPath(change.path)} (${argWords(change.why)})`).join(", ");
    throw new NatsError(
      `${name} exists already and can't be taken over as it is: it differs in ${which}. Fix: say what it has, or delete it`,
    );
  }
  const losses = lossProblems(planned, inputs);
  if (losses.length > 0) {
    throw new NatsError(losses.map((problem) => `${problem.path}: ${problemText(problem)}`).join("\n"));
  }
  return settle(js, inputs, existing, () => applyStream(js, existing.config, wanted, timeout));
}
