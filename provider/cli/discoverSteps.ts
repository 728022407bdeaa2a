import { existsSync } from "node:fs";
import path from "node:path";
import { shellQuote } from "../apply/ssh/shellQuote";
import { redact } from "../redact";
import type { DiscoverOptions } from "./discover";
import type { Discovery } from "./discoverAccount";

/** What was found, and the commands that take it into a stack; no secret is among them. */
export function nextSteps(dir: string, options: DiscoverOptions, { resources, notes }: Discovery): string {
  const count = (kind: string, word: string): string[] => {
    const number = resources.filter((resource) => resource.kind === kind).length;
    const always = kind === "Stream" || kind === "Consumer";
    return number === 0 && !always ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`];
  };
  const counts = [
    ...count("Stream", "stream"),
    ...count("KeyValue", "key-value bucket"),
    ...count("ObjectStore", "object store"),
  ].join(", ");
  const lines = [
    ...notes.map((note) => `left out: ${note}`),
    `${counts} and ${count("Consumer", "consumer")[0]} written to ${dir}. To take them into a stack:`,
    "",
    `  cd ${shellQuote(dir)} && npm install && pulumi stack init`,
    ...settings(options).map((line) => `  ${line}`),
    '  NODE_OPTIONS="--require pulumi-nats/register" pulumi import --file import.json --generate-code=false --protect=false --yes',
    "  pulumi preview",
    "",
  ];
  return lines.join("\n");
}

/** The same connection for the stack, from whatever folder. */
function settings({ context, server, creds }: DiscoverOptions): string[] {
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
