import type { Problem } from "../errors";
import { bucketProblem } from "./bucketName";
import type { AssetWords } from "./assetWords";
import type { JsonObject } from "./exactJson";
import type { Fields } from "./jsonFields";
import { streamOptionNames, withStreamFaults } from "./stream";
import type { ServerFacts, StreamOptions } from "./stream";
import { streamFields } from "./streamFields";
import { zeroLimits } from "./unusedSettings";

/** Fields of a stream that a bucket's properties do not say: its kind does. They are compared all the same. */
export function hiddenFields(said: Fields): Fields {
  const jsons = new Set(Object.values(said).map(({ json }) => json));
  return Object.fromEntries(Object.entries(streamFields).filter(([, { json }]) => !jsons.has(json)));
}

/** The server's way to remember message ids by itself, said in so many words as clients say it. */
export function duplicateWindow(maxAge: unknown): number | bigint {
  const age = typeof maxAge === "number" || typeof maxAge === "bigint" ? maxAge : 0;
  return age > 0 && age < twoMinutes ? age : twoMinutes;
}

const twoMinutes = 120_000_000_000;

/** Everything wrong with the inputs of a bucket, by the paths of the program. */
export function bucketProblems(
  inputs: { readonly bucket?: unknown } & StreamOptions,
  expand: (inputs: object, problems: Problem[]) => JsonObject,
  words: AssetWords,
  fields: Fields,
  hidden: Fields,
  server?: ServerFacts,
): Problem[] {
  const problems: Problem[] = [];
  const config = expand(inputs, problems);
  problems.push(...zeroLimits(fields, inputs));
  const name = bucketProblem("bucket", inputs.bucket);
  const found = withStreamFaults(problems, config, inputs, words, server).filter(
    ({ path }) => !name || path !== "bucket",
  );
  const all = name ? [name, ...found] : found;
  // What no property says follows from one that does, whose own fault says more.
  const said = all.filter(({ path }) => !(/^[^.[]*/.exec(path)![0] in hidden));
  return said.length > 0 ? said : all;
}

/** What a program says without the options that no server knows. */
export function settingsOf(inputs: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !streamOptionNames.includes(key)));
}
