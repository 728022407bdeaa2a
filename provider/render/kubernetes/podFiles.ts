import { keyOf, pathOf } from "../../model/kubernetes";
import { nodeFile } from "../../model/nodeFiles";
import type { GenerationFiles } from "../../model/nodeFiles";
import { nodeConfOf, podConf } from "./podConf";
import type { EnvVar } from "./podConf";

/** The content of the ConfigMap and of the Secret, by key. */
export interface PodData {
  readonly config: Readonly<Record<string, string>>;
  /** In plain. */
  readonly secret: Readonly<Record<string, string>>;
}

/** A server's files as all pods get them. */
export function podData(files: GenerationFiles, pod: string): PodData {
  const own = files[nodeFile];
  const shared = own ? { ...files, [nodeFile]: { ...own, content: podConf(own.content, pod).text } } : files;
  const part = (isSecret: boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(shared)
        .filter(([, { mode }]) => ((mode & 0o004) === 0) === isSecret)
        .map(([path, { content }]) => [keyOf(path), content]),
    );
  return { config: part(false), secret: part(true) };
}

/** The files that a pod's server reads, with its own values in node.conf. */
export function podFiles(data: PodData, env: readonly EnvVar[], pod: string): GenerationFiles {
  const files: Record<string, { content: string; mode: number }> = {};
  for (const [key, content] of Object.entries(data.config)) files[pathOf(key)] = { content, mode: 0o644 };
  for (const [key, content] of Object.entries(data.secret)) files[pathOf(key)] = { content, mode: 0o600 };
  const own = files[nodeFile];
  if (own) files[nodeFile] = { ...own, content: completed(own.content, env, pod) };
  return files;
}

/** What somebody has edited so that nobody can read it stays as it is. */
function completed(text: string, env: readonly EnvVar[], pod: string): string {
  try {
    return nodeConfOf(text, env, pod);
  } catch {
    return text;
  }
}
