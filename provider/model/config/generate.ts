import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { keyTree } from "../facts";
import type { KeyNode } from "../facts";
import { docLines } from "./generateDocs";
import { blockNames, serverGroups } from "./generateNames";
import { properties, propertyName } from "./propertyName";
import { shapesOf } from "./shape";
import type { Shape } from "./shape";

/**
 * The source of the typed configuration, by path below this folder, from the table of facts. It is formatted by prettier
 * afterwards: `npm run generate` does both.
 */
export function generateConfigTypes(): ReadonlyMap<string, string> {
  const interfaces = collect();
  const files = new Map<string, Interface[]>();
  for (const each of interfaces.values()) files.set(each.file, [...(files.get(each.file) ?? []), each]);
  const fileOf = new Map([...interfaces.values()].map((each) => [each.name, each.file]));
  const sources = new Map([...files].map(([file, list]) => [`${file}.ts`, source(file, list, fileOf)]));
  const exported = [...files.keys()].sort().map((file) => `export type * from "./${file}";\n`);
  sources.set("index.ts", banner + exported.join("") + 'export type { Verbatim, VerbatimValue } from "./verbatim";\n');
  return sources;
}

interface Interface {
  readonly name: string;
  readonly file: string;
  readonly doc: readonly string[];
  readonly parents: readonly string[];
  readonly members: readonly Member[];
}

interface Member {
  readonly name: string;
  readonly type: string;
  readonly doc: readonly string[];
}

const banner = "// Generated from provider/model/facts by `npm run generate`; change the facts instead.\n";

function collect(): Map<string, Interface> {
  const found = new Map<string, Interface>();
  const visit = (node: KeyNode, location: string): string => {
    const { name, file, doc, base } = blockNames(location);
    const shared = base ? blockNames(base) : undefined;
    if (found.has(name)) return name;
    found.set(name, { name, file, doc: [], parents: [], members: [] });
    const inherited = base ? commonTlsKeys() : new Set<string>();
    const all = [...properties(node)].map(([property, member]) => ({
      key: member.key,
      name: property,
      type: typeOf(shapesOf(member), `${location === "" ? "" : `${location}.`}${member.key}`, visit),
      doc: docLines(member.fact),
    }));
    if (shared && !found.has(shared.name)) {
      const members = all.filter((member) => inherited.has(member.key));
      found.set(shared.name, { name: shared.name, file: shared.file, doc: [shared.doc], parents: [], members });
    }
    const own = all.filter((member) => !inherited.has(member.key));
    found.set(name, { name, file, doc: [doc], parents: shared ? [shared.name] : [], members: own });
    return name;
  };
  visit(keyTree(), "");
  splitServerConfig(found);
  return found;
}

/** The top level is long: it is put together from groups. */
function splitServerConfig(found: Map<string, Interface>): void {
  const server = found.get("ServerConfig")!;
  const rest = new Map(server.members.map((member) => [member.name, member]));
  const parents = serverGroups.map((group) => {
    const members = group.keys.map((key) => {
      const member = rest.get(propertyName(key));
      if (!member) throw new Error(`${group.name}: no key ${key}`);
      rest.delete(member.name);
      return member;
    });
    found.set(group.name, { name: group.name, file: group.file, doc: [group.doc], parents: [], members });
    return group.name;
  });
  if (rest.size > 0) throw new Error(`no group for ${[...rest.keys()].join(", ")}`);
  found.set("ServerConfig", { ...server, parents, members: [] });
}

function typeOf(
  shapes: readonly Shape[],
  location: string,
  visit: (node: KeyNode, location: string) => string,
): string {
  const types = shapes.map((shape): string => {
    switch (shape.is) {
      case "bool":
        return "boolean";
      case "int":
        return "number";
      case "text":
        return "string";
      case "size":
        return "Size";
      case "duration":
      case "seconds":
        return "Duration";
      case "listen":
        return "number | `${string}:${number}`";
      case "percent":
        return "number | `${number}%`";
      case "word":
        return shape.words.map((word) => JSON.stringify(word)).join(" | ");
      case "block":
        return visit(shape.node, location);
      case "list":
        return `readonly ${parenthesized(typeOf(shape.of, `${location}[]`, visit))}[]`;
      case "map":
        return `{ readonly [name: string]: ${typeOf(shape.of, `${location}.*`, visit)} }`;
    }
  });
  return [...new Set(types)].join(" | ");
}

function parenthesized(type: string): string {
  return type.includes("|") ? `(${type})` : type;
}

/** Keys that every tls block takes. */
function commonTlsKeys(): ReadonlySet<string> {
  const blocks: ReadonlySet<string>[] = [];
  const visit = (node: KeyNode, seen: Set<KeyNode>): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const member of [...node.members.values(), ...(node.any ? [node.any] : [])]) {
      if (member.key === "tls" || member.key === "resolver_tls")
        blocks.push(new Set([...member.members.values()].map((each) => each.key)));
      visit(member, seen);
    }
  };
  visit(keyTree(), new Set());
  return new Set([...blocks[0]!].filter((key) => blocks.every((block) => block.has(key))));
}

function source(file: string, list: readonly Interface[], fileOf: ReadonlyMap<string, string>): string {
  const body = list.map(interfaceText).join("\n");
  const imports = new Map<string, Set<string>>();
  const use = (from: string, name: string): unknown => imports.set(from, (imports.get(from) ?? new Set()).add(name));
  for (const [name, where] of fileOf)
    if (where !== file && new RegExp(`(?<![\\w"])${name}\\b(?!")`).test(code(body))) use(`./${where}`, name);
  for (const unit of ["Duration", "Size"]) if (new RegExp(`\\b${unit}\\b`).test(code(body))) use("../units", unit);
  if (/\bVerbatim\b/.test(code(body))) use("./verbatim", "Verbatim");
  const lines = [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => `import type { ${[...names].sort().join(", ")} } from "${from}";\n`);
  return `${banner}${lines.join("")}\n${body}`;
}

function code(text: string): string {
  return text.replace(/\/\*\*[\s\S]*?\*\//g, "");
}

function interfaceText(each: Interface): string {
  const parents = each.parents.length > 0 ? ` extends ${each.parents.join(", ")}` : "";
  const verbatim =
    each.parents.length > 0 && each.name !== "ServerConfig"
      ? []
      : [
          {
            name: "verbatim",
            type: "Verbatim",
            doc: ["Keys of this block in nats.conf's own spelling, put in as they stand."],
          },
        ];
  const isGroup = serverGroups.some((group) => group.name === each.name);
  const members = [...each.members, ...(isGroup ? [] : verbatim)];
  if (members.length === 0) return `${comment(each.doc, "")}export type ${each.name} = ${each.parents.join(" & ")};\n`;
  const text = members.map((member) => `${comment(member.doc, "  ")}  readonly ${member.name}?: ${member.type};\n`);
  return `${comment(each.doc, "")}export interface ${each.name}${parents} {\n${text.join("")}}\n`;
}

function comment(lines: readonly string[], indent: string): string {
  if (lines.length === 1 && lines[0]!.length < 110) return `${indent}/** ${lines[0]!} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

if (require.main === module) {
  for (const [file, text] of generateConfigTypes()) {
    mkdirSync(path.dirname(path.join(__dirname, file)), { recursive: true });
    writeFileSync(path.join(__dirname, file), text);
  }
}
