import { Command } from "commander";
import { locatedText } from "../errors";
import { factFor } from "../model/facts";
import { convertConfig } from "../model/config/convertConfig";
import { holdsSecrets, printConfigSource } from "../model/config/printConfigSource";
import { parseConfFile } from "./readConfFile";

const shape = `
Prints the object that describes FILE in a program: \`new nats.Cluster("name", { config: <this> })\`. It renders to the same
digest as FILE. Includes and variables (also of the environment) are resolved. Secrets stand in the text as they do in FILE;
with --mask, config.requireSecret("…") stands in their place. What the types can't say to the letter stands under verbatim:
each such key, definitions of variables, and that there are secrets, is told on stderr.`;

/** `pulumi-nats config convert FILE [--mask]`. */
export function configConvertCommand(): Command {
  return new Command("convert")
    .description("print the typed configuration that describes a nats.conf")
    .argument("<file>", "the configuration")
    .option("--mask", "print config.requireSecret(…) in place of secrets")
    .addHelpText("after", shape)
    .action((file: string, options: { mask?: boolean }) => {
      const { source, notes } = configConvert(file, options);
      for (const note of notes) process.stderr.write(`${note}\n`);
      process.stdout.write(`${source}\n`);
    });
}

/** What the command prints, and what it says beside it. */
export function configConvert(
  file: string,
  options: { readonly mask?: boolean } = {},
): { source: string; notes: string[] } {
  const parsed = parseConfFile(file);
  const { config, problems } = convertConfig(parsed.root);
  const notes = problems.map((problem) => `// ${locatedText(problem)}`);
  const definitions = [...parsed.variables].filter((path) => factFor(path) === undefined);
  if (definitions.length > 0)
    notes.unshift(
      `// ${definitions.join(", ")} only define variables. They are kept, since the digest covers them, but a server refuses ` +
        "them where nothing refers to them: leave them out of the program; the digest is another one then.",
    );
  if (!options.mask && holdsSecrets(config))
    notes.unshift("// The output holds secrets: keep it out of version control, or use --mask.");
  return { source: printConfigSource(config, options), notes };
}
