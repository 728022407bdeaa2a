import type { KeyNode } from "../facts";

/** One form that a key's value may take; a key takes one of several. */
export type Shape =
  | { readonly is: "bool" | "int" | "size" | "duration" | "seconds" | "text" | "listen" | "percent" }
  | { readonly is: "word"; readonly words: readonly string[] }
  | { readonly is: "block"; readonly node: KeyNode }
  | { readonly is: "list"; readonly of: readonly Shape[] }
  | { readonly is: "map"; readonly of: readonly Shape[] };

/** The forms of a key's value, from its fact's type. */
export function shapesOf(node: KeyNode): readonly Shape[] {
  let known = shapes.get(node);
  if (!known) shapes.set(node, (known = readShapes(node)));
  return known;
}

const shapes = new WeakMap<KeyNode, readonly Shape[]>();

function readShapes(node: KeyNode): readonly Shape[] {
  const fact = node.fact;
  if (!fact) return [block(node)];
  const words = fact.enum ?? [];
  switch (fact.type) {
    case "bool":
    case "int":
    case "size":
    case "duration":
      return [{ is: fact.type }];
    case "host:port|int":
      return [{ is: "listen" }];
    case "number(s)|duration":
    case "number(s)":
      return [{ is: "seconds" }];
    case "duration|number(s)":
    case "duration|int(s)":
      return [{ is: "duration" }];
    case "duration|always":
      return [{ is: "word", words: ["always"] }, { is: "duration" }];
    case "bool|auto|duration":
      return [{ is: "bool" }, { is: "word", words: ["auto"] }, { is: "duration" }];
    case "enum":
      return [{ is: "word", words }];
    case "list<enum>":
      return [list({ is: "word", words })];
    case "list<duration>":
      return [list({ is: "duration" })];
    case "list<hex>":
    case "list<url>":
    case "list<account>":
    case "list<string>":
      return [list(text)];
    case "string|list":
    case "subject|list":
    case "account|list":
    case "nkey|list":
    case "path or JWT|list":
      return [text, list(text)];
    case "subject|list|map":
      return [text, list(text), block(node)];
    case "int|percent":
      return [{ is: "percent" }];
    case "int|percent|headers":
      return [{ is: "word", words: ["headers"] }, { is: "percent" }];
    case "bool|map":
      return [{ is: "bool" }, block(node)];
    case "bool|enabled/disabled|map":
      return [{ is: "bool" }, { is: "word", words: ["enabled", "disabled"] }, block(node)];
    case "bool|enum|map":
      return [{ is: "bool" }, { is: "word", words }, block(node)];
    case "subject|map":
    case "string|map":
      return [text, block(node)];
    case "map":
    case "tls":
    case "permissions":
      return [block(node)];
    case "list":
    case "list<map>":
    case "list<user>":
      return [list(block(node))];
    case "map<string,string>":
    case "map<account,jwt>":
    case "map<account,domain>":
      return [{ is: "map", of: [text] }];
    case "map<string,bool>":
      return [{ is: "map", of: [{ is: "bool" }] }];
    case "map<name,account>|list<name>":
      return [{ is: "map", of: [block(node.any!)] }, list(text)];
    case "map<subject,dest>":
    case "map<subject,string|map|list>":
      return [{ is: "map", of: [text, list(block(node.any!)), block(node.any!)] }];
    default:
      return [text];
  }
}

const text: Shape = { is: "text" };

function block(node: KeyNode): Shape {
  return { is: "block", node };
}

function list(member: Shape): Shape {
  return { is: "list", of: [member] };
}
