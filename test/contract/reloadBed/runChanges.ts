import type { ReloadChange } from "../reloadChanges/change";
import { fillText } from "./fillText";
import type { Fixtures } from "./fixtures";
import { LiveServer } from "./liveServer";
import type { Outcome } from "./liveServer";

/** One edit in one direction, and what the server did. */
export interface Step {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: Outcome;
}

/**
 * Drives one server line through the changes in their order. The server is started anew only when what runs is not the next change's old
 * text. An accepted edit is taken back at once, which is a second change to judge (and most often brings the server to where the next begins).
 */
export async function runChanges(
  changes: readonly ReloadChange[],
  version: string,
  fixtures: Fixtures,
  ports: Readonly<Record<string, string>>,
  onStep: (change: ReloadChange, steps: readonly Step[] | Error) => void,
): Promise<void> {
  const values = { ...fixtures.values, ...ports };
  let live: LiveServer | undefined;
  try {
    for (const change of changes) {
      try {
        const [from, to] = [fillText(change, "from", values), fillText(change, "to", values)];
        if (live?.text !== from) {
          await live?.stop();
          live = undefined;
          live = await LiveServer.start(from, version, fixtures, change.mode);
        }
        const dir = live.server.dir;
        const [old, changed] = [from, to].map((text) => text.replaceAll("{dir}", dir)) as [string, string];
        const steps: Step[] = [{ name: change.name, from: old, to: changed, outcome: await live.reload(to) }];
        if (steps[0]!.outcome.effect === "accepted" && !change.oneWay) {
          steps.push({ name: `${change.name}, taken back`, from: changed, to: old, outcome: await live.reload(from) });
        }
        if (steps.some((step) => step.outcome.effect === "crashed")) {
          await live.stop();
          live = undefined;
        }
        onStep(change, steps);
      } catch (error) {
        await live?.stop();
        live = undefined;
        onStep(change, error as Error);
      }
    }
  } finally {
    await live?.stop();
  }
}
