import { besideFiles, observe } from "../apply/rollout/observe";
import type { Observation } from "../apply/rollout/observe";
import type { Rollout } from "../apply/rollout/rollout";
import { planOf } from "../apply/rollout/runRollout";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { configFile, nodeFile, secretsFile, unitFile } from "../model/nodeFiles";
import { asLeft } from "../model/servers";
import { isObject } from "../model/exactJson";
import type { ServersInputs, ServersState } from "../model/servers";
import { rolloutBy } from "./serversCluster";
import { driftNotes, inputsAsLeft } from "./serversDrift";
import { editedNotes } from "./serversEdited";
import { endGlance, goOnGlancing } from "./serversGlance";
import { lateNote, lateServers } from "./serversLate";
import { fillUnknowns } from "./serversUnknowns";

export type Changes = Record<string, ChangeKind>;

/** What the program changes, what is not as it was left, and what the rollout will do about both. */
export async function diffServers(context: CallContext, olds: ServersState, news: ServersInputs): Promise<Diff> {
  const { inputs, unknown, canPlan } = fillUnknowns(news, olds);
  const changes: Changes = { ...changedPaths(olds, news) };
  if (!canPlan) {
    const late = lateServers(news);
    return notesOf(changes, [
      ...(late.length > 0 ? [lateNote(late)] : []),
      "the configuration is known only after what it depends on: the plan is made then",
    ]);
  }
  const glance = goOnGlancing(inputs.target, [olds.target]);
  try {
    const known = [asLeft(olds)];
    return await planDiff(
      rolloutBy(glance, context, inputs, known),
      changes,
      unknown.filter((path) => isHeld(olds, path)),
      context.refreshing ? rolloutBy(glance, context, inputsAsLeft(inputs, olds), known) : undefined,
    );
  } finally {
    await endGlance(glance);
  }
}

/**
 * The program's changes with what is found otherwise than it was left, and the plan for both in words. In a refresh, with
 * the rollout that would bring back what the last `up` has left.
 */
export async function planDiff(
  rollout: Rollout,
  changes: Changes,
  unknown: readonly string[],
  left?: Rollout,
): Promise<Diff> {
  const seen = await observe({ ...rollout, patience: 2000 });
  const plan = planOf(rollout, seen);
  const found = liveChanges(rollout.wanted, seen);
  // What the program changes differs on the disk too, and is named member by member already.
  if (Object.keys(changes).some((path) => path.startsWith("secrets."))) delete found["secrets"];
  Object.assign(changes, found);
  if (plan.steps.length > 0 && Object.keys(changes).length === 0) {
    for (const step of plan.steps) for (const node of step.nodes) changes[`nodes.${node}.state`] = "update";
  }
  const edited = editedNotes(rollout, seen, plan.named);
  const diff = notesOf(changes, [...plan.notes, ...edited, ...unknownNotes(unknown)]);
  return left ? { ...diff, drift: await driftNotes(left, rollout.wanted, seen) } : diff;
}

export function notesOf(changes: Changes, messages: readonly string[]): Diff {
  if (Object.keys(changes).length === 0) return { changes };
  return { changes, notes: messages.map((message) => ({ severity: "info", message })) };
}

/** What is not there yet comes with the change that the plan tells of. */
export function isHeld(olds: ServersState, path: string): boolean {
  const [, map, name] = /^(files|secretFiles|secrets)\.(.*)$/.exec(path) ?? [];
  return map === undefined || olds[map as "files" | "secretFiles" | "secrets"][name!] !== undefined;
}

function unknownNotes(unknown: readonly string[]): string[] {
  const files = unknown.filter((path) => /^(files|secretFiles)\b/.test(path));
  const credentials = files.filter((path) => path.endsWith(".creds"));
  const certificates = files.filter((path) => !credentials.includes(path));
  const secrets = unknown.filter((path) => path.startsWith("secrets"));
  return [
    ...(certificates.length > 0 ? [`certificates change (${certificates.join(", ")}): hot reload`] : []),
    ...(credentials.length > 0 ? [`credentials change (${credentials.join(", ")}): hot reload`] : []),
    ...(secrets.length > 0 ? [`${secrets.join(", ")} change to values that are known after the apply`] : []),
  ];
}

/** Paths at which the program's inputs differ from the stored ones; members of maps one by one. */
export function changedPaths(olds: ServersInputs, news: ServersInputs): Changes {
  const changes: Changes = {};
  const compare = (path: string, from: unknown, to: unknown): void => {
    if (isObject(from) && isObject(to)) {
      for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
        compare(`${path}.${key}`, from[key], to[key]);
      }
    } else if (from !== to && JSON.stringify(from) !== JSON.stringify(to)) {
      changes[path] = from === undefined ? "add" : to === undefined ? "delete" : "update";
    }
  };
  for (const key of comparedKeys) compare(key, olds[key], news[key]);
  return changes;
}

const comparedKeys = [
  "cluster",
  "version",
  "target",
  "config",
  "nodes",
  "secrets",
  "files",
  "secretFiles",
  "management",
  "rollout",
  "onDataLoss",
] as const;

/** What was found otherwise than it was left: dead servers, files edited by hand, another version. */
function liveChanges(inputs: ServersInputs, seen: Observation): Changes {
  const changes: Changes = {};
  for (const [name, node] of seen.nodes) {
    if (!inputs.nodes[name]) {
      changes[`nodes.${name}`] = "delete";
      continue;
    }
    if (node.state === "missing") changes[`nodes.${name}`] = "add";
    else if (node.state !== "running") changes[`nodes.${name}.state`] = "update";
    if (node.state === "missing") continue;
    if (besideFiles(node).length > 0) changes[`nodes.${name}.unit`] ??= "update";
    for (const file of node.files) changes[pathOf(name, file, inputs)] ??= "update";
    if (node.version !== undefined && node.version !== inputs.version) changes["version"] = "update";
  }
  return changes;
}

function pathOf(node: string, file: string, inputs: ServersInputs): string {
  if (file === configFile) return "config";
  if (file === nodeFile) return `nodes.${node}.config`;
  if (file === secretsFile) return "secrets";
  if (file === unitFile) return `nodes.${node}.unit`;
  return `${file in inputs.secretFiles ? "secretFiles" : "files"}.${file}`;
}
