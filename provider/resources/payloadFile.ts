import { fileFacts } from "../apply/localFile";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import { bytesOf, formOf } from "../model/payload";
import type { Payload } from "../model/payload";

/** Inputs with what is known of their payload before anything is sent. */
export interface SizedPayload<Inputs> {
  readonly inputs: Inputs;
  readonly size?: number;
  readonly problem?: Problem;
}

/** With the digest of its file, so that a new content shows in the preview. */
export async function withFile<Inputs extends Payload>(inputs: Inputs): Promise<SizedPayload<Inputs>> {
  const form = formOf(inputs);
  if (form === undefined || hasUnknown(inputs[form])) return { inputs };
  if (form !== "file") {
    const isReadable = form === "json" || typeof inputs[form] === "string";
    return { inputs, ...(isReadable ? { size: bytesOf(inputs)?.length ?? 0 } : {}) };
  }
  if (typeof inputs.file !== "string" || inputs.file === "") return { inputs };
  try {
    const { digest, size } = await fileFacts(inputs.file);
    return { inputs: { ...inputs, digest }, size };
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    return { inputs, problem: { path: "file", reason: error.message, fix: "make the file, or correct the path" } };
  }
}
