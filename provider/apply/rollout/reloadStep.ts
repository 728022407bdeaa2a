import { NatsError } from "../../errors";
import { writeConf } from "../../conf/writer";
import { configFile, nodeFile, nodeFiles, secretsFile } from "../../model/nodeFiles";
import { parseNode } from "../../model/nodeConf";
import type { ParsedNode } from "../../model/nodeConf";
import type { RolloutStep, Waypoint } from "../../plan/rollout";
import { hubsToReach } from "../../plan/leafnodes";
import { waypoint } from "../../plan/waypoint";
import { ServerRefusal } from "../serverRefusal";
import { passGate } from "./gate";
import type { Expected } from "./gate";
import { runsNew } from "./left";
import type { Left } from "./left";
import type { NodeObservation, Observation } from "./observe";
import { formerOf, putBack } from "./putBack";
import { renewLinks } from "./renewLinks";
import { expect, expectOther, gateOf, othersOf } from "./rollout";
import type { Rollout } from "./rollout";
import { stage } from "./stage";
import { StepFailure } from "./stepFailure";

type ReloadStep = Extract<RolloutStep, { kind: "reload" }>;

/** Lets servers load their new configuration while they serve: one after the other, or all at the same moment. */
export async function reloadNodes(rollout: Rollout, seen: Observation, step: ReloadStep): Promise<void> {
  const nodes = step.nodes.map((name) => seen.nodes.get(name)!);
  const batches = step.together ? [nodes] : nodes.map((node) => [node]);
  const wasWhole = await isWhole(rollout, seen);
  const done = new Map<string, Expected>();
  for (const batch of batches) {
    const names = batch.map((node) => node.name);
    try {
      await rollout.say(`reloading ${names.join(", ")}: ${step.why}`);
      const ready = await Promise.all(batch.map((node) => prepare(rollout, node, step)));
      const loaded = await Promise.all(ready.map((one) => reload(rollout, one)));
      for (const expected of loaded) done.set(expected.node, expected);
      const isLast = done.size === nodes.length;
      const rest = othersOf(seen, [...done.keys()]).map((node) => expectOther(rollout, node));
      // A cluster that was not whole may become so only when all have the new configuration.
      const alone = !wasWhole && !isLast;
      const servers = alone ? loaded.map((one) => ({ ...one, alone })) : [...done.values(), ...rest];
      await passGate(gateOf(rollout, servers), names);
    } catch (error) {
      const left = new Map([...done.keys()].map((name) => [name, runsNew]));
      const results = await Promise.all(
        batch.map(async (node): Promise<[string, Left]> => {
          const former = formerOf(node);
          return [node.name, former ? await putBack(rollout, former) : runsNew];
        }),
      );
      throw new StepFailure((error as Error).message, new Map([...left, ...results]), { cause: error });
    }
  }
}

interface Ready {
  readonly node: NodeObservation;
  readonly generation: string;
  readonly parsed: ParsedNode;
}

async function prepare(rollout: Rollout, node: NodeObservation, step: ReloadStep): Promise<Ready> {
  if (step.restartAfter !== undefined) await rollout.machine.markRestart(node.name, step.restartAfter);
  if (step.config === "wanted") {
    return { node, generation: rollout.staged.get(node.name)!, parsed: rollout.parsed.get(node.name)! };
  }
  const files = waypointFiles(rollout, node, step.config);
  const generation = await stage(rollout.machine, node.name, node, files);
  const version = node.version ?? rollout.wanted.version;
  const complaint = await rollout.machine.validate(node.name, generation, version);
  if (complaint !== undefined) throw new NatsError(`${node.name}: ${complaint}`);
  return { node, generation, parsed: parseNode(files) };
}

/** The configuration of a step on the way, all in one file that only its owner can read. */
function waypointFiles(rollout: Rollout, node: NodeObservation, kind: Waypoint): ReturnType<typeof nodeFiles> {
  const from = node.conf!;
  const to = rollout.parsed.get(node.name)!.conf;
  const { changes } = rollout.explain(from, to, { serverVersion: node.version ?? rollout.wanted.version });
  const wanted = nodeFiles(rollout.wanted, node.name);
  const rest = Object.entries(wanted).filter(([name]) => ![configFile, nodeFile, secretsFile].includes(name));
  return {
    [configFile]: { content: writeConf(waypoint(kind, from, to, changes)), mode: 0o600 },
    ...Object.fromEntries(rest),
  };
}

async function reload(rollout: Rollout, ready: Ready): Promise<Expected> {
  const { machine, reach } = rollout;
  const { name } = ready.node;
  const connection = await reach.to(name, ready.node.candidates);
  await machine.switchTo(name, ready.generation);
  const { switchedAt } = (await machine.folder(name))!;
  try {
    await connection.ask("RELOAD");
  } catch (error) {
    if (error instanceof ServerRefusal) throw error;
    // The reload may have ended the very connection that asked for it; what the server runs is seen at the gate.
  }
  const { conf, digestFor } = ready.parsed;
  const digest = digestFor(ready.node.version ?? rollout.wanted.version);
  const renewed = await renewLinks(await reach.to(name, ready.node.candidates), conf, ready.node.files);
  const leafs = Math.max(hubsToReach(ready.node.conf, conf), renewed);
  return expect(ready.node, { conf, digest, leafs, ...(switchedAt === undefined ? {} : { loadedSince: switchedAt }) });
}

async function isWhole(rollout: Rollout, seen: Observation): Promise<boolean> {
  const running = othersOf(seen, []);
  const servers = running.map((node) => expect(node));
  return passGate(
    gateOf(rollout, servers, 2000),
    running.map((node) => node.name),
  ).then(
    () => true,
    () => false,
  );
}
