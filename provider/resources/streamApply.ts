import type { JetStream } from "../apply/jetstream";
import { JetStreamError } from "../apply/jetstreamErrors";
import { streamNames, untilCurrent, updateStream } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { mustBeWhole } from "../apply/movedStream";
import { waitFor } from "../apply/wait";
import { NatsError } from "../errors";
import { formatJson, sameJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { StreamOptions } from "../model/stream";
import { sealedWhole, settledStream } from "../model/streamSettled";
import { settleAsset } from "./assetSettle";
import { ownAnswer } from "./ownAnswer";
import { nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { announceLoss } from "./streamLosses";

/** Told what stands by now, and whether that is all that was wanted. */
export type Stands = (info: StreamInfo, isWhole: boolean) => void;

/** Sends a configuration to a stream that exists and waits for what it brings about. */
export async function applyStream(
  js: JetStream,
  live: StreamInfo,
  wanted: JsonObject,
  timeout: number,
  stands: Stands = () => {},
): Promise<StreamInfo> {
  const deadline = Date.now() + timeout;
  let info: StreamInfo | undefined;
  for (const step of stepsTowards(live.config, wanted, js.serverVersion)) {
    info = await patiently(js, step, deadline - Date.now());
    stands(info, step === wanted);
    info = await untilTaken(js, step, deadline);
  }
  if (changesServers(live.config, wanted, js.serverVersion)) await mustBeWhole(js, live);
  return info!;
}

/** A server that was away meanwhile may answer as if nothing had been sent. */
async function untilTaken(js: JetStream, step: JsonObject, deadline: number): Promise<StreamInfo> {
  const name = textOf(step["name"]);
  const placementOf = (config: JsonObject) => settledStream(config, js.serverVersion)["placement"];
  const replicas = Number(settledStream(step, js.serverVersion)["num_replicas"]);
  const left = (): number => Math.max(1000, deadline - Date.now());
  return waitFor<StreamInfo>(`stream "${name}": its placement`, { timeout: left(), interval: 100 }, async () => {
    const info = await untilCurrent(js, name, replicas, left());
    const [is, wanted] = [placementOf(info.config), placementOf(step)];
    return sameJson(is, wanted) ? { value: info } : { pending: `it is ${formatJson(is ?? null)} still` };
  });
}

/** Sends it and does not wait for what it brings about, but where that must be there before the next step. */
export async function sendStream(
  js: JetStream,
  live: StreamInfo,
  wanted: JsonObject,
  timeout: number,
): Promise<StreamInfo> {
  const steps = stepsTowards(live.config, wanted, js.serverVersion);
  return steps.length > 1 ? applyStream(js, live, wanted, timeout) : patiently(js, wanted, timeout);
}

/** The state of what stands; when the servers are not through in time it is kept, and the next `up` goes on. */
export async function settle<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  inputs: Inputs,
  work: (stands: Stands) => Promise<StreamInfo>,
): Promise<{ readonly id: string; readonly state: StreamKindState<Inputs> }> {
  const version = js.serverVersion;
  const { stateOf, liveInputs } = kind.states;
  let standing: StreamKindState<Inputs> | undefined;
  const stands: Stands = (info, isWhole) => {
    // What is not there yet is no choice of the server's: the next run has to see that it is missing.
    const said = isWhole ? inputs : liveInputs({ ...inputs, created: info.created }, info, version);
    standing = stateOf(said, info, version);
  };
  const done = async (): Promise<StreamKindState<Inputs>> => {
    const info = await work(stands);
    // As our own write was answered: what somebody else has written since is no choice of the server's either.
    return standing ?? stateOf(inputs, info, version);
  };
  return settleAsset(nameOf(kind, inputs), () => standing, done);
}

/** Says which stream has the subject where the server only says that one has. */
export async function withOverlap<Result>(
  js: JetStream,
  config: JsonObject,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JetStreamError) || error.code !== 10065) throw error;
    const own = config["name"];
    const subjects = (settledStream(config, js.serverVersion)["subjects"] ?? []) as readonly string[];
    const found = await Promise.all(
      subjects.map(async (subject) =>
        (await streamNames(js, subject))
          .filter((name) => name !== own)
          .map((name) => `"${subject}" with stream "${name}"`),
      ),
    );
    throw new NatsError(`${error.message} (overlapping: ${found.flat().join(", ")})`, { cause: error });
  }
}

/** It is held by other servers afterwards. */
export function changesServers(live: JsonObject, wanted: JsonObject, version: string): boolean {
  const [before, after] = [settledStream(live, version), settledStream(wanted, version)];
  return ["placement", "num_replicas"].some((field) => !sameJson(before[field], after[field]));
}

/** A server moves and scales only one after the other (10123). */
function stepsTowards(live: JsonObject, wanted: JsonObject, version: string): JsonObject[] {
  const [before, after] = [settledStream(live, version), settledStream(wanted, version)];
  const moves = after["placement"] !== undefined && !sameJson(before["placement"], after["placement"]);
  const scales = !sameJson(before["num_replicas"], after["num_replicas"]) || before["retention"] !== after["retention"];
  if (!moves || !scales) return [wanted];
  const { placement: _placement, ...rest } = wanted;
  return [before["placement"] === undefined ? rest : { ...rest, placement: before["placement"] }, wanted];
}

/** What is under way already must end first (10124, 10226). */
async function patiently(js: JetStream, config: JsonObject, timeout: number): Promise<StreamInfo> {
  const name = textOf(config["name"]);
  return waitFor<StreamInfo>(`stream "${name}": update`, { timeout, interval: 200 }, async () => {
    try {
      const answer = await withOverlap(js, config, () => updateStream(js, sealedWhole(config)));
      announceLoss(js, name, false);
      return { value: ownAnswer(config, answer) };
    } catch (error) {
      const busy = error instanceof JetStreamError && [10124, 10226].includes(error.code);
      if (!busy) throw error;
      return { pending: error.description };
    }
  });
}
