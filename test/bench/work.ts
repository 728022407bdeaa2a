/** What is measured: so many streams, each with so many consumers, on so many servers. */
export interface Work {
  readonly streams: number;
  readonly consumers: number;
  readonly servers: 1 | 3;
  readonly replicas: 1 | 3;
}

export const phases = ["up", "preview", "refreshed", "refresh", "change", "destroy"] as const;
export type Phase = (typeof phases)[number];

export interface Figure {
  readonly seconds: number;
  /** Largest single process, MiB. */
  readonly peak?: number | undefined;
  /** The same by kind of process. */
  readonly peaks?: Readonly<Record<string, number>>;
  /** Processor time of all processes but the servers, in seconds. */
  readonly cpu?: number | undefined;
}

/** Figures of one tool; a phase that it does not have is left out. */
export type Phases = Partial<Record<Phase, Figure>> & {
  /** Bytes of the tool's state after the first phase. */
  readonly state?: number;
};

export function titleOf({ streams, consumers, servers, replicas }: Work): string {
  const each = consumers === 0 ? "" : ` × ${consumers} consumers`;
  return `${streams} streams${each}, ${servers === 1 ? "one server" : `three servers, R${replicas}`}`;
}

export function streamSubject(index: number): string {
  return `bench.${index}.>`;
}
