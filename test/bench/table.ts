import { phases, titleOf } from "./work";
import type { Phases, Work } from "./work";

const titles = {
  up: "up",
  preview: "no change",
  refreshed: "refreshed preview",
  refresh: "refresh",
  change: "10 % change",
  destroy: "destroy",
};

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
  return [titleOf(work), ...aligned([head, ...rows]), "", ...aligned(peakRows(tools))].join("\n");
}

/** Whose memory it is: Pulumi's own command, the program, the provider. */
function peakRows(tools: Readonly<Record<string, readonly Phases[]>>): string[][] {
  const rows = Object.entries(tools).flatMap(([name, runs]) => {
    const all = runs.flatMap((run) => phases.map((phase) => run[phase]?.peaks ?? {}));
    const kinds = [...new Set(all.flatMap((peaks) => Object.keys(peaks)))];
    return kinds.map((kind, index) => {
      const cells = phases.map((phase) => {
        const peaks = runs.flatMap((run) => run[phase]?.peaks?.[kind] ?? []);
        return peaks.length === 0 ? "-" : String(Math.max(...peaks));
      });
      return [index === 0 ? name : "", kind, ...cells];
    });
  });
  return [["peak in MiB by process", "", ...phases.map((phase) => titles[phase])], ...rows];
}

export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
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
