import { Command } from "commander";
import { ConfSyntaxError } from "../conf/confSyntaxError";
import { configDigest } from "../conf/digest";
import type { ParsedConf } from "../conf/parsed";
import { isError, problemText } from "../errors";
import type { Problem } from "../errors";
import { checkConf, parserProblems } from "../model/config/checkConf";
import { testedVersion } from "../plan/testedVersion";
import { parseConfFile } from "./readConfFile";

const shape = `
The same sha256:… as \`nats-server -t -c FILE\`, the log of a reload, and config_digest of /varz; no server is needed. It covers
keys and values with includes and variables (also of the environment) resolved, not comments, order, or the contents of
certificates and other files. Where a server refuses FILE, all problems are printed on stderr and the exit code is 1;
so it is for what -t refuses though it is only a warning.`;

/** `pulumi-nats config digest FILE [--server-version V]`. */
export function configDigestCommand(): Command {
  return new Command("digest")
    .description("print the config_digest that a server reports for a nats.conf")
    .argument("<file>", "the configuration")
    .option("--server-version <version>", "release of the server", testedVersion())
    .addHelpText("after", shape)
    .action((file: string, options: { serverVersion: string }) => {
      const { digest, problems } = fileDigest(file, options.serverVersion);
      if (digest !== undefined) process.stdout.write(`${digest}\n`);
      else process.stderr.write(`${problems.join("\n")}\n`);
      process.exitCode = digest === undefined ? 1 : 0;
    });
}

/** The digest, or a line for each reason why a server refuses the file. */
export function fileDigest(file: string, serverVersion: string): { digest?: string; problems: string[] } {
  try {
    const parsed = parseConfFile(file, serverVersion.replace(/^v/, ""));
    const problems = refusals(parsed).map((problem) => `${place(parsed, problem, file)}: ${problemLine(problem)}`);
    return problems.length > 0 ? { problems } : { digest: configDigest(parsed), problems };
  } catch (error) {
    if (error instanceof ConfSyntaxError) return { problems: [error.message] };
    throw error;
  }
}

function refusals(parsed: ParsedConf): Problem[] {
  const tested = parserProblems(parsed);
  const known = new Set(tested.map(problemLine));
  const { serverVersion } = parsed;
  const all = checkConf(parsed, serverVersion === undefined ? {} : { serverVersion });
  return [...tested, ...all.filter((problem) => isError(problem) && !known.has(problemLine(problem)))];
}

function problemLine(problem: Problem): string {
  return `${problem.path === "" ? "" : `${problem.path}: `}${problemText(problem)}`;
}

function place(parsed: ParsedConf, { path }: Problem, file: string): string {
  const at = parsed.positionOf(path);
  return at ? `${at.file ?? file}:${at.line}:${at.column}` : file;
}
