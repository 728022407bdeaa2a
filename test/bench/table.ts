import { phases, titleOf } from "./work";
import type { Phases, Work } from "./work";

const titles = { up: "up", preview: "no change", refresh: "refresh", change: "10 % change", destroy: "destroy" };

/** Ratios to the raw API of the same run, with the seconds that they are made of. */
export function tableOf(work: Work, tools: Readonly<Record<string, readonly Phases[]>>): string {
  const raw = tools["raw API"] ?? [];
  const rows = Object.entries(tools).map(([name, runs]) => [
    name,
    ...phases.map((phase) => {
      const [own, base] = [median(runs, phase), median(raw, phase)];
      if (own === undefined) return "-";
      const ratio = base === undefined || name === "raw API" ? "" : ` (${round(own / base)}×)`;
      const cpu = median(runs, phase, "cpu");
      return `${round(own)} s${ratio}${cpu === undefined ? "" : ` cpu ${round(cpu)}`}`;
    }),
    peak(runs),
    state(work, runs),
  ]);
  const head = ["", ...phases.map((phase) => titles[phase]), "peak", "state"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return [titleOf(work), line(head), ...rows.map(line)].join("\n");
}

function median(
  runs: readonly Phases[],
  phase: (typeof phases)[number],
  what: "seconds" | "cpu" = "seconds",
): number | undefined {
  const seconds = runs.flatMap((run) => run[phase]?.[what] ?? []).sort((left, right) => left - right);
  return seconds[Math.floor((seconds.length - 1) / 2)];
}

function peak(runs: readonly Phases[]): string {
  const all = runs.flatMap((run) => phases.flatMap((phase) => run[phase]?.peak ?? []));
  return all.length === 0 ? "-" : `${Math.round(Math.max(...all))} MiB`;
}

function state(work: Work, runs: readonly Phases[]): string {
  const size = runs[0]?.state;
  const objects = work.streams * (1 + work.consumers);
  return size === undefined ? "-" : `${round(size / 1000)} kB, ${Math.round(size / objects)} B each`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
