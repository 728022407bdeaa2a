import type { Observation } from "../apply/rollout/observe";
import type { Rollout } from "../apply/rollout/rollout";
import type { Leafz } from "../apply/serverAnswers";
import type { ConfMap } from "../conf/value";
import type { Problem } from "../errors";
import { dialledHubs } from "../plan/leafnodes";

/** Leaf nodes whose hub does not let them in, or is away: they go on, but one should know. */
export async function leafProblems(rollout: Rollout, seen: Observation): Promise<Problem[]> {
  const dialling = [...seen.nodes.values()].filter((node) => node.state === "running" && dialled(node.conf) > 0);
  const lacks = await Promise.all(
    dialling.map(async (node): Promise<Problem[]> => {
      const connection = await rollout.reach.to(node.name, node.candidates);
      const { leafs = [] } = await connection.ask<Leafz>("LEAFZ");
      const linked = leafs.filter((link) => link.is_spoke === true).length;
      if (linked >= dialled(node.conf)) return [];
      const reason = `${node.name} has ${linked} of ${dialled(node.conf)} connections to hubs at the moment`;
      return [{ path: "leafnodes.remotes", reason, fix: "see its log", severity: "warning" }];
    }),
  );
  return lacks.flat();
}

function dialled(conf: ConfMap | undefined): number {
  return conf ? dialledHubs(conf) : 0;
}
