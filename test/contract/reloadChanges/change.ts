/** One edit of nats.conf, as two texts. What stays the same in all of them (listen, the system account's user) is added by the bed. */
export interface ReloadChange {
  readonly name: string;
  /**
   * `{name}` stands for a value of the fixtures or a free port (`{p1}`…`{p4}`), `{dir}` for the server's folder, `{system}` for the account
   * of the bed's own user (for texts that write their own accounts block).
   */
  readonly from: string;
  readonly to: string;
  /** Oldest server line that knows the keys; default "2.11". */
  readonly since?: Line;
  /**
   * How the bed talks to the server, where its own user of the system account cannot stand in the text: "operator" (a JWT of the operator's
   * system account) or "signal" (SIGHUP, and varz over http; for texts that go with no user beside theirs).
   */
  readonly mode?: "operator" | "signal";
  /** Not taken back on the same server: what that one kept from before makes its answer another one than a fresh server's. */
  readonly oneWay?: true;
}

export type Line = "2.11" | "2.12" | "2.14" | "2.15";

/** Secrets of the texts start with it, so that a log shows whether one leaked. */
export const secretMark = "hush";

export function lineOf(version: string): Line {
  return version.split(".").slice(0, 2).join(".") as Line;
}
