import type { JetStream } from "../apply/jetstream";
import type { StreamCluster } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import type { AssetWords } from "../model/assetWords";
import type { JsonObject } from "../model/exactJson";
import type { ServerFacts } from "../model/stream";
import type { AssetInfo, AssetOutputs, AssetStates } from "./assetState";
import { segment } from "./assetDiff";
import type { ShownChange } from "./assetDiff";
import type { Reachable } from "./jetstreamOf";

/** What a program says of a whole map of objects, and what of it stands beside their settings. */
export interface AssetSetInputs {
  /** Settings of all members that don't say otherwise. */
  readonly defaults?: object;
}

export interface AssetSetOutputs {
  /** By id, where there is anything: what servers have set by themselves, what was changed outside. */
  readonly members?: Readonly<Record<string, MemberOutputs>>;
}

export type MemberOutputs = Omit<AssetOutputs, "created">;

/** One object of a map. */
export interface Member<Inputs> {
  /** "ORDERS", "ORDERS/invoices". */
  readonly id: string;
  /** What the program says of it alone. */
  readonly own: Readonly<Record<string, unknown>>;
  /** With its name, the defaults and the options of the whole. */
  readonly full: Inputs;
  readonly outputs?: MemberOutputs;
}

/** What stands on the server after something was sent. */
export interface Sent {
  readonly info: AssetInfo & { readonly cluster?: StreamCluster };
  /** How many replicas are to be current; undefined: those that it has. */
  readonly replicas: number | undefined;
  /** Fails where something was lost on the way to other servers; asked once all is current. */
  readonly mustBeWhole?: () => Promise<void>;
}

/** What tells one kind of map from another. */
export interface AssetSetKind<Inputs extends object> {
  readonly noun: string;
  /** Property with the map. */
  readonly property: string;
  /** Names that make an id: a stream's own; a stream's and a consumer's. */
  readonly depth: 1 | 2;
  /** Options of the whole that hold for each member that does not say otherwise; those that a diff shows come first. */
  readonly options: readonly string[];
  readonly states: AssetStates<Inputs>;
  readonly words: AssetWords;
  readonly expand: (inputs: object, problems?: Problem[]) => JsonObject;
  readonly flatten: (info: AssetInfo, version: string) => object;
  /** The settings that an id stands for. */
  readonly named: (names: readonly string[]) => object;
  readonly problems: (inputs: object, server?: ServerFacts) => Problem[];
  /** Hears what the program says of the map, before anything is checked: other resources may rely on members. */
  readonly declare?: (
    context: CallContext,
    members: readonly Member<Inputs>[],
    unknown: readonly string[],
    isOpen: boolean,
  ) => void;
  /** JetStream with one look at all that is asked for soon; `members` as far as they are known. */
  readonly look: (js: JetStream, ids: readonly string[], members?: readonly Member<Inputs>[]) => Promise<JetStream>;
  /** Listings leave some of them out, which are there all the same. */
  readonly isHidden?: true;
  readonly infoOf: (
    js: JetStream,
    id: string,
  ) => Promise<(AssetInfo & { readonly cluster?: StreamCluster }) | undefined>;
  /** Ids on the server that a pattern of an import names. */
  readonly matching: (js: JetStream, pattern: string) => Promise<string[]>;
  /** What the server knows against one member. */
  readonly liveProblems: (
    context: CallContext,
    live: Reachable,
    olds: (Inputs & AssetOutputs) | undefined,
    news: Inputs,
  ) => Promise<Problem[]>;
  /** What changes have against each other in the order in which they are sent, after the members that end. */
  readonly inTurn?: (
    live: Reachable,
    changed: readonly { readonly before: Member<Inputs>; readonly after: Member<Inputs> }[],
    removed: readonly Member<Inputs>[],
  ) => Promise<JointProblem[]>;
  /** What a create makes of an object of that name that is there already. */
  readonly takeover: (context: CallContext, live: Reachable, inputs: Inputs) => Promise<Problem[]>;
  /** What members have against each other, and the account against all of them. */
  readonly jointProblems: (
    context: CallContext,
    live: Reachable | undefined,
    all: readonly Member<Inputs>[],
    changed: readonly { readonly before?: Member<Inputs>; readonly after: Member<Inputs> }[],
    removed: readonly Member<Inputs>[],
  ) => JointProblem[] | Promise<JointProblem[]>;
  /** What would be lost with members that end together, by id: "20 messages". */
  readonly holds: (js: JetStream, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** What goes with members beside what they hold, by id: "its 2 consumers, 1 in use,". */
  readonly takes?: (js: JetStream, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Ends of members, with nobody else ending what they rely on meanwhile. */
  readonly alone?: (ids: readonly string[], work: () => Promise<void>) => Promise<void>;
  /** How a program lets go what a member holds. */
  readonly letGo: string;
  /** Another way to do without a refusal, where there is one. */
  readonly otherwise?: string;
  /** Members that are not what their state says, since a change or an end of theirs was cut short. */
  readonly cutShort?: {
    /** The setting that comes back. */
    readonly path: string;
    readonly mayBe: (inputs: Inputs) => boolean;
    /** What is said of them, by id. */
    readonly among: (
      context: CallContext,
      js: JetStream,
      ids: readonly string[],
    ) => Promise<ReadonlyMap<string, string>>;
    /** What a refresh finds of one that was cut short on the way to another one. */
    readonly interrupted: (
      context: CallContext,
      js: JetStream,
      state: Inputs & AssetOutputs,
      info: AssetInfo | undefined,
    ) => Promise<Interrupted | undefined>;
  };
  /** Nothing stands against the end of what a member holds; where the program wants it kept, it says where to. */
  readonly mayLose: (inputs: Inputs) => boolean;
  readonly changeOf: (
    context: CallContext,
    live: Reachable | undefined,
    olds: Inputs & AssetOutputs,
    news: Inputs,
  ) => Promise<ShownChange>;
  /** Hears which members a change makes anew under their names. */
  readonly announceAnew?: (context: CallContext, ids: readonly string[]) => void;
  /** What is said of a member that goes with something else that the program makes anew; undefined where it stays. */
  readonly endsWith?: (context: CallContext, member: Inputs) => string | undefined;
  /** Members that must stand before this one, by id. */
  readonly after: (member: Member<Inputs>) => readonly string[];
  readonly send: (
    context: CallContext,
    js: JetStream,
    facts: ServerFacts,
    olds: (Inputs & AssetOutputs) | undefined,
    news: Inputs,
    timeout: number,
  ) => Promise<Sent>;
  /** A refusal that may pass once other members have changed. */
  readonly mayPass: (error: unknown) => boolean;
  /** Keeps what a member holds where the options say so, and returns what ends it then. */
  readonly keep: (context: CallContext, js: JetStream, id: string, options: object) => Promise<() => Promise<void>>;
  /** Why it could not keep it. */
  readonly keepProblems: (live: Reachable, id: string, options: object) => Promise<readonly Problem[]>;
  /** Where `keep` puts it; undefined where it keeps nothing. */
  readonly keptAt: (options: object) => string | undefined;
  readonly remove: (js: JetStream, id: string) => Promise<void>;
}

/** An object that is on its way to another one, and what its state remembers of that. */
export interface Interrupted {
  readonly message: string;
  readonly unexpected: NonNullable<AssetOutputs["unexpected"]>;
}

export interface JointProblem extends Problem {
  /** Member that it is about; undefined for the whole. */
  readonly id?: string;
}

/** `streams.ORDERS`, `consumers.ORDERS["my.own"]`. */
export function memberPath(kind: { readonly property: string }, id: string): string {
  return kind.property + id.split("/").map(segment).join("");
}

/** JetStream with one look at these members, as they were and as they are to be. */
export function lookAt<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  js: JetStream,
  members: readonly Member<Inputs>[],
): Promise<JetStream> {
  const ids = new Set(members.map(({ id }) => id));
  return kind.look(js, [...ids], members);
}

/** A member as the state of one object on its own. */
export function stateOfMember<Inputs>({ full, outputs }: Member<Inputs>): Inputs & AssetOutputs {
  return { ...full, created: "", ...outputs };
}

/** `stream "ORDERS"`. */
export function calledMember(kind: { readonly noun: string }, id: string): string {
  return `${kind.noun} "${id}"`;
}
