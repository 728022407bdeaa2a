import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

export const root = path.resolve(__dirname, "../../..");

/** Paths from the repository's root, with slashes. */
export function filesUnder(folder: string, wanted: (file: string) => boolean = () => true): string[] {
  return readdirSync(path.join(root, folder))
    .filter((name) => !["node_modules", "dist", ".git", ".pulumi"].includes(name))
    .map((name) => path.posix.join(folder, name))
    .flatMap((file) =>
      statSync(path.join(root, file)).isDirectory() ? filesUnder(file, wanted) : wanted(file) ? [file] : [],
    );
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

const parsed = new Map<string, ts.SourceFile>();

export function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true);
  parsed.set(file, source);
  return source;
}

export interface Import {
  /** "node:fs", "nats", or a file of ours from the repository's root. */
  readonly target: string;
  readonly ours: boolean;
  /** Gone at run time. */
  readonly typeOnly: boolean;
  /** Inside a function: `await import(…)` or `require(…)`. */
  readonly lazy: boolean;
}

/** All that a file imports, also by `import("…")`, `require("…")` and re-exports. */
export function importsOf(file: string): readonly Import[] {
  const known = imported.get(file) ?? readImports(file);
  imported.set(file, known);
  return known;
}

const imported = new Map<string, readonly Import[]>();

function readImports(file: string): Import[] {
  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, lazy: boolean): void => {
    const ours = specifier.startsWith(".");
    imports.push({ target: ours ? resolve(file, specifier) : specifier, ours, typeOnly, lazy });
  };
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isImportDeclaration(node)) add(literal(node.moduleSpecifier), isTypeImport(node), false);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(literal(node.moduleSpecifier), node.isTypeOnly || namesTypesOnly(node.exportClause), false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(literal(node.argument.literal), true, false);
    else if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      const callee = node.expression;
      const loads =
        callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
      if (loads) add(node.arguments[0].text, false, inFunction);
    }
    const inside = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(sourceOf(file), false);
  return imports;
}

/** All files of ours that are loaded with the given one, before anything is called. */
export function loadedWith(file: string, lazily = false, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !file.endsWith(".ts")) return seen;
  seen.add(file);
  for (const { target, ours, typeOnly, lazy } of importsOf(file)) {
    if (ours && !typeOnly && (lazily || !lazy)) loadedWith(target, lazily, seen);
  }
  return seen;
}

/** Files that import each other in a circle, each circle as a path. */
export function circlesAmong(files: readonly string[]): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" > "));
    if (done.has(file) || path.includes(file) || !file.endsWith(".ts")) return;
    for (const { target, ours, typeOnly, lazy } of importsOf(file)) {
      if (ours && !typeOnly && !lazy) visit(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return circles;
}

export function resolve(file: string, specifier: string): string {
  const base = path.posix.join(path.posix.dirname(file), specifier);
  for (const candidate of [base, `${base}.ts`, `${base}/index.ts`]) {
    if (isFile(candidate)) return candidate;
  }
  return base;
}

function isFile(file: string): boolean {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile() ?? false;
}

function literal(node: ts.Node): string {
  return (node as ts.StringLiteral).text;
}

function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (!clause.name && namesTypesOnly(clause.namedBindings));
}

function namesTypesOnly(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names)) || names.elements.length === 0) return false;
  return names.elements.every((element) => element.isTypeOnly);
}
