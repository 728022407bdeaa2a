import type { Problem } from "../errors";

/**
 * What a handler gets beside its inputs, made anew for each call; `config` stays the same map from one `configure` to the next.
 * `urn` and `timeout` are absent where the host could not learn them.
 */
export interface CallContext {
  /** Configuration of the explicit provider, or the stack's own for the default one; secrets in plain. */
  readonly config: ReadonlyMap<string, string>;
  readonly urn: string | undefined;
  /** customTimeouts of the resource for this operation, in milliseconds. */
  readonly timeout: number | undefined;
  /** Tags (`ownerTag`) of the URNs by which the resource is known on the servers, as far as its state remembers them. */
  readonly owners?: readonly string[];
  /** In a check or a create: id of the object that the new one takes the place of. */
  readonly replaces?: string;
  /** In a check: the program takes the live object in by the option `import`. */
  readonly importing?: boolean;
  /** In a check: the change follows at once; it is no preview's. */
  readonly applying?: boolean;
  /** In a diff: a refresh compares what it has found with what it thought was there. */
  readonly refreshing?: boolean;
  /** Shows a line on the resource's own row (under the stack where the host can't). */
  readonly warn: (message: string) => Promise<void>;
  readonly info: (message: string) => Promise<void>;
}

/** How one property changes; "add-replace" and so on make the engine replace the resource. */
export type ChangeKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

export interface Diff {
  /** Changed property paths only (`nodes.east-1.conf`); empty means nothing to do. */
  readonly changes: Readonly<Record<string, ChangeKind>>;
  readonly deleteBeforeReplace?: boolean;
  /** What will happen, in words, for the resource's row in the preview. */
  readonly notes?: readonly Note[];
  /** What a refresh says in place of the notes, since it does nothing: what is not as it was left, and what the next `up` will do about it. */
  readonly drift?: readonly Note[];
}

export interface Note {
  readonly severity: "info" | "warning";
  readonly message: string;
}

export interface Checked<Inputs> {
  readonly inputs: Inputs;
  readonly problems: readonly Problem[];
}

/** One object on the servers. */
export interface DeclaredObject {
  /** What tells it from every other one of the account: `stream KV_config`. */
  readonly key: string;
  /** In messages: `bucket "config"`. */
  readonly words: string;
  /** Property that names it. */
  readonly path: string;
}

/**
 * The life of one kind of resource. `Inputs` is what the program asks for, `State` what is stored (inputs plus outputs).
 * In a preview any input may be unknown: test with `isUnknown` before use.
 */
export interface Handler<Inputs extends object, State extends Inputs> {
  /** The kind, as in the type token `pulumi-nodejs:dynamic/nats:<kind>`. */
  readonly kind: string;
  /** Number of the state's shape; rises when `upgrade` has something to do. */
  readonly schema: number;
  /** Properties that only a program has: an import asks no live object for them. */
  readonly options?: readonly string[];
  /** Its objects bear the resource's URN as a mark on the servers. */
  readonly marks?: true;
  /** Properties whose values stand in no message: a program may have made them secrets, which a provider can't see. */
  readonly unshown?: readonly string[];
  /** Properties that are no secrets, whatever their names sound like. */
  readonly plain?: readonly string[];
  /** Properties, at any depth, that our components mark as a whole, and that hold names and addresses beside secrets, which have names of their own. */
  readonly mixed?: readonly string[];
  /** Reads a state of an older shape as the current one. */
  readonly upgrade?: (state: Record<string, unknown>, from: number) => State;
  /** The objects that the resource is, as far as their names are known: another resource of the program can't be the same ones. */
  objects?(inputs: Inputs): readonly DeclaredObject[];
  /** Validates and normalises; reports every problem at once; never changes anything. */
  check(context: CallContext, olds: State | undefined, news: Inputs): Promise<Checked<Inputs>>;
  /** Compares order-free and default-free; never changes anything. */
  diff(context: CallContext, id: string, olds: State, news: Inputs): Promise<Diff>;
  /** Idempotent for one's own object; refuses a foreign one. Ends in what the server reports. */
  create(context: CallContext, inputs: Inputs): Promise<{ readonly id: string; readonly state: State }>;
  /** The live object with its inputs, or undefined when it is gone. With `state` undefined it is an import of `id`. */
  read(context: CallContext, id: string, state: State | undefined): Promise<Live<Inputs, State> | undefined>;
  update(context: CallContext, id: string, olds: State, news: Inputs): Promise<State>;
  /** Deleting what is gone already succeeds. */
  delete(context: CallContext, id: string, state: State): Promise<void>;
}

export interface Live<Inputs, State> {
  readonly inputs: Inputs;
  readonly state: State;
  /** In an import: whose marks it bears, which are this resource's from then on. */
  readonly owners?: readonly string[];
  /** By owner, what bears its mark, where that is not the whole: `2 streams ("A", "B")`. */
  readonly marked?: Readonly<Record<string, string>>;
}

/** Half a change: what stands is kept in the state, the reasons are shown, and the next `up` goes on from there. */
export class PartialFailure<State> extends Error {
  readonly id: string;
  readonly state: State;
  readonly reasons: readonly string[];
  constructor(id: string, state: State, reasons: readonly string[]) {
    super(reasons.join("\n"));
    this.id = id;
    this.state = state;
    this.reasons = reasons;
  }
}

/** The marker that stands for a value that is known only after an apply, in place of a value of any type. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** True where an unknown stands anywhere inside. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}
