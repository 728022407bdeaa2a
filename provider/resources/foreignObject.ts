import type { Problem } from "../errors";

/** What a preview says of somebody else's key or object. Only a warning: whoever has it may give it up before. */
export function foreignObject(taken: Problem): Problem {
  return {
    ...taken,
    reason: `${taken.reason}: \`pulumi up\` refuses it unless it is gone by then`,
    severity: "warning",
  };
}
