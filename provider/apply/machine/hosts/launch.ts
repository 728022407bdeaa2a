import type { BinaryInputs } from "../../../model/hosts";
import type { Launch } from "../machine";
import type { HostSeen } from "./hostSeen";

/**
 * What is beside a unit is its host's own matter as long as it starts the wanted program, be it by another one. Where it does not, it
 * would undo every restart: it is never taken away, since somebody wanted it, and nothing is changed beside it.
 */
export function launchOf(
  node: string,
  label: string,
  seen: HostSeen,
  path: string,
  binary: BinaryInputs | undefined,
): Launch {
  const words = (command: string): readonly string[] =>
    command.split(/[\s"']+/).map((word) => word.replace(/^[-@:+!]+/, ""));
  const fitting = [path, ...(binary?.kind === "installed" && seen.installed ? [seen.installed.path] : [])];
  const foreign = seen.starts.get(node)?.find(({ command }) => !words(command).some((word) => fitting.includes(word)));
  // Where that lies, and what it starts in turn, is its package's matter.
  const known = binary?.kind === "installed" ? {} : { binary: path };
  if (!foreign) return known;
  const { file, command } = foreign;
  return {
    ...known,
    obstacle: {
      path: `nodes.${node}`,
      reason: `${file} on ${label} starts ${node} by "${command}" and not by ${path}, whatever its unit says`,
      fix: `on ${label}: rm ${file} && systemctl daemon-reload; or ExecStart=${path} … in it`,
    },
  };
}
