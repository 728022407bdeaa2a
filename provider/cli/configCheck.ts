import { Command } from "commander";
import { ConfSyntaxError } from "../conf/confSyntaxError";
import { isError } from "../errors";
import { checkConf } from "../model/config/checkConf";
import { testedVersion } from "../plan/testedVersion";
import { parseConfFile } from "./readConfFile";
import { checkedVersion } from "./serverVersion";
import { UnreadableFile } from "./unreadableFile";

/** One line of the report. */
interface Finding {
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Path in nats.conf, "" for the whole. */
  readonly path: string;
  readonly reason: string;
  readonly fix?: string;
  /** A start only warns of it. */
  readonly onlyTested?: boolean;
  /** Nothing can be said of what is in the file. */
  readonly unreadable?: boolean;
}

const shape = `
All that a server refuses, with -t or when it starts, and traps that no server reports; files that FILE names, such as
certificates, are not looked at. Includes and variables (also of the environment) are resolved. No secret is shown.
JSON: {"ok": boolean, "serverVersion", "problems": [{"severity", "file", "line"?, "column"?, "path", "reason", "fix"?, "onlyTested"?, "unreadable"?}]}
Exit 1 where there is an error; warnings alone exit 0.`;

/** `pulumi-nats config check FILE [--server-version V] [--json]`. */
export function configCheckCommand(): Command {
  return new Command("check")
    .description("say all that is wrong with a nats.conf")
    .argument("<file>", "the configuration")
    .option("--server-version <version>", "release of the server", testedVersion())
    .option("--json", "print JSON")
    .addHelpText("after", shape)
    .action((file: string, options: { serverVersion: string; json?: boolean }) => {
      const { text, ok } = configCheck(file, options);
      process.stdout.write(text);
      process.exitCode = ok ? 0 : 1;
    });
}

/** What the command prints, and whether a server would take the file. */
export function configCheck(
  file: string,
  options: { readonly serverVersion: string; readonly json?: boolean },
): { text: string; ok: boolean } {
  const version = checkedVersion(options.serverVersion);
  const problems = findings(file, version);
  const ok = !problems.some(isError);
  if (options.json) return { ok, text: `${JSON.stringify({ ok, serverVersion: version, problems }, undefined, 2)}\n` };
  const lines = problems.map(lineOf);
  if (problems.some(({ unreadable }) => unreadable)) return { ok, text: `${lines.join("\n")}\n` };
  const starts = !problems.some((problem) => isError(problem) && !problem.onlyTested);
  const refused = starts
    ? `is refused by nats-server ${version} -t; a start only warns`
    : `is refused by nats-server ${version}`;
  const end = ok ? `${file} is valid for nats-server ${version}` : `${file} ${refused}`;
  return { ok, text: `${[...lines, end].join("\n")}\n` };
}

function findings(file: string, version: string): Finding[] {
  try {
    const parsed = parseConfFile(file, version);
    return checkConf(parsed, { serverVersion: version })
      .map((problem): Finding => {
        const at = parsed.positionOf(problem.path) ?? parsed.positionOf(problem.path.replace(/(\[\d+\])+$/, ""));
        return {
          severity: isError(problem) ? "error" : "warning",
          file: at?.file ?? file,
          ...(at ? { line: at.line, column: at.column } : {}),
          path: problem.path,
          reason: problem.reason,
          ...(problem.fix === undefined ? {} : { fix: problem.fix }),
          ...(problem.onlyTested ? { onlyTested: true } : {}),
        };
      })
      .sort((a, b) => (a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : 0));
  } catch (error) {
    if (error instanceof UnreadableFile) {
      const fix = "the path of a nats.conf";
      return [{ severity: "error", file, path: "", reason: error.why, fix, unreadable: true }];
    }
    if (!(error instanceof ConfSyntaxError)) throw error;
    const { line, column, reason, fix } = error;
    return [{ severity: "error", file: error.file ?? file, line, column, path: "", reason, fix }];
  }
}

function lineOf({ severity, file, line, column, path, reason, fix }: Finding): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `${place}: ${severity}: ${path === "" ? "" : `${path}: `}${reason}${fix === undefined ? "" : `. Fix: ${fix}`}`;
}
