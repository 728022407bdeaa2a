import { Command } from "commander";
import { ConfSyntaxError } from "../conf/confSyntaxError";
import { configDigest } from "../conf/digest";
import type { ParsedConf } from "../conf/parsed";
import { isError, locatedText } from "../errors";
import type { Problem } from "../errors";
import { checkConf, parserProblems } from "../model/config/checkConf";
import { testedVersion } from "../plan/testedVersion";
import { parseConfFile } from "./readConfFile";
import { checkedVersion } from "./serverVersion";

const shape = `
The same sha256:… as \`nats-server -t -c FILE\`, the log of a reload, and config_digest of /varz; no server is needed. It covers
keys and values with includes and variables (also of the environment) resolved, not comments, order, or the contents of
certificates and other files. Where -t refuses FILE, warnings included, all problems are printed on stderr and the exit code
is 1. What -t takes and only a start refuses is printed on stderr beside the digest.`;

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
      if (problems.length > 0) process.stderr.write(`${problems.join("\n")}\n`);
      process.exitCode = digest === undefined ? 1 : 0;
    });
}

/** The digest and what a start would refuse, or a line for each reason why `-t` refuses the file. */
export function fileDigest(file: string, serverVersion: string): { digest?: string; problems: string[] } {
  try {
    const parsed = parseConfFile(file, checkedVersion(serverVersion));
    const options = parsed.serverVersion === undefined ? {} : { serverVersion: parsed.serverVersion };
    const tested = parserProblems(parsed, options);
    const known = new Set(tested.map(locatedText));
    const atStart = checkConf(parsed, options).filter(
      (problem) => isError(problem) && !known.has(locatedText(problem)),
    );
    const problems = [...tested, ...atStart].map(
      (problem) => `${place(parsed, problem, file)}: ${locatedText(problem)}`,
    );
    return tested.length > 0 ? { problems } : { digest: configDigest(parsed), problems };
  } catch (error) {
    if (error instanceof ConfSyntaxError) return { problems: [error.message] };
    throw error;
  }
}

function place(parsed: ParsedConf, { path }: Problem, file: string): string {
  const at = parsed.positionOf(path);
  return at ? `${at.file ?? file}:${at.line}:${at.column}` : file;
}
