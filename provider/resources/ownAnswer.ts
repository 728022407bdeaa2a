import type { JsonObject } from "../model/exactJson";
import { ownerOf } from "./assetState";

/** The answer to our own write: a server answers with what it has by then, which may be what another program has written since. */
export function ownAnswer<Info extends { readonly config: JsonObject }>(sent: JsonObject, info: Info): Info {
  return ownerOf(info.config) === ownerOf(sent) ? info : { ...info, config: sent };
}
