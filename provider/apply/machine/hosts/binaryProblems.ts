import type { Problem } from "../../../errors";
import { binaryPath } from "../../../model/hosts";
import type { BinaryInputs } from "../../../model/hosts";
import { fetchStart } from "../../../tools/download";
import { elfArchitecture, elfHeader } from "../../../tools/elfArchitecture";
import { architectureOf, runsHere } from "../../../tools/findServer";
import { lookForServer } from "../../../tools/lookForServer";
import { toolVersion } from "../../../tools/toolVersion";
import { programFile } from "../../programFile";
import type { HostSide } from "./hostSide";
import { installedProblem } from "./installedProblem";

/** What of nats-server itself stands against running it on these hosts, as far as that is known before it is brought there. */
export async function binaryProblems(
  hosts: readonly HostSide[],
  version: string,
  binary: BinaryInputs | undefined,
): Promise<Problem[]> {
  if (binary?.kind === "installed") return installedProblems(hosts, version);
  const path = binaryPath(version, binary);
  const lacking: HostSide[] = [];
  for (const host of hosts) if (!(await host.look()).binaries.includes(path)) lacking.push(host);
  // What once was brought there has been held against its version and checksum.
  if (lacking.length === 0) return [];
  if (binary?.kind === "file") return fileProblems(lacking, version, binary.file);
  if (binary?.kind === "url") return urlProblems(lacking, binary.url);
  return officialProblems(lacking, version);
}

async function installedProblems(hosts: readonly HostSide[], version: string): Promise<Problem[]> {
  const problems = hosts.map(async (host): Promise<Problem[]> => {
    const problem = installedProblem(host.label, (await host.look()).installed, version);
    return problem ? [{ path: `target.hosts.${host.nodes[0]}`, ...problem }] : [];
  });
  return (await Promise.all(problems)).flat();
}

async function fileProblems(hosts: readonly HostSide[], version: string, file: string): Promise<Problem[]> {
  const { architecture } = programFile(file);
  const others = await architectureProblem("target.binary.file", file, architecture, hosts);
  if (others.length > 0 || !runsHere(architecture)) return others;
  const says = toolVersion("nats-server", file);
  if (says === version) return [];
  const reason = `${file} is ${says === undefined ? "of no version that it could tell" : `nats-server ${says}`}, not ${version}`;
  return [
    { path: "target.binary.file", reason, fix: says === undefined ? "nats-server itself" : `version: "${says}"` },
  ];
}

async function urlProblems(hosts: readonly HostSide[], url: string): Promise<Problem[]> {
  const path = "target.binary.url";
  try {
    const architecture = elfArchitecture(await fetchStart(url, elfHeader));
    if (architecture !== undefined) return await architectureProblem(path, url, architecture, hosts);
    const fix = "the URL of the plain program: an archive is not unpacked";
    return [{ path, reason: `${url} gives no program for Linux`, fix }];
  } catch (error) {
    // Where it leads to may be for the hosts alone to reach.
    const reason = `this machine can't see what it gives, each host tries by itself: ${(error as Error).message}`;
    return [{ path, reason, severity: "warning" }];
  }
}

async function architectureProblem(
  path: string,
  place: string,
  architecture: string,
  hosts: readonly HostSide[],
): Promise<Problem[]> {
  const others = (await byArchitecture(hosts)).filter(([wanted]) => wanted !== architecture);
  return others.map(([wanted, labels]) => {
    const reason = `${place} is a program for ${architecture}, and ${labels.join(", ")} can only run one for ${wanted}`;
    return { path, reason, fix: `nats-server for linux on ${wanted}, or leave \`binary\` out for what fits each host` };
  });
}

async function officialProblems(hosts: readonly HostSide[], version: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [architecture, labels] of await byArchitecture(hosts)) {
    const { found, tried } = await lookForServer(version, architecture);
    if (found === "yes") continue;
    const what = `nats-server ${version} for linux on ${architecture} (${labels.join(", ")})`;
    const reason =
      found === "no"
        ? `${what} is not to be had: ${tried.join("; ")}`
        : `whether ${what} can be had is not known: ${tried.join("; ")}`;
    const fix = "another version, or binary: { file } or { url, sha256 } in nats.hosts([…])";
    problems.push({ path: "version", reason, fix, ...(found === "no" ? {} : { severity: "warning" as const }) });
  }
  return problems;
}

/** Labels of the hosts by what they run, in node's words. */
async function byArchitecture(hosts: readonly HostSide[]): Promise<[string, string[]][]> {
  const found = new Map<string, string[]>();
  for (const host of hosts) {
    const { architecture: machine } = await host.look();
    const architecture = architectureOf(machine) ?? machine;
    found.set(architecture, [...(found.get(architecture) ?? []), host.label]);
  }
  return [...found];
}
