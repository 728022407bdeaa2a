import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
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
  const top = /^[^.[]*/.exec(path)![0];
  if (hasUnknown((inputs as Record<string, unknown>)[top])) return true;
  return unknown.length > 0 && !(top in states.knownSettings(inputs));
}
