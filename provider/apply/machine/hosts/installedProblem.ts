import type { Problem } from "../../../errors";
import { versionIn } from "../../../tools/toolVersion";
import type { HostSeen } from "./hostSeen";

/** What stands against using what a host has installed. */
export function installedProblem(
  label: string,
  installed: HostSeen["installed"],
  version: string,
): Omit<Problem, "path"> | undefined {
  if (!installed) {
    const fix = "install it there, or leave `binary` out to have it installed";
    return { reason: `${label} has no nats-server on its PATH`, fix };
  }
  const { path, says } = installed;
  const actual = versionIn(says);
  if (actual === version) return undefined;
  return {
    reason: `${label} has nats-server ${actual ?? says} in ${path}, not ${version}`,
    fix: `version: "${actual ?? version}", or install ${version} there`,
  };
}
