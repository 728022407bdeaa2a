import ts from "typescript";
import { resolve, sourceOf } from "./sources";

/** Something a user can write: a class, a function, an interface, a member of one. */
export interface PublicName {
  /** "ClusterArgs.rollout" */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string | undefined;
}

/** Everything that a module exports, with its members, read from the sources alone. */
export function publicNames(entry: string): PublicName[] {
  const names: PublicName[] = [];
  for (const { declaration, file } of exportedFrom(entry, undefined, new Set())) {
    const name = declaration.name?.getText() ?? "default";
    names.push(described(name, declaration, file));
    for (const member of membersOf(declaration))
      names.push(described(`${name}.${member.name!.getText()}`, member, file));
  }
  return names;
}

type Declaration =
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.VariableDeclaration;

function exportedFrom(
  file: string,
  wanted: ReadonlySet<string> | undefined,
  seen: Set<string>,
): { declaration: Declaration; file: string }[] {
  const key = `${file}:${wanted ? [...wanted].join() : "*"}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const found: { declaration: Declaration; file: string }[] = [];
  const isWanted = (name: string | undefined): boolean => wanted === undefined || wanted.has(name ?? "");
  const imported = new Map<string, string>();
  for (const statement of sourceOf(file).statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings)) continue;
      for (const { name } of bindings.elements)
        imported.set(name.text, (statement.moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      const own =
        clause && ts.isNamedExports(clause)
          ? clause.elements.map((element) => (element.propertyName ?? element.name).text)
          : undefined;
      if (statement.moduleSpecifier) {
        const target = resolve(file, (statement.moduleSpecifier as ts.StringLiteral).text);
        if (target.endsWith(".ts"))
          found.push(...exportedFrom(target, own ? new Set(own.filter(isWanted)) : wanted, seen));
      } else {
        for (const name of own ?? []) {
          const specifier = imported.get(name);
          const target = specifier?.startsWith(".") ? resolve(file, specifier) : undefined;
          if (target && isWanted(name)) found.push(...exportedFrom(target, new Set([name]), seen));
        }
      }
    } else if (
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    ) {
      for (const declaration of declarationsOf(statement)) {
        if (isWanted(declaration.name?.getText())) found.push({ declaration, file });
      }
    }
  }
  return found;
}

function declarationsOf(statement: ts.Statement): readonly Declaration[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations;
  const single =
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement);
  return single ? [statement] : [];
}

function membersOf(declaration: Declaration): (ts.ClassElement | ts.TypeElement)[] {
  if (ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type))
    return [...declaration.type.members].filter(isNamed);
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [];
  const hidden = new Set([ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.OverrideKeyword]);
  return [...declaration.members]
    .filter(isNamed)
    .filter(
      (member) => !(ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => hidden.has(kind))),
    );
}

function isNamed(member: ts.ClassElement | ts.TypeElement): boolean {
  return member.name !== undefined && !ts.isPrivateIdentifier(member.name);
}

function described(name: string, node: ts.Node, file: string): PublicName {
  // The comment of `export const x` stands on the statement.
  const bearer = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const doc =
    ts
      .getJSDocCommentsAndTags(bearer)
      .map((part) => part.getText())
      .join("\n") || undefined;
  return { name, file, line: sourceOf(file).getLineAndCharacterOfPosition(node.getStart()).line + 1, doc };
}
