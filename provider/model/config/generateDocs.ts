import type { KeyFact } from "../facts";

/** The docstring of a property: meaning, default, first version, what a change costs, hazards. */
export function docLines(fact: KeyFact | undefined): readonly string[] {
  if (!fact) return [];
  const sentences = [
    sentence(fact.description),
    ...(fact.default ? [`Default ${defaultText(fact.default)}.`] : []),
    ...(isLater(fact.since) ? [`Since nats-server ${fact.since}.`] : []),
  ];
  const cost = costs[fact.impact];
  if (!cost) throw new Error(`${fact.path}: no words for impact ${fact.impact}`);
  return [
    ...wrap(sentences.join(" ")),
    ...wrap(cost),
    ...(fact.note ? wrap(sentence(fact.note)) : []),
    ...(fact.secret ? ["Holds a secret: give it as a secret output."] : []),
  ];
}

const costs: Readonly<Record<string, string>> = {
  "hot-reload": "A change is reloaded.",
  "rolling-restart": "A change restarts the servers one by one.",
  "hot-or-restart": "A change is reloaded where the servers can, else they are restarted one by one.",
  "hot-coordinated": "A change is reloaded on all servers in an order that keeps the routes.",
  "full-cluster": "A change restarts all servers at once: an outage, refused unless allowed.",
  "replace-node-data": "A change gives the server an empty store: new data identity.",
  "replace-node": "A change makes a new JetStream peer: new identity.",
  "hot-reload-drops-clients": "A change is reloaded; clients that it no longer admits are dropped.",
  "hot-but-outage": "A change is reloaded; turning it off or on interrupts JetStream.",
  "dangerous-hot": "A change is reloaded, and can end the server.",
  "crash-on-reload-if-block-added-or-removed": "Adding or removing the block restarts the servers one by one.",
};

function isLater(since: string | undefined): boolean {
  if (!since || since.startsWith("<")) return false;
  const [major = 0, minor = 0, patch = 0] = since.split(".").map(Number);
  return major > 2 || (major === 2 && (minor > 2 || (minor === 2 && patch > 0)));
}

function defaultText(value: string): string {
  return value.replace(/\.$/, "");
}

function sentence(text: string): string {
  const safe = text.replaceAll("*/", "* /");
  return /[.!?)]$/.test(safe) ? safe : `${safe}.`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > 110) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
