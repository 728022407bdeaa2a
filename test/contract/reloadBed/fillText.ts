import type { ReloadChange } from "../reloadChanges/change";

const system = `"$SYS": { users: [{ user: sys, password: "hush-sys" }] }`;

/** The whole nats.conf of one side of a change. `{dir}` stays: the server's folder is known when it starts. */
export function fillText(change: ReloadChange, side: "from" | "to", values: Readonly<Record<string, string>>): string {
  const text = change[side];
  const lines = text.includes("port:") && /^(listen|host|port):/m.test(text) ? [] : ["listen: 127.0.0.1:-1"];
  if (/^listen:/m.test(text)) lines.length = 0;
  lines.push(text.replaceAll("{system}", system));
  if (!text.includes("{system}") && change.mode === undefined) lines.push(`accounts { ${system} }`);
  if (change.mode === "signal") lines.push("http: 127.0.0.1:-1");
  return (
    lines.join("\n").replace(/\{(\w+)\}/g, (all, name: string) => {
      if (name === "dir") return all;
      const value = values[name];
      if (value === undefined) throw new Error(`${change.name}: no value for ${all}`);
      return value;
    }) + "\n"
  );
}
