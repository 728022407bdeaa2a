import { shellQuote } from "./shellQuote";
import { SshError } from "./sshError";
import type { SshHost } from "./sshHost";

export async function readFrom(
  host: Pick<SshHost, "label" | "runRaw">,
  path: string,
  options: { readonly sudo?: boolean; readonly timeout?: number },
): Promise<Buffer | undefined> {
  const end = await host.runRaw(`LC_ALL=C exec cat -- ${shellQuote(path)}`, { ...options, title: `reading ${path}` });
  if (end.code === 0) return end.stdout;
  const words = end.stderr.toString("utf8").trim();
  if (/No such file or directory$/.test(words)) return undefined;
  const fix = /Permission denied/.test(words) ? "read it as root (sudo)" : "see the host's words";
  throw new SshError("file", host.label, `${path} can't be read: ${words}`, fix);
}
