import { readEntry, sizeBeside } from "../apply/keyValueEntries";
import type { JetStream } from "../apply/jetstream";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { isError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import { isObject, textOf } from "../model/exactJson";
import { keyValuePrefix } from "../model/keyValue";
import { entryProblems, ttlText } from "../model/keyValueEntry";
import type { KeyValueEntryInputs } from "../model/keyValueEntry";
import { formOf, samePayload } from "../model/payload";
import { parseDuration, shortDuration } from "../model/units";
import { givenInputs } from "./givenInputs";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import { largestPayload } from "./keyValueEntryState";
import { entryTakeover } from "./keyValueEntryTakeover";
import { bucketNeeded, missingStreams } from "./missingStream";
import { withFile } from "./payloadFile";

/** All problems at once: of the inputs and the file, then, where something is to be written, with what the server knows. */
export async function checkEntry(
  context: CallContext,
  olds: KeyValueEntryInputs | undefined,
  news: KeyValueEntryInputs,
): Promise<Checked<KeyValueEntryInputs>> {
  const { digest: _digest, ...given } = givenInputs(news);
  const unknown = (path: string) => hasUnknown((given as unknown as Record<string, unknown>)[path]);
  const problems = entryProblems(given).filter(({ path }) => !unknown(path));
  const { inputs, size, problem } = await withFile(given);
  if (problem) problems.push(problem);
  if (problems.some(isError) || unknown("bucket") || unknown("key")) return { inputs, problems };
  const place = olds?.bucket === inputs.bucket && olds.key === inputs.key ? olds : undefined;
  if (place && !isRewritten(place, inputs)) return { inputs, problems };

  const live = await reachableJetStream(context);
  if (!live) {
    problems.push(...(await unreachableProblems(context, olds !== undefined)));
    return { inputs, problems };
  }
  const info = await streamInfo(live.js, keyValuePrefix + inputs.bucket);
  if (!info) {
    problems.push(...(await missingStreams(context, live.js, [bucketNeeded(inputs.bucket, keyValuePrefix, "bucket")])));
    return { inputs, problems };
  }
  const entry = await readEntry(live.js, inputs);
  problems.push(
    ...bucketFaults(live.js, info, inputs, size, entry?.revision ?? 0),
    ...(place ? [] : await entryTakeover(context, entry, inputs)),
  );
  return { inputs, problems };
}

/** The value or its time changes, as far as one can tell. */
export function isRewritten(olds: KeyValueEntryInputs, news: KeyValueEntryInputs): boolean {
  if (hasUnknown(news)) return true;
  return !samePayload(olds, news) || ttlText(olds.ttl) !== ttlText(news.ttl);
}

function bucketFaults(
  js: JetStream,
  { config }: StreamInfo,
  inputs: KeyValueEntryInputs,
  size: number | undefined,
  after: number,
): Problem[] {
  const problems: Problem[] = [];
  const { bucket } = inputs;
  const beside = hasUnknown(inputs.ttl) ? 0 : sizeBeside(ttlText(inputs.ttl), after);
  const form = formOf(inputs) ?? "value";
  const most = Number(config["max_msg_size"] ?? -1);
  if (size !== undefined && most >= 0 && size + beside > most) {
    const reason = `it has ${size} bytes, with its headers ${size + beside}; bucket "${bucket}" takes ${most}`;
    const fix = "raise maxValueSize of the bucket, or use a StoredObject";
    // The bucket may be changed by the same program.
    problems.push({ path: form, reason, fix, severity: "warning" });
  } else if (size !== undefined && size + beside > largestPayload(js)) {
    const reason = `it has ${size} bytes, with its headers ${size + beside}; the server takes ${largestPayload(js)} at most (max_payload)`;
    problems.push({ path: form, reason, fix: "use a StoredObject" });
  }
  if (inputs.ttl !== undefined && config["allow_msg_ttl"] !== true) {
    // The bucket may be changed by the same program.
    const reason = `bucket "${bucket}" has no times for single keys yet`;
    problems.push({ path: "ttl", reason, fix: 'limitMarkerTtl: "1h" on the bucket', severity: "warning" });
  }
  const shortest = Number(config["subject_delete_marker_ttl"] ?? 0);
  const ttl = inputs.ttl === undefined || inputs.ttl === "never" || hasUnknown(inputs.ttl) ? undefined : inputs.ttl;
  if (ttl !== undefined && config["max_msgs_per_subject"] !== 1 && Number(parseDuration(ttl)) < shortest) {
    const least = shortDuration(BigInt(shortest));
    const reason = `with a history above 1 the server keeps it as long as the markers of bucket "${bucket}", ${least}`;
    problems.push({ path: "ttl", reason, fix: `ttl: "${least}", or a shorter limitMarkerTtl`, severity: "warning" });
  }
  if (isObject(config["mirror"])) {
    const origin = textOf(config["mirror"]["name"]).replace(/^KV_/, "");
    const reason = `bucket "${bucket}" is a read-only copy of "${origin}"`;
    problems.push({ path: "bucket", reason, fix: `bucket: "${origin}"`, severity: "warning" });
  }
  return problems;
}
