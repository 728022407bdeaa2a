import type { Observation } from "../apply/rollout/observe";
import { demandsBeyond } from "../apply/rollout/requiredLevels";
import type { Rollout } from "../apply/rollout/rollout";
import type { Problem } from "../errors";
import { apiLevelOf } from "../model/serverRelease";

const shown = 3;

/** What an older release would find in JetStream's files and take offline. */
export async function levelProblems(rollout: Rollout, seen: Observation): Promise<Problem[]> {
  const { version } = rollout.wanted;
  const level = apiLevelOf(version);
  const running = [...seen.nodes.values()].filter((node) => node.state === "running");
  const newer = running.filter((node) => node.version !== undefined && apiLevelOf(node.version) > level);
  if (newer.length === 0) return [];
  // What can't be asked shows in the rollout: it stops at the first server that is not healthy.
  const demands = await demandsBeyond(level, rollout.reach, running).catch(() => []);
  if (demands.length === 0) return [];
  const from = newer[0]!.version!;
  const names = demands.slice(0, shown).map(({ subject }) => subject);
  const rest = demands.length > shown ? ` and ${demands.length - shown} more` : "";
  const [need, they, them] = demands.length === 1 ? ["needs", "it", "it"] : ["need", "they", "them"];
  const needed = Math.max(...demands.map((demand) => demand.level));
  return [
    {
      path: "version",
      reason:
        `${from} → ${version}: ${names.join(", ")}${rest} ${need} JetStream API level ${needed}, and that release has ${level}: ` +
        `${they} would be offline`,
      fix: `version: "${from}", or delete ${them} first`,
    },
  ];
}
