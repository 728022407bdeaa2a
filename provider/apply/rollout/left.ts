/** How a rollout left a server. */
export interface Left {
  readonly how:
    | "new"
    | "old"
    /** It does not run, since the step that failed ended it. */
    | "ended"
    /** It was not got back to what it was before. */
    | "not put back"
    /** It does not serve, or nobody knows. */
    | "silent";
  /** The same in words, behind the server's name. */
  readonly text: string;
}

export const runsNew: Left = { how: "new", text: "runs the new configuration" };
export const isEnded: Left = { how: "ended", text: "is stopped" };
