import type { JetStream } from "../apply/jetstream";
import type { CallContext } from "../host/handler";
import { isElsewhere } from "../model/ownership";
import type { AssetSetKind } from "./assetSet";
import { ownerOf } from "./assetState";

/** Which other resource has taken a member over; undefined where it is still the map's, nobody's, or gone. */
export async function ownerElsewhere<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  js: JetStream,
  id: string,
): Promise<string | undefined> {
  const info = await kind.infoOf(js, id);
  const owner = info && ownerOf(info.config);
  return isElsewhere(context, owner) ? owner : undefined;
}

/** What becomes of a member that the map does not name any more, and that is another resource's by now. */
export function leftTo(owner: string): string {
  return `belongs to ${owner} now: it stays as it is, out of this map`;
}
