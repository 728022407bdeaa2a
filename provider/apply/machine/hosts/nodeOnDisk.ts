import { unitFile } from "../../../model/nodeFiles";
import type { GenerationFiles, NodeFolder } from "../machine";
import type { HostSeen } from "./hostSeen";
import { ownerOf } from "./hostScripts";

/** A mode that no file is wanted with: of another owner than it should be. */
const foreignOwner = 0o10000;

/** What lies in a node's folder of a host, or undefined when there is none. */
export function nodeFolder(seen: HostSeen, node: string): NodeFolder | undefined {
  if (!seen.folders.includes(node)) return undefined;
  const link = seen.disk.get(`${node}/current`);
  const mark = seen.disk.get(`${node}/restart-needed`);
  const current = link?.kind === "link" ? link.content.split("/").at(-1) : undefined;
  const service = seen.services.get(node);
  const isAtBoot = service?.file === "enabled" || !seen.units.has(node);
  return {
    current,
    switchedAt: current === undefined ? undefined : link?.modifiedAt,
    generations: generationsOf(seen, node),
    restartMark: mark && { reason: mark.content.trim(), markedAt: mark.modifiedAt },
    removedAt: seen.disk.get(`${node}/removed`)?.modifiedAt,
    ...(current !== undefined && !isAtBoot ? { amiss: ["its service is not started at boot"] } : {}),
  };
}

/** Files of a generation; the unit of the current one is what systemd has, not what was put beside it. */
export function nodeGeneration(
  seen: HostSeen,
  node: string,
  generation: string,
  user: string,
): GenerationFiles | undefined {
  const root = `${node}/generations/${generation}`;
  if (!seen.disk.has(root)) return undefined;
  const files: Record<string, { content: string; mode: number }> = {};
  for (const [path, entry] of seen.disk) {
    if (!path.startsWith(`${root}/`) || entry.kind === "folder") continue;
    const isOurs = entry.user === (ownerOf(entry.mode) === "root" ? "root" : user);
    files[path.slice(root.length + 1)] = { content: entry.content, mode: isOurs ? entry.mode : foreignOwner };
  }
  if (nodeFolder(seen, node)?.current !== generation || !files[unitFile]) return files;
  const unit = seen.units.get(node);
  if (!unit) delete files[unitFile];
  else files[unitFile] = { content: unit.content, mode: unit.user === "root" ? unit.mode : foreignOwner };
  return files;
}

function generationsOf(seen: HostSeen, node: string): string[] {
  const names = [...seen.disk].flatMap(([path, { kind }]) => {
    const [, name] = /^[^/]+\/generations\/(\d+)$/.exec(path) ?? [];
    return kind === "folder" && name !== undefined && path.startsWith(`${node}/`) ? [name] : [];
  });
  return names.sort((a, b) => Number(a) - Number(b));
}
