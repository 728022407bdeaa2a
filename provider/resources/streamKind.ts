import type { JetStream } from "../apply/jetstream";
import type { StreamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { AssetWords } from "../model/assetWords";
import type { JsonObject } from "../model/exactJson";
import type { ServerFacts, StreamOptions } from "../model/stream";
import type { AssetOutputs, AssetStates } from "./assetState";

/** What tells plain streams and the buckets, which are streams too, from each other. */
export interface StreamKind<Inputs extends StreamOptions> {
  /** What it is called: "stream", "bucket". */
  readonly noun: string;
  /** Property with its name, which is its id too. */
  readonly nameProperty: "name" | "bucket";
  /** Before the name in the Terraform provider's ids. */
  readonly idPrefix: string;
  /** Before the name in the stream's. */
  readonly streamPrefix: string;
  readonly states: AssetStates<Inputs>;
  readonly words: AssetWords;
  /** The server's names of what is told in a preview even where it changes in place. */
  readonly told: readonly string[];
  readonly expand: (inputs: object, problems?: Problem[]) => JsonObject;
  readonly flatten: (config: JsonObject, version: string) => Inputs;
  readonly problems: (inputs: object, server?: ServerFacts) => Problem[];
  /** What a configuration keeps of the one before although nobody asks for it, since it can't be undone and does no harm. */
  readonly carry: (before: JsonObject, wanted: JsonObject) => JsonObject;
  /** What a copy of it keeps beside that: " with history and revisions". */
  readonly keptToo: string;
  /** What would be lost with it: "20 messages"; undefined when it is empty. */
  readonly holds: (js: JetStream, info: StreamInfo) => Promise<string | undefined>;
}

export type StreamKindState<Inputs> = Inputs & AssetOutputs;

export function nameOf<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, inputs: Inputs): string {
  return String((inputs as Record<string, unknown>)[kind.nameProperty]);
}

/** Ids as the Terraform provider writes them are understood too. */
export function nameOfId<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, id: string): string {
  return id.startsWith(kind.idPrefix) ? id.slice(kind.idPrefix.length) : id;
}

/** `bucket "config"`. */
export function called<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, name: string): string {
  return `${kind.noun} "${name}"`;
}
