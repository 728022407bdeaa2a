import { consumerFields } from "../../../provider/model/consumerFields";
import { newestRelease } from "../../../provider/model/stream";
import { streamFields } from "../../../provider/model/streamFields";
import type { Fields } from "../../../provider/model/jsonFields";
import { keyValueFields } from "../../../provider/model/keyValue";
import { entryPlace, entrySettings } from "../../../provider/model/keyValueEntry";
import { objectStoreFields } from "../../../provider/model/objectStore";
import { objectPlace, objectSettings } from "../../../provider/model/storedObject";
import { consumerRules } from "../../../provider/plan/consumerRules";
import { streamRules } from "../../../provider/plan/streamRules";
import { consumersKind } from "../../../provider/resources/consumersKind";
import { streamsKind } from "../../../provider/resources/streamsKind";
import type { Json } from "../../../provider/model/exactJson";

const marks = ["<!-- fields: written by `npm run generate` -->", "<!-- end of fields -->"] as const;

/** README.md with the table of kinds and fields that the code's own tables of rules make. */
export function withFieldsTable(readme: string): string {
  const [start, end] = marks.map((mark) => readme.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error(`README.md lacks ${marks.join(" … ")}`);
  return `${readme.slice(0, start + marks[0].length)}\n\n${table()}\n\n${readme.slice(end)}`;
}

function table(): string {
  const head = ["Kind", "Import id", "In place", "One-way", "In place or replace, by value", "Replace"];
  const rows = kinds.map(({ kind, id, fields, impact }) => {
    const groups: Record<string, string[]> = { update: [], "one-way": [], mixed: [], replace: [] };
    for (const [name, { json }] of Object.entries(fields)) groups[impact(json)]!.push(`\`${name}\``);
    const cells = ["update", "one-way", "mixed", "replace"].map((group) => groups[group]!.join(" ") || "–");
    return [`\`${kind}\``, id, ...cells];
  });
  for (const { kind, id, place, settings } of singles) {
    const [replace, update] = [place, settings].map((names) => names.map((name) => `\`${name}\``).join(" "));
    rows.push([`\`${kind}\``, id, update!, "–", "–", replace!]);
  }
  for (const { kind, id, of, property } of maps) {
    const each = `as \`${of}\``;
    const update = `\`${property}\` \`defaults\`: each member ${each}`;
    rows.push([`\`${kind}\``, id, update, each, each, `${each}, that member alone`]);
  }
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const kinds: readonly {
  readonly kind: string;
  readonly id: string;
  readonly fields: Fields;
  readonly impact: (json: string) => string;
}[] = [
  { kind: "Stream", id: "`ORDERS`", fields: streamFields, impact: streamImpact },
  {
    kind: "Consumer",
    id: "`ORDERS/invoices`",
    fields: { stream: { json: "name", kind: "text" }, ...consumerFields },
    impact: consumerImpact,
  },
  { kind: "KeyValue", id: "`config`", fields: keyValueFields, impact: streamImpact },
  { kind: "ObjectStore", id: "`images`", fields: objectStoreFields, impact: streamImpact },
];

const singles = [
  { kind: "KeyValueEntry", id: "`config/api.limits`", place: entryPlace, settings: entrySettings },
  { kind: "StoredObject", id: "`images/logo.svg`", place: objectPlace, settings: objectSettings },
];

const maps = [
  { kind: "Streams", id: "`ORDERS,app_*`", of: "Stream", property: streamsKind.property },
  { kind: "Consumers", id: "`ORDERS/*`", of: "Consumer", property: consumersKind.property },
];

/** Changes that stand for all of a field, where it is not just given and taken away. */
const examples: Readonly<Record<string, readonly (readonly [Json | undefined, Json | undefined])[]>> = {
  retention: [
    ["limits", "interest"],
    ["limits", "workqueue"],
  ],
  sources: [
    [[{ name: "A" }], [{ name: "B" }]],
    [[{ name: "A" }], [{ name: "A", opt_start_seq: 5 }]],
  ],
  deliver_subject: [
    ["a", "b"],
    ["", "b"],
  ],
  num_replicas: [
    [1, 3],
    [3, 1],
  ],
};
const usual = [
  [false, true],
  [true, false],
] as const;
const given = [
  [undefined, { name: "A" }],
  [{ name: "A" }, undefined],
] as const;

function streamImpact(json: string): string {
  const rule = streamRules[json];
  if (!rule) return "replace";
  const changes = examples[json] ?? (["mirror", "placement"].includes(json) ? given : usual);
  return joint(changes.map(([from, to]) => rule({ from, to, old: {}, new: {}, version: newestRelease }).impact));
}

function consumerImpact(json: string): string {
  const rule = consumerRules[json];
  if (!rule) return "replace";
  const changes = examples[json] ?? usual;
  return joint(changes.map(([from, to]) => rule({ from, to, version: newestRelease, state: undefined }).impact));
}

function joint(impacts: readonly string[]): string {
  const found = new Set(impacts);
  // Given it needs a new stream, and taken away it can't be given again.
  if (impacts[0] === "replace" && found.has("one-way")) return "mixed";
  if (found.has("one-way")) return "one-way";
  return found.size === 1 ? impacts[0]! : "mixed";
}
