import { Command } from "commander";
import { explainConfig } from "../plan/explainConfig";
import type { ConfigExplanation } from "../plan/explainConfig";
import { impacts } from "../plan/impact";
import type { ConfigChange } from "../plan/impact";
import { testedVersion } from "../plan/testedVersion";
import { readSettings } from "./readConfFile";
import { checkedVersion } from "./serverVersion";

const shape = `
OLD and NEW are nats.conf files; includes and variables (also of the environment) are resolved. Secrets are shown as [secret].
JSON: {"serverVersion", "impact", "changes": [{"path", "from", "to", "impact", "why"}]}; null stands for an absent key
impact, in rising order: none, hot-reload, ordered-reload, rolling-restart, full-cluster, new-identity, refused
A file that the server would refuse: its problems on stderr, exit 1.`;

interface Options {
  readonly serverVersion: string;
  readonly json?: boolean;
}

/** `pulumi-nats explain config OLD NEW [--server-version V] [--json]`. */
export function explainConfigCommand(): Command {
  return new Command("config")
    .description("say what a change of nats.conf costs: reload, restart or more")
    .argument("<old>", "the configuration before")
    .argument("<new>", "the configuration after")
    .option("--server-version <version>", "release of the servers", testedVersion())
    .option("--json", "print JSON")
    .addHelpText("after", shape)
    .action((oldFile: string, newFile: string, options: Options) => {
      process.stdout.write(explainConfigFiles(oldFile, newFile, options));
    });
}

/** What the command prints. */
export function explainConfigFiles(oldFile: string, newFile: string, options: Options): string {
  const serverVersion = checkedVersion(options.serverVersion);
  const [from, to] = [readSettings(oldFile, serverVersion), readSettings(newFile, serverVersion)];
  const explained = explainConfig(from, to, { serverVersion });
  return options.json ? `${JSON.stringify(toJson(explained), undefined, 2)}\n` : table(explained);
}

function toJson({ serverVersion, impact, changes }: ConfigExplanation): unknown {
  const rows = changes.map((change) => ({
    path: change.path,
    from: change.from ?? null,
    to: change.to ?? null,
    impact: change.impact,
    why: change.why,
  }));
  return { serverVersion, impact, changes: rows };
}

function table({ serverVersion, impact, changes }: ConfigExplanation): string {
  const head = `${impact} (nats-server ${serverVersion})`;
  if (changes.length === 0) return `${head}\nnothing changes in effect\n`;
  const width = Math.max(...changes.map((change) => change.impact.length));
  const costly = [...changes].sort((a, b) => impacts.indexOf(b.impact) - impacts.indexOf(a.impact));
  const rows = costly.flatMap((change) => [
    `${change.impact.padEnd(width)}  ${change.path}: ${transition(change)}`,
    `${" ".repeat(width)}  ${change.why}`,
  ]);
  return `${[head, "", ...rows].join("\n")}\n`;
}

function transition({ from, to }: ConfigChange): string {
  if (from === undefined) return `added ${shown(to)}`;
  if (to === undefined) return `removed ${shown(from)}`;
  return `${shown(from)} -> ${shown(to)}`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
