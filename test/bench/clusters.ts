import { parseArgs } from "node:util";
import { hostsFigures } from "./hostsFigures";
import { kubernetesFigures } from "./kubernetesFigures";
import { aligned } from "./table";
import type { ClusterFigure } from "./clusterFigure";

const usage = `npm run bench:clusters -- [options]          root on Linux: it makes hosts and a Kubernetes of its own
  --on hosts,kubernetes   default both
  --rounds N              medians of so many rounds; default 1
  --json                  figures as JSON`;

const targets: Readonly<Record<string, () => Promise<ClusterFigure[]>>> = {
  hosts: hostsFigures,
  kubernetes: kubernetesFigures,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      on: { type: "string", default: Object.keys(targets).join(",") },
      rounds: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const wanted = values.on.split(",");
  const unknown = wanted.find((name) => !targets[name]);
  if (unknown !== undefined) throw new Error(`--on ${unknown}: there are ${Object.keys(targets).join(" and ")}`);
  const figures: ClusterFigure[] = [];
  for (const name of wanted) {
    const rounds: ClusterFigure[][] = [];
    for (let round = 0; round < Number(values.rounds); round++) rounds.push(await targets[name]!());
    figures.push(
      ...rounds[0]!.map((first, index) =>
        medians(
          first,
          rounds.map((round) => round[index]!),
        ),
      ),
    );
  }
  console.log(values.json ? JSON.stringify(figures, undefined, 2) : table(figures));
}

function medians(first: ClusterFigure, all: readonly ClusterFigure[]): ClusterFigure {
  const other = first.other && { ...first.other, seconds: median(all.map((each) => each.other!.seconds)) };
  return { ...first, seconds: median(all.map(({ seconds }) => seconds)), ...(other ? { other } : {}) };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, two) => one - two)[Math.floor((values.length - 1) / 2)]!;
}

function table(figures: readonly ClusterFigure[]): string {
  const rows = figures.map(({ title, seconds, other }) => [
    title,
    `${seconds.toFixed(1)} s`,
    ...(other
      ? [`${other.seconds.toFixed(1)} s`, `${(seconds / other.seconds).toFixed(2)}×`, other.name]
      : ["", "", ""]),
  ]);
  return aligned([["", "pulumi", "other", "ratio", ""], ...rows]).join("\n");
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
