import { createHash } from "node:crypto";
import { hasUnknown, isUnknown } from "../host/handler";
import { publicKeyOf, seedOf } from "../model/jwt/nkeys";
import type { ServersInputs } from "../model/servers";

export interface Filled {
  /** The inputs with every unknown replaced, so that they can be planned with. */
  readonly inputs: ServersInputs;
  /** Paths that were unknown. */
  readonly unknown: readonly string[];
  /** False where what is unknown decides about the plan itself. */
  readonly canPlan: boolean;
}

/**
 * In a preview a secret that is made by the same `up` is unknown. It is planned as the value that stands now, or as a
 * placeholder that fits where it is used.
 */
export function fillUnknowns(news: ServersInputs, olds: ServersInputs | undefined): Filled {
  const unknown: string[] = [];
  const fillMap = (name: "secrets" | "files" | "secretFiles"): Record<string, string> => {
    const value: unknown = news[name];
    if (isUnknown(value)) {
      unknown.push(name);
      return { ...(name === "secrets" ? standIns(news) : {}), ...olds?.[name] };
    }
    const entries = Object.entries((value ?? {}) as Record<string, string>).map(([key, member]): [string, string] => {
      if (!isUnknown(member)) return [key, member];
      unknown.push(`${name}.${key}`);
      return [key, olds?.[name][key] ?? placeholderOf(key)];
    });
    return Object.fromEntries(entries);
  };
  const inputs = {
    ...news,
    secrets: fillMap("secrets"),
    files: fillMap("files"),
    secretFiles: fillMap("secretFiles"),
    management: fillManagement(news, olds, unknown),
  };
  const nodes: unknown = news.nodes;
  const isOpen = [news.config, news.version, nodes, news.cluster].some(isUnknown) || hasUnknown(news.target);
  const canPlan = !isOpen && !hasUnknown(news.nodes);
  return { inputs, unknown, canPlan };
}

function fillManagement(
  news: ServersInputs,
  olds: ServersInputs | undefined,
  unknown: string[],
): ServersInputs["management"] {
  const management: unknown = news.management;
  const isPartlyUnknown = isUnknown(management) || Object.values(news.management ?? {}).some(isUnknown);
  if (!isPartlyUnknown) return news.management;
  unknown.push("management");
  return olds?.management ?? { seed: "" };
}

/** Values for all variables of nats.conf that node.conf does not define: a secret that this `up` makes may be among them. */
function standIns({ config, nodes }: ServersInputs): Record<string, string> {
  if (hasUnknown(config) || hasUnknown(nodes)) return {};
  const defined = new Set(
    Object.values(nodes).flatMap((node) => [...node.config.matchAll(/^"?(\w+)"?:/gm)].map(([, name]) => name!)),
  );
  const used = [...config.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/\$([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name!);
  return Object.fromEntries(used.filter((name) => !defined.has(name)).map((name) => [name, placeholderOf(name)]));
}

/** Another one for each: what stands twice would be a problem. */
function placeholderOf(variable: string): string {
  const bytes = createHash("sha256").update(variable).digest();
  if (variable.endsWith("NKEY")) return publicKeyOf(seedOf("user", bytes));
  const place = `placeholder:placeholder@${bytes.toString("hex", 0, 8)}.invalid:4222`;
  if (/(^|_)URLS?(_|$)/.test(variable)) return `nats://${place}`;
  return variable.startsWith("ROUTE_") ? `nats-route://${place}` : "placeholder";
}
