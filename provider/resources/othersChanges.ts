import type { CallContext } from "../host/handler";
import type { AssetWords } from "../model/assetWords";
import { isElsewhere } from "../model/ownership";
import type { AssetPlan } from "../plan/assetImpact";
import { noteOf } from "./assetDiff";
import type { Note } from "./assetDiff";
import { wasSaid } from "./saidNotes";

/** Another program has taken the object over, and changes it as its own. */
export function takenBack(context: CallContext, owner: string | undefined): Note[] {
  if (!isElsewhere(context, owner)) return [];
  return [{ severity: "warning", message: `belongs to ${owner} now: this change takes it back` }];
}

/** What somebody else has changed of an object and this change puts back: `own` names the settings that the program changes. */
export function othersChanges(plan: AssetPlan, own: readonly string[], words: AssetWords): Note[] {
  const others = plan.changes.filter(({ path, impact }) => impact === "update" && !own.includes(words.argPath(path)));
  return others.flatMap((change) => noteOf(change, false, "", words, []));
}

/** Says of it what the comparison before has not seen yet: somebody else was faster than this change. */
export async function tellOthers(context: CallContext, notes: readonly Note[], subject?: string): Promise<void> {
  for (const { message } of notes) {
    const text = subject === undefined ? message : `${subject}: ${message}`;
    if (!wasSaid(context, text)) await context.warn(text);
  }
}
