import type { Note } from "./assetDiff";

/** What a preview says of something that somebody else has written since the stack last saw it. */
export function conflictNote(reason: string, onConflict: "refuse" | "overwrite" | undefined): Note {
  const refused = `the write will be refused. Fix: pulumi refresh, then look at the preview; or onConflict: "overwrite"`;
  return { severity: "warning", message: `${reason}; ${onConflict === "overwrite" ? "it is written over" : refused}` };
}
