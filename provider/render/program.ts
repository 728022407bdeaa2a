import { propertyKey, quote, valueSource } from "../model/sourceText";

/** One resource of a printed program. */
export interface ProgramResource {
  /** Class, as the package exports it: "Stream". */
  readonly kind: string;
  /** Name in the program. */
  readonly name: string;
  /** What `pulumi import` calls it. */
  readonly id: string;
  /** A line of its own before it. */
  readonly comment?: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Property by the resource that it is taken from, where one resource belongs to another. */
  readonly links?: Readonly<Record<string, Named & { readonly output: string }>>;
  /** The provider that it goes by, and the id that it is taken in by. */
  readonly options?: { readonly provider: Named; readonly import: string };
}

interface Named {
  readonly kind: string;
  readonly name: string;
}

/** A TypeScript program that declares these resources, in their order. */
export function programSource(header: string, resources: readonly ProgramResource[]): string {
  const names = variablesOf(resources);
  const linked = new Set(
    resources.flatMap(({ links = {}, options }) =>
      [...Object.values(links), ...(options ? [options.provider] : [])].map(keyOf),
    ),
  );
  const lines = resources.flatMap((resource) => {
    const parts = [quote(resource.name), argsOf(resource, names), ...optionsOf(resource, names)];
    const made = `new nats.${resource.kind}(${parts.join(", ")});`;
    const line = linked.has(keyOf(resource)) ? `const ${names.get(keyOf(resource))} = ${made}` : made;
    return resource.comment === undefined ? [line] : ["", `// ${resource.comment}`, line];
  });
  const comment = header.split("\n").map((line) => ` * ${line}`.trimEnd());
  const head = ["/**", ...comment, " */", 'import * as nats from "pulumi-nats";'];
  return [...head, ...(lines[0] === "" ? [] : [""]), ...lines, ""].join("\n");
}

/** What `pulumi import --file` reads. */
export function importFile(resources: readonly ProgramResource[], typePrefix: string): string {
  const list = resources.map(({ kind, name, id }) => ({ type: `${typePrefix}${kind}`, name, id }));
  return `${JSON.stringify({ resources: list }, undefined, 2)}\n`;
}

function argsOf({ props, links = {} }: ProgramResource, names: ReadonlyMap<string, string>): string {
  const text = valueSource(props);
  const parts = Object.entries(links).map(
    ([property, link]) => `${propertyKey(property)}: ${names.get(keyOf(link))}.${link.output}`,
  );
  if (parts.length === 0) return text;
  return text === "{}" ? `{ ${parts.join(", ")} }` : text.replace("{", `{\n  ${parts.join(",\n  ")},`);
}

function optionsOf({ options }: ProgramResource, names: ReadonlyMap<string, string>): string[] {
  if (options === undefined) return [];
  return [`{ provider: ${names.get(keyOf(options.provider))}, import: ${quote(options.import)} }`];
}

function keyOf({ kind, name }: Named): string {
  return `${kind} ${name}`;
}

/** A variable for each resource: its name in camelCase, with a number where two would be the same. */
function variablesOf(resources: readonly ProgramResource[]): Map<string, string> {
  const taken = new Set<string>(["nats", ...reserved]);
  const names = new Map<string, string>();
  for (const resource of resources) {
    const words = resource.name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const joined = words
      .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
      .map((word, index) => (index === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1))
      .join("");
    const plain = /^[A-Za-z]/.test(joined) ? joined : `${resource.kind.toLowerCase()}${joined}`;
    // Accounts are often called as their streams are.
    const base = resource.kind === "Provider" ? `${plain}Provider` : plain;
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
    taken.add(name);
    names.set(keyOf(resource), name);
  }
  return names;
}

/** Keywords, and what every module of Node has in scope already. */
const reserved =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield exports module require undefined".split(
    " ",
  );
