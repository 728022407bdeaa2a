import { writeConf } from "../conf/writer";
import type { ServersInputs } from "./servers";

/** Text and mode by path inside a generation. */
export type GenerationFiles = Readonly<Record<string, { readonly content: string; readonly mode: number }>>;

export const configFile = "nats.conf";
export const nodeFile = "node.conf";
export const secretsFile = "secrets.conf";
/** The unit as it is wanted; a change of it is a restart. */
export const unitFile = "nats-server.service";

/** All files of one node, as they lie in a generation. */
export function nodeFiles(inputs: ServersInputs, node: string): GenerationFiles {
  const publicFile = (content: string): { content: string; mode: number } => ({ content, mode: 0o644 });
  const secretFile = (content: string): { content: string; mode: number } => ({ content, mode: 0o600 });
  const { config, unit } = inputs.nodes[node]!;
  return {
    [configFile]: publicFile(inputs.config),
    [nodeFile]: publicFile(config),
    [secretsFile]: secretFile(secretsText(inputs.secrets)),
    ...(unit === undefined ? {} : { [unitFile]: publicFile(unit) }),
    ...mapValues(inputs.files, publicFile),
    ...mapValues(inputs.secretFiles, secretFile),
  };
}

/** secrets.conf: one variable a line, in an order that does not depend on the program's. */
export function secretsText(secrets: Readonly<Record<string, string>>): string {
  return writeConf(new Map(Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Names of the files that are missing, too many, of other content or of another mode. */
export function differingFiles(found: GenerationFiles, wanted: GenerationFiles): string[] {
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...names].filter(
    (name) => found[name]?.content !== wanted[name]?.content || found[name]?.mode !== wanted[name]?.mode,
  );
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
