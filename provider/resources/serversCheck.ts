import path from "node:path";
import { leavingProblems } from "../apply/rollout/leavingAccounts";
import { observe } from "../apply/rollout/observe";
import type { Observation } from "../apply/rollout/observe";
import { largestReplication } from "../apply/rollout/replication";
import type { Rollout } from "../apply/rollout/rollout";
import { planOf } from "../apply/rollout/runRollout";
import { isError } from "../errors";
import type { Problem } from "../errors";
import { isUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import { asLeft } from "../model/servers";
import type { ServersInputs, ServersState } from "../model/servers";
import { sshProblems } from "../model/ssh";
import { findTool } from "../tools/findTool";
import { rolloutBy } from "./serversCluster";
import { goOnGlancing, keepGlance } from "./serversGlance";
import { lateMoves, lateNote, lateServers } from "./serversLate";
import { leafProblems } from "./serversLeafs";
import { levelProblems } from "./serversLevels";
import { configProblems, sizeProblems } from "./serversConfigProblems";
import { placeProblems } from "./serversPlace";
import { fillUnknowns } from "./serversUnknowns";

/** How long a meta group does not take a removed server's name back. */
const removalPause = 5 * 60_000;

/** Everything that can be known before a change: the texts, the certificates, the ports, and what the running servers make of it. */
export async function checkServers(
  context: CallContext,
  olds: ServersState | undefined,
  news: ServersInputs,
): Promise<Checked<ServersInputs>> {
  const { problems: given, ...rest } = news;
  const inputs: ServersInputs = { ...rest, rollout: rest.rollout ?? {}, onDataLoss: rest.onDataLoss ?? "refuse" };
  const problems: Problem[] = isUnknown(given) ? [] : [...(given ?? [])];
  const ofTexts = problems.some((problem) => isError(problem) && !/^(rollout|onDataLoss|version)\b/.test(problem.path));
  const isPlaceOpen = problems.some((problem) => isError(problem) && /^(hosts|name|version)\b/.test(problem.path));
  const ofPlace = [...targetProblems(olds, inputs), ...lateMoves(olds, inputs)];
  const ofVersion = await versionProblems(inputs);
  problems.push(...ofPlace, ...ofVersion);
  const filled = fillUnknowns(inputs, olds);
  // Of arguments that are wrong the texts are no server's, and what is said of them would be an echo.
  if (!ofTexts && !ofVersion.some(isError)) {
    if (filled.canPlan) problems.push(...configProblems(filled.inputs, new Set(filled.unknown)));
    else if (!isUnknown(inputs.config) && !isUnknown(inputs.nodes)) problems.push(...sizeProblems(inputs));
  }
  if (isPlaceOpen || [...ofPlace, ...ofVersion].some(isError)) return { inputs, problems };
  const late = lateServers(inputs);
  if (late.length > 0 && !olds) await context.info(lateNote(late));
  problems.push(...(await placeProblems(context, inputs, olds)));
  if (!filled.canPlan || problems.some(isError)) return { inputs, problems };
  const known = olds ? [asLeft(olds)] : [];
  const glance = goOnGlancing(
    filled.inputs.target,
    known.map(({ target }) => target),
  );
  try {
    const rollout = rolloutBy(glance, context, filled.inputs, known);
    const seen = await observe({ ...rollout, patience: 2000 });
    problems.push(...(await liveProblems(rollout, seen)));
  } finally {
    keepGlance(glance);
  }
  return { inputs, problems };
}

function targetProblems(olds: ServersState | undefined, inputs: ServersInputs): Problem[] {
  const { target, cluster } = inputs;
  const problems: Problem[] = [];
  if (isUnknown(target) || isUnknown(cluster)) return problems;
  if (olds && olds.target.kind !== target.kind) {
    const reason = `the servers live on ${placeOf(olds.target.kind)}; on ${placeOf(target.kind)} they would start empty`;
    problems.push({ path: "target", reason, fix: "a second cluster, to which clients and streams move" });
  }
  if (target.kind === "hosts") {
    for (const [node, { ssh }] of Object.entries(target.hosts)) {
      problems.push(...sshProblems(ssh, `target.hosts.${node}.ssh`));
    }
  }
  if (!path.isAbsolute(target.dir)) {
    const fix = `dir: "${path.resolve(target.dir)}"`;
    problems.push({ path: "target.dir", reason: `"${target.dir}" is not an absolute path`, fix });
  }
  if (olds && olds.target.dir !== target.dir) {
    const reason = `the servers and their data live in ${olds.target.dir}; in ${target.dir} they would start empty`;
    problems.push({ path: "target.dir", reason, fix: `dir: "${olds.target.dir}", or a second cluster` });
  }
  if (olds && olds.cluster !== cluster) {
    problems.push({
      path: "cluster",
      reason: `${olds.cluster} → ${cluster}: the name is part of the servers' identity and of JetStream's meta group`,
      fix: `cluster: "${olds.cluster}", or make a second cluster and move clients and streams to it`,
    });
  }
  return problems;
}

function placeOf(kind: ServersInputs["target"]["kind"]): string {
  return kind === "hosts" ? "bare hosts" : "this machine";
}

async function versionProblems(inputs: ServersInputs): Promise<Problem[]> {
  if (isUnknown(inputs.version)) return [];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(inputs.version)) {
    return [{ path: "version", reason: `"${inputs.version}" is no version of nats-server`, fix: 'version: "2.15.2"' }];
  }
  const [major = 0, minor = 0] = inputs.version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 11)) {
    const reason = `nats-server ${inputs.version} does not name the configuration that it runs: at least 2.11 is wanted`;
    return [{ path: "version", reason, fix: 'version: "2.11.17"' }];
  }
  // What runs on hosts need not run here.
  if (isUnknown(inputs.target) || inputs.target.kind === "hosts") return [];
  try {
    await findTool("nats-server", inputs.version);
    return [];
  } catch (error) {
    return [{ path: "version", reason: (error as Error).message }];
  }
}

async function liveProblems(rollout: Rollout, seen: Observation): Promise<Problem[]> {
  return [
    ...planOf(rollout, seen).refusals,
    ...removedProblems(rollout.wanted, seen),
    ...(await roomProblems(rollout, seen)),
    ...(await leavingProblems(rollout, seen).catch(() => [])),
    ...(await levelProblems(rollout, seen)),
    ...(await leafProblems(rollout, seen).catch(() => [])),
  ];
}

function removedProblems(wanted: ServersInputs, seen: Observation): Problem[] {
  return Object.keys(wanted.nodes).flatMap((name) => {
    const removedAt = seen.nodes.get(name)?.folder?.removedAt;
    if (removedAt === undefined || seen.nodes.get(name)?.state !== "missing") return [];
    const back = removedAt + removalPause;
    if (Date.now() >= back) return [];
    const reason =
      `${name} was taken out of JetStream's peers at ${clock(removedAt)}, ` +
      `and the other servers do not take its name back before ${clock(back)}`;
    return [{ path: `nodes.${name}`, reason, fix: `run \`pulumi up\` after ${clock(back)}` }];
  });
}

export async function roomProblems(rollout: Rollout, seen: Observation): Promise<Problem[]> {
  const running = [...seen.nodes.values()].filter((node) => node.state === "running");
  const staying = Object.keys(rollout.wanted.nodes).length;
  const leaving = [...seen.nodes.keys()].filter((name) => !rollout.wanted.nodes[name]);
  if (leaving.length === 0 || running.length === 0) return [];
  const [gone = ""] = leaving;
  if (rollout.wanted.management.monitor && running.some((node) => node.conf?.has("jetstream")) && staying > 0) {
    const reason = `${gone} can't be taken out of JetStream's peers: that needs a user of the system account, and beside authorization.token there is none`;
    return [{ path: "nodes", reason, fix: "accounts with users in place of the token, or keep the server" }];
  }
  // What can't be asked now is asked again before the first server goes.
  const largest = await largestReplication(rollout.reach, running).catch(() => undefined);
  if (!largest || largest.replicas <= staying) return [];
  return [
    {
      path: "nodes",
      reason:
        `stream ${largest.stream} of account ${largest.account} has ${largest.replicas} replicas, ` +
        `and without ${leaving.join(", ")} ${staying} servers are left`,
      fix: `replicas: ${staying} for the stream first, or keep the servers`,
    },
  ];
}

function clock(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
