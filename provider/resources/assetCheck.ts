import type { Problem } from "../errors";
import { newestRelease } from "../model/stream";
import type { JsonObject } from "../model/exactJson";
import type { AssetOutputs, AssetStates } from "./assetState";

/** True where the program says what it said before, in whatever words. */
export function isSameProgram<Inputs extends object>(
  states: AssetStates<Inputs>,
  expand: (inputs: object, problems: Problem[]) => JsonObject,
  olds: Inputs & AssetOutputs,
  news: Inputs,
): boolean {
  const problems: Problem[] = [];
  expand(states.knownSettings(news), problems);
  return problems.length === 0 && states.changedSettings(states.inputsOf(olds), news, newestRelease).length === 0;
}

/** What is missing because a value is not known yet is no fault. */
export function waitsFor<Inputs extends object>(states: AssetStates<Inputs>, inputs: Inputs, path: string): boolean {
  const unknown = states.unknownSettings(inputs);
  return unknown.length > 0 && (unknown.includes(path) || !(/^[^.[]*/.exec(path)![0] in states.knownSettings(inputs)));
}
