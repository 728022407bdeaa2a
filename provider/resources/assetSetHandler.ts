import { NatsError } from "../errors";
import { PartialFailure } from "../host/handler";
import type { CallContext, Handler } from "../host/handler";
import { calledMember, memberPath } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs } from "./assetSet";
import { applySet } from "./assetSetApply";
import { checkSet } from "./assetSetCheck";
import { deleteSet } from "./assetSetDelete";
import { diffSet } from "./assetSetDiff";
import { membersOf } from "./assetSetMembers";
import { readSet } from "./assetSetRead";

/** The life of a whole map of streams, or of consumers. */
export function assetSetHandler<Inputs extends object, Set extends AssetSetInputs>(
  name: string,
  kind: AssetSetKind<Inputs>,
): Handler<Set, Set & AssetSetOutputs> {
  return {
    kind: name,
    schema: 1,
    marks: true,
    options: kind.options,
    objects: (inputs) =>
      [...membersOf(kind, inputs).known.keys()].map((each) => ({
        key: `${kind.noun} ${each}`,
        words: calledMember(kind, each),
        path: memberPath(kind, each),
      })),
    check: (context, olds, news) => checkSet(kind, context, olds, news),
    diff: (context, _id, olds, news) => diffSet(kind, context, olds, news),
    create: async (context, inputs) => {
      const id = idOf(context, kind);
      const standing = await applySet(kind, context, undefined, inputs);
      const { reasons } = standing;
      if (reasons.length > 0 && standing.isEmpty) throw new NatsError(reasons.join("\n"));
      if (reasons.length > 0) throw new PartialFailure(id, standing.state, reasons);
      return { id, state: standing.state };
    },
    read: (context, id, state) => readSet(kind, context, id, state),
    update: async (context, id, olds, news) => {
      const standing = await applySet(kind, context, olds, news);
      const { reasons } = standing;
      if (reasons.length > 0) throw new PartialFailure(id, standing.state, reasons);
      return standing.state;
    },
    delete: (context, _id, state) => deleteSet(kind, context, state),
  };
}

/** The members have names of their own; that of the whole is the resource's. */
function idOf<Inputs extends object>({ urn }: CallContext, kind: AssetSetKind<Inputs>): string {
  return urn?.split("::").slice(3).join("::") || kind.property;
}
