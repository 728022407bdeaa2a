import type { CallContext } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import type { JsonObject } from "../model/exactJson";
import { consumerOfId } from "./consumerRead";

/** A replacement that the comparison has announced; its delete and create follow in the same process. */
export interface ConsumerReplacement {
  /** Ids of the old and the new consumer. */
  readonly from: string;
  readonly to: string;
  /** The new one goes on after what the old one has acknowledged. */
  readonly resumes: boolean;
  /** Where that is, once the old one is gone. */
  readonly start?: JsonObject;
}

const announced = new Map<string, ConsumerReplacement>();

/** Without a replacement, an earlier one is forgotten. */
export function announceReplacement(context: CallContext, replacement: ConsumerReplacement | undefined): void {
  if (replacement) announced.set(keyOf(context), replacement);
  else announced.delete(keyOf(context));
}

export function announcedReplacement(context: CallContext): ConsumerReplacement | undefined {
  return context.urn === undefined ? undefined : announced.get(keyOf(context));
}

/** The consumer that is there under the new one's name is the one that it replaces. */
export function isReplaced({ replaces }: CallContext, inputs: ConsumerInputs): boolean {
  if (replaces === undefined) return false;
  const { stream, name } = consumerOfId(replaces);
  return stream === inputs.stream && name === inputs.name;
}

function keyOf(context: CallContext): string {
  return context.urn ?? "";
}
