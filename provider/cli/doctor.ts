import { Command } from "commander";
import { toolCache } from "../tools/toolCache";
import { examine } from "./doctorFindings";
import type { Finding } from "./doctorFindings";

const shape = `
Looks at the folder that it runs in. Ends with 1 where something is missing that is needed.

JSON: {"ok": boolean, "cache": path, "findings": [
  {"name", "ok": boolean, "version"?, "from"?: path, "problem"?, "fix"?: what to type, "optional"?: true where it's no must}]}

Environment: PULUMI_NATS_DOWNLOAD_BASE is fetched from instead of https://github.com (a mirror with the same paths);
XDG_CACHE_HOME holds the folder that fetched tools are kept in (default ~/.cache).`;

/** `pulumi-nats doctor [--json]`. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("say what is there, what is missing, and what to do about it")
    .option("--json", "print JSON")
    .addHelpText("after", shape)
    .action((options: { json?: boolean }) => {
      const findings = examine(process.cwd());
      const ok = isHealthy(findings);
      const report = { ok, cache: toolCache(), findings };
      process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(findings));
      process.exitCode = ok ? 0 : 1;
    });
}

/** Whether nothing is missing that is needed. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.ok || finding.optional === true);
}

/** The report for a person: a line for each finding, and below it what is wrong and the fix. */
export function reportText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const indent = " ".repeat("MISSING".length + 2 + width + 2);
  const lines = findings.flatMap((finding) => {
    const mark = finding.ok ? "ok" : finding.optional ? "note" : "MISSING";
    const found = [finding.version, finding.from].filter(Boolean).join("  ");
    const first = `${mark.padEnd("MISSING".length)}  ${finding.name.padEnd(width)}  ${found || finding.problem}`;
    const rest = [found && finding.problem, finding.fix && `Fix: ${finding.fix}`].filter(Boolean);
    return [first.trimEnd(), ...rest.map((line) => indent + line)];
  });
  const missing = findings.filter((finding) => !isHealthy([finding])).map((finding) => finding.name);
  const end = missing.length === 0 ? "Everything that is needed is there." : `Missing: ${missing.join(", ")}.`;
  return `${lines.join("\n")}\n\nTools that are fetched are kept in ${toolCache()}.\n${end}\n`;
}
