const width = 100;

/** Parts between brackets: on one line where they fit, as they would be formatted by hand. */
export function together(open: string, parts: readonly string[], close: string, indent: string, space: string): string {
  if (parts.length === 0) return `${open}${close}`;
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (indent !== "" && !line.includes("\n") && indent.length + line.length <= width) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}${close}`;
}

export function propertyKey(name: string): string {
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A plain value as TypeScript writes it. */
export function valueSource(value: unknown, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const parts = value.map((member) => valueSource(member, inner));
    return together("[", parts, "]", indent || " ", "");
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const parts = members.map(([name, member]) => `${propertyKey(name)}: ${valueSource(member, inner)}`);
    return together("{", parts, "}", indent, " ");
  }
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "string" ? quote(value) : String(value);
}
