import type { DiffKind, EngineEvent } from "@pulumi/pulumi/automation";

export interface Step {
  readonly name: string;
  /** Last part of the type: "Stream". */
  readonly kind: string;
  readonly urn: string;
  /** "create", "update", "replace", "same", "delete", "import", "refresh" … */
  readonly op: string;
  /** Changed top-level properties. */
  readonly diffs: readonly string[];
  /** Changed paths with their kind, as `--json` shows them. */
  readonly detailedDiff: Readonly<Record<string, DiffKind>>;
}

export interface Row {
  readonly severity: string;
  readonly message: string;
  /** Name of the resource on whose row it stands, undefined for the stack. */
  readonly name: string | undefined;
}

/** What one operation of a stack did and said. */
export class StackRun {
  readonly steps: readonly Step[];
  /** Diagnostics by row, in order; Pulumi's own remarks on plugins in PATH left out. */
  readonly rows: readonly Row[];
  readonly text: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error: string | undefined;

  constructor(
    events: readonly EngineEvent[],
    text: string,
    outputs: Readonly<Record<string, unknown>>,
    error: string | undefined,
  ) {
    this.steps = events.flatMap(({ resourcePreEvent }) => {
      if (!resourcePreEvent) return [];
      const { urn, type, op, diffs, detailedDiff } = resourcePreEvent.metadata;
      const paths = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => [path, diffKind]);
      const kind = type.split(/[:/]/).at(-1)!;
      return [
        {
          name: nameOf(urn),
          kind,
          urn,
          op,
          diffs: diffs ?? [],
          detailedDiff: Object.fromEntries(paths) as Step["detailedDiff"],
        },
      ];
    });
    this.rows = events.flatMap(({ diagnosticEvent }) => {
      if (!diagnosticEvent || diagnosticEvent.ephemeral) return [];
      const { severity, message, urn } = diagnosticEvent;
      if (/from \$PATH/.test(message) || (severity as string) === "debug") return [];
      const own = urn && !/pulumi:pulumi:Stack/.test(urn) ? nameOf(urn) : undefined;
      return [{ severity, message: message.replace(/<\{%.*?%\}>/g, "").trim(), name: own }];
    });
    this.text = text;
    this.outputs = outputs;
    this.error = error;
  }

  /** What happens to one resource; fails where it is not touched at all. */
  step(name: string): Step {
    const found = this.steps.find((step) => step.name === name);
    if (!found) throw new Error(`no step for ${name}; there are ${this.steps.map((step) => step.name).join(", ")}`);
    return found;
  }

  /** `{create: 2, same: 1}` over all but the stack itself and providers. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { urn, op } of this.steps) {
      if (/pulumi:pulumi:Stack|pulumi:providers:/.test(urn)) continue;
      counts[op] = (counts[op] ?? 0) + 1;
    }
    return counts;
  }

  /** Messages on the row of one resource. */
  messages(name: string | undefined): string[] {
    return this.rows.filter((row) => row.name === name).map((row) => row.message);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
