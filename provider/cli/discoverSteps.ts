import { existsSync } from "node:fs";
import path from "node:path";
import { shellQuote } from "../apply/ssh/shellQuote";
import { redact } from "../redact";
import type { DiscoverOptions, Found } from "./discover";

/** What was found, and the commands that take it into a stack; no secret is among them. */
export function nextSteps(dir: string, options: DiscoverOptions, found: readonly Found[]): string {
  const several = found.length > 1;
  const counts = found.map((each) => `${countsOf(each)}${several ? ` of account "${each.way.name}"` : ""}`);
  const notes = found.flatMap(({ way, notes: list }) =>
    list.map((note) => (several ? `account "${way.name}": ${note}` : note)),
  );
  const connection = several ? options : found[0]!.way;
  const lines = [
    ...notes,
    `${counts.join("; ")} written to ${dir}. To take them into a stack:`,
    "",
    `  cd ${shellQuote(dir)} && npm install && pulumi stack init`,
    ...settings(connection).map((line) => `  ${line}`),
    several
      ? "  pulumi up    # takes in what is there, and changes nothing of it"
      : '  NODE_OPTIONS="--require pulumi-nats/register" pulumi import --file import.json --generate-code=false --protect=false --yes',
    "  pulumi preview",
    "",
  ];
  return lines.join("\n");
}

function countsOf({ resources }: Found): string {
  const count = (kind: string, word: string): string[] => {
    const number = resources.filter((resource) => resource.kind === kind).length;
    const always = kind === "Stream" || kind === "Consumer";
    return number === 0 && !always ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`];
  };
  const homes = [
    ...count("Stream", "stream"),
    ...count("KeyValue", "key-value bucket"),
    ...count("ObjectStore", "object store"),
  ];
  return `${homes.join(", ")} and ${count("Consumer", "consumer")[0]}`;
}

/** The same connection for the stack, from whatever folder. */
function settings({ context, server, creds }: Pick<DiscoverOptions, "context" | "server" | "creds">): string[] {
  const set = (name: string, value: string): string => `pulumi config set nats:${name} ${shellQuote(value)}`;
  const isFile = context?.endsWith(".json") === true && existsSync(context);
  return [
    ...(context === undefined ? [] : [set("context", isFile ? path.resolve(context) : context)]),
    ...(server === undefined
      ? []
      : redact(server) === server
        ? [set("servers", server)]
        : ["pulumi config set --secret nats:servers    # asks for the URLs, which hold a login"]),
    ...(creds === undefined ? [] : [set("credsFile", path.resolve(creds))]),
  ];
}
