import { parseConf } from "../../conf/parser";
import { Reference } from "../../conf/value";
import type { ConfMap, ConfValue } from "../../conf/value";
import { writeConf } from "../../conf/writer";

/** An environment variable of a container. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

export interface PodConf {
  /** node.conf, the same for every pod. */
  readonly text: string;
  /** What makes it the conf of one pod. */
  readonly env: readonly EnvVar[];
}

/**
 * All pods read the same files: what differs between servers comes from the environment. Made from the node.conf of one
 * server, in which every value with the server's name stands for such a variable.
 */
export function podConf(nodeConf: string, pod: string): PodConf {
  const env: EnvVar[] = [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }];
  const conf = [...parseConf(nodeConf).root].map(([key, value]): [string, ConfValue] => {
    if (typeof value !== "string" || !value.includes(pod)) return [key, value];
    const name = `NATS_${key.toUpperCase()}`;
    // In quotes: the server reads a variable's value as it reads the file, where a bare 5e3-0 is no text.
    env.push({ name, value: `"${value.replaceAll(pod, "$(POD_NAME)")}"` });
    return [key, new Reference(name)];
  });
  return { text: writeConf(new Map(conf)), env };
}

/** The node.conf of one pod, with its own values in place of variables. */
export function nodeConfOf(text: string, env: readonly EnvVar[], pod: string): string {
  const root: ConfMap = parseConf(text, { env: environmentOf(env, pod) }).root;
  return writeConf(root);
}

/** The variables as the pod's server sees them. */
export function environmentOf(env: readonly EnvVar[], pod: string): Record<string, string> {
  const values = env.map(({ name, value }): [string, string] => [name, value?.replaceAll("$(POD_NAME)", pod) ?? pod]);
  return Object.fromEntries(values);
}
