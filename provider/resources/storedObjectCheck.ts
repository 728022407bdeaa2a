import { objectStream, readObject } from "../apply/objects";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { isError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import { objectStorePrefix } from "../model/bucketName";
import { formOf } from "../model/payload";
import { sizeText } from "../model/sizeText";
import { chunkBytes, describedMeta, objectProblems } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { formatSize } from "../model/units";
import { givenInputs } from "./givenInputs";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import { largestPayload } from "./keyValueEntryState";
import { bucketNeeded, missingStreams } from "./missingStream";
import { withFile } from "./payloadFile";
import { isOtherObject } from "./storedObjectState";
import { objectTakeover } from "./storedObjectTakeover";

/** All problems at once: of the inputs and the file, then, where something is to be written, with what the server knows. */
export async function checkObject(
  context: CallContext,
  olds: StoredObjectInputs | undefined,
  news: StoredObjectInputs,
): Promise<Checked<StoredObjectInputs>> {
  const given = givenInputs(news);
  const unknown = (path: string) => hasUnknown((given as unknown as Record<string, unknown>)[path]);
  const problems = objectProblems(given).filter(({ path }) => !unknown(/^[^.]*/.exec(path)![0]));
  // A digest alone says that what is there stays: what `pulumi import` finds.
  const { digest: _digest, ...plain } = given;
  const { inputs, size, problem } = await withFile(formOf(given) === undefined ? given : plain);
  if (problem) problems.push(problem);
  if (problems.some(isError) || unknown("bucket") || unknown("name")) return { inputs, problems };
  const place = olds?.bucket === inputs.bucket && olds.name === inputs.name ? olds : undefined;
  if (place && !hasUnknown(inputs) && !isOtherObject(place, inputs)) return { inputs, problems };

  const live = await reachableJetStream(context);
  if (!live) {
    problems.push(...(await unreachableProblems(context, olds !== undefined)));
    return { inputs, problems };
  }
  const most = largestPayload(live.js);
  // The usual size of who says none is made smaller where it must be.
  if (inputs.chunkSize !== undefined && !unknown("chunkSize") && chunkBytes(inputs) > most) {
    const reason = `"${inputs.chunkSize}" is more than the server takes in one message (${most} bytes, max_payload)`;
    problems.push({ path: "chunkSize", reason, fix: `chunkSize: "${formatSize(BigInt(most))}"` });
  }
  const said = hasUnknown(inputs) ? {} : describedMeta(inputs, context.urn);
  const entry = Buffer.byteLength(JSON.stringify(said)) + sizeOfRest;
  if (entry > most) {
    const [path] = largest(inputs);
    const reason = `the object's entry has ${entry} bytes with it; the server takes ${most} at most (max_payload)`;
    problems.push({ path, reason, fix: "say less there" });
  }
  const info = await streamInfo(live.js, objectStream(inputs));
  const object = info && (await readObject(live.js, inputs));
  if (info) problems.push(...storeFaults(info, inputs, size));
  else {
    const needed = bucketNeeded(inputs.bucket, objectStorePrefix, "object store");
    problems.push(...(await missingStreams(context, live.js, [needed])));
  }
  problems.push(...(await objectTakeover(context, live.js, object, place, inputs)));
  return { inputs, problems };
}

/** Of digest, sizes and times in an object's entry, and of its headers. */
const sizeOfRest = 400;

/** What takes most of the entry. */
function largest({ description, headers, metadata }: StoredObjectInputs): [string, unknown] {
  const sizeOf = ([, value]: [string, unknown]): number => JSON.stringify(value ?? "").length;
  return Object.entries({ description, headers, metadata }).sort((left, right) => sizeOf(right) - sizeOf(left))[0]!;
}

function storeFaults({ config, state }: StreamInfo, inputs: StoredObjectInputs, size: number | undefined): Problem[] {
  const problems: Problem[] = [];
  const most = Number(config["max_bytes"] ?? -1);
  const free = most - state.bytes;
  if (size !== undefined && most > 0 && size > free) {
    const reason = `it has ${sizeText(size)}; store "${inputs.bucket}" has room for ${sizeText(Math.max(0, free))} of ${sizeText(most)} (an object that is replaced stays until the new one is whole)`;
    const path = formOf(inputs) ?? "file";
    problems.push({ path, reason, fix: "raise maxBytes of the store, or delete something", severity: "warning" });
  }
  if (config["sealed"] === true) {
    problems.push({
      path: "bucket",
      reason: `store "${inputs.bucket}" is sealed: nothing can be written to it any more`,
    });
  }
  return problems;
}
