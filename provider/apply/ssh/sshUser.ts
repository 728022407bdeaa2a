import { homedir, userInfo } from "node:os";
import path from "node:path";
import type { SshSettings } from "../../model/ssh";

export function sshUser(settings: SshSettings): string {
  return settings.user ?? userInfo().username;
}

export function sshPort(settings: SshSettings): number {
  return settings.port ?? 22;
}

/** "ops@10.0.1.11:22", with the hosts that lead there. */
export function sshLabel(settings: SshSettings): string {
  const { address, proxyJump } = settings;
  const own = `${sshUser(settings)}@${address.includes(":") ? `[${address}]` : address}:${sshPort(settings)}`;
  return proxyJump ? `${own} (through ${sshLabel(proxyJump)})` : own;
}

export function homeFile(file: string): string {
  return file === "~" || file.startsWith("~/") ? path.join(homedir(), file.slice(1)) : file;
}
