import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import { ofProgram } from "../host/ofProgram";
import { expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { filtersOf } from "../model/consumerChecks";
import { SubjectIndex } from "../model/subjectIndex";
import { titleOf } from "../model/titleOf";
import { consumerStates } from "./consumerState";

interface Declared {
  readonly urn: string;
  readonly name: string;
  readonly filters: readonly string[];
}

/** A stream's consumers, by resource, with an index of their filters while none was taken back. */
interface OfStream {
  readonly byUrn: Map<string, readonly Declared[]>;
  index?: SubjectIndex;
}

const streamsOf = ofProgram(() => new Map<string, OfStream>());

/** Remembers which consumers a resource is, for those that come after it: they may not be on the server yet. */
export function declareConsumers(context: CallContext, consumers: readonly ConsumerInputs[]): void {
  const { urn } = context;
  if (urn === undefined) return;
  const streams = streamsOf(context);
  for (const known of streams.values()) if (known.byUrn.delete(urn)) delete known.index;
  for (const inputs of consumers.filter(isSettled)) {
    const known = streams.get(inputs.stream) ?? { byUrn: new Map<string, readonly Declared[]>() };
    streams.set(inputs.stream, known);
    const one = { urn, name: inputs.name, filters: wantedBy(inputs) };
    known.byUrn.set(urn, [...(known.byUrn.get(urn) ?? []), one]);
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

/** The program has a consumer of that name. */
export function isConsumerDeclared(context: CallContext, stream: string, name: string): boolean {
  const known = streamsOf(context).get(stream);
  return [...(known?.byUrn.values() ?? [])].some((all) => all.some((one) => one.name === name));
}

/** What it wants, with all of the stream where it has no filter. */
export function wantedBy(inputs: ConsumerInputs): readonly string[] {
  const filters = filtersOf(expandConsumer(consumerStates.knownSettings(inputs)));
  return filters.length === 0 ? [">"] : filters;
}

/** Its stream, its name and its filters are known. */
export function isSettled(inputs: ConsumerInputs): boolean {
  const unknown = consumerStates.unknownSettings(inputs);
  const isNamed = [inputs.stream, inputs.name].every((each) => typeof each === "string" && !hasUnknown(each));
  return isNamed && !unknown.some((name) => name.startsWith("filterSubject"));
}

function indexOf({ byUrn }: OfStream): SubjectIndex {
  const index = new SubjectIndex();
  for (const all of byUrn.values()) for (const one of all) addTo(index, one);
  return index;
}

function addTo(index: SubjectIndex, { urn, name, filters }: Declared): void {
  for (const filter of filters) index.add(filter, JSON.stringify([urn, name]));
}
