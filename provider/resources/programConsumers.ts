import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { wantedSubjects } from "../model/consumerChecks";
import { SubjectIndex } from "../model/subjectIndex";
import { titleOf } from "../model/titleOf";
import { consumerStates } from "./consumerState";
import { ofProgram } from "./ofProgram";

interface Declared {
  readonly urn: string;
  readonly name: string;
  readonly inputs: ConsumerInputs;
}

/** A stream's consumers, by resource, with an index of their filters while none was taken back. */
interface OfStream {
  readonly byUrn: Map<string, Declared[]>;
  index?: SubjectIndex;
}

const streamsOf = ofProgram(() => new Map<string, OfStream>());

/** Remembers which consumers a resource is, for those that come after it: they may not be on the server yet. */
export function declareConsumers(context: CallContext, consumers: readonly ConsumerInputs[]): void {
  const { urn } = context;
  if (urn === undefined) return;
  const streams = streamsOf(context);
  for (const known of streams.values()) if (known.byUrn.delete(urn)) delete known.index;
  for (const inputs of consumers.filter(isNamed)) {
    const known = streams.get(inputs.stream) ?? { byUrn: new Map<string, Declared[]>() };
    streams.set(inputs.stream, known);
    const one = { urn, name: inputs.name, inputs };
    const own = known.byUrn.get(urn) ?? [];
    own.push(one);
    known.byUrn.set(urn, own);
    if (known.index) addTo(known.index, one);
  }
}

/** Consumers of the program of another name that want messages of `filter`, at most three: `"b" of nats.Consumer "b"`. */
export function othersWanting(context: CallContext, stream: string, name: string, filter: string): string[] {
  const known = streamsOf(context).get(stream);
  if (!known) return [];
  known.index ??= indexOf(known);
  const owners = known.index.colliding(filter, 4).map((owner) => JSON.parse(owner) as readonly [string, string]);
  return owners
    .filter(([, other]) => other !== name)
    .slice(0, 3)
    .map(([urn, other]) => `"${other}" of ${urn === context.urn ? "the same map" : titleOf(urn)}`);
}

/** Names of the consumers that the resource itself has on a stream. */
export function ownConsumers(context: CallContext, stream: string): string[] {
  const own = context.urn === undefined ? undefined : streamsOf(context).get(stream)?.byUrn.get(context.urn);
  return (own ?? []).map(({ name }) => name);
}

/** What it wants, with all of the stream where it has no filter. */
export function wantedBy(inputs: ConsumerInputs): readonly string[] {
  return wantedSubjects(expandConsumer(consumerStates.knownSettings(inputs)));
}

/** Its stream, its name and its filters are known. */
export function isSettled(inputs: ConsumerInputs): boolean {
  const unknown = consumerStates.unknownSettings(inputs);
  return isNamed(inputs) && !unknown.some((name) => name.startsWith("filterSubject"));
}

function isNamed({ stream, name }: ConsumerInputs): boolean {
  return [stream, name].every((each) => typeof each === "string" && !hasUnknown(each));
}

function indexOf({ byUrn }: OfStream): SubjectIndex {
  const index = new SubjectIndex();
  for (const all of byUrn.values()) for (const one of all) addTo(index, one);
  return index;
}

/** Only where somebody asks: a map may have thousands. */
function addTo(index: SubjectIndex, { urn, name, inputs }: Declared): void {
  if (!isSettled(inputs)) return;
  for (const filter of wantedBy(inputs)) index.add(filter, JSON.stringify([urn, name]));
}
