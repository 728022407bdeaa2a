import assert from "node:assert/strict";
import { JetStreamError } from "../../provider/apply/jetstreamErrors";
import type { CallContext, Handler } from "../../provider/host/handler";
import { ownMetadata } from "../../provider/model/assetSettled";
import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import type { Fields } from "../../provider/model/jsonFields";
import { serverVersions } from "../bed/natsServer";

/** Reading depends little on the server's version: the newest and the oldest stand for all. */
export const driftVersions: readonly string[] = [serverVersions[0], serverVersions.at(-1)!];

/** One kind of object, by our handler and behind its back. */
export interface DriftKind<Inputs extends object, State extends Inputs> {
  readonly handler: Handler<Inputs, State>;
  readonly context: () => CallContext;
  /** Every field that is compared, those that no property says included. */
  readonly fields: Fields;
  /** Names of those that no property says. */
  readonly hidden?: readonly string[];
  /** Names of those that stay, since they can't be taken back and do no harm. */
  readonly kept?: readonly string[];
  /** Names of those that say where a replacement goes on, in place of what the program says. */
  readonly resumed?: readonly string[];
  /** The server's JSON of what inputs say, with every default. */
  readonly settled: (inputs: Inputs) => JsonObject;
  readonly settledLive: (config: JsonObject) => JsonObject;
  readonly raw: RawObject;
}

/** The object on the server, as any other client reaches it. */
export interface RawObject {
  readonly read: () => Promise<JsonObject | undefined>;
  readonly write: (config: JsonObject) => Promise<void>;
  /** Ends it and makes another of its name. */
  readonly remake: (config: JsonObject) => Promise<void>;
}

/** What came of a change behind the resource's back: properties that a refresh names, or nothing where no server takes it. */
export interface Drifted {
  readonly named: readonly string[];
  readonly how: "written" | "remade" | "refused" | "without effect";
}

/**
 * Makes the object, lets somebody else change it, and holds what a refresh makes of that: clean before, the changed fields by name and
 * no other after it, inputs that say what is there, and clean again once the next update or replacement has put it back.
 */
export async function driftOf<Inputs extends object, State extends Inputs>(
  kind: DriftKind<Inputs, State>,
  inputs: Inputs,
  change: JsonObject,
): Promise<Drifted> {
  const { handler, context, raw } = kind;
  const news = await checked(kind, undefined, inputs);
  const { id, state } = await handler.create(context(), news);
  await isClean(kind, id, state, news);
  const before = (await raw.read())!;
  const how = await written(raw, { ...before, ...change });
  const after = (await raw.read())!;
  const names = Object.entries(kind.fields);
  const differing = names.filter(([, { json }]) => !sameJson(before[json], after[json])).map(([name]) => name);
  if (differing.length === 0) {
    const live = (await handler.read(context(), id, state))!;
    assert.deepEqual(live.inputs, inputs);
    assert.deepEqual((await handler.diff(context(), id, live.state, news)).changes, {});
    await handler.delete(context(), id, live.state);
    return { named: [], how: how === "refused" ? how : "without effect" };
  }

  const live = (await handler.read(context(), id, state))!;
  const { changes } = await handler.diff(context(), id, live.state, news);
  const named = [...new Set(Object.keys(changes).map(propertyOf))].sort();
  const words = `${JSON.stringify(changes)}; the server has ${JSON.stringify(after)}`;
  const meant = names.filter(([name, { json }]) => json in change && differing.includes(name)).map(([name]) => name);
  // What follows from another field, in the program as on the server, is said by that alone.
  const isSaid = (name: string): boolean =>
    named.includes(name) || !(name in news || name in live.inputs || kind.hidden?.includes(name));
  for (const name of meant) assert.ok(isSaid(name), `${name} is named: ${words}`);
  const settled = [before, after].map(kind.settledLive) as [JsonObject, JsonObject];
  for (const name of named) {
    const { json } = kind.fields[name]!;
    // Beside another field it may mean something else, though it is written as it was.
    const isOther = differing.includes(name) || !sameJson(settled[0][json], settled[1][json]);
    assert.ok(isOther, `${name} is as it was: ${words}`);
  }
  for (const [path, how] of Object.entries(changes)) assertKind(path, how, news, live.inputs);
  const [said, there] = [kind.settled(live.inputs), kind.settledLive(after)];
  for (const [name, { json }] of names) {
    if (kind.hidden?.includes(name) || !differing.includes(name)) continue;
    assert.ok(sameJson(said[json], there[json]), `${name}: read as ${JSON.stringify(live.inputs)}; ${words}`);
  }

  await checked(kind, live.state, inputs);
  let back = live.state;
  const replaces = Object.values(changes).some((each) => each.endsWith("-replace"));
  if (replaces) {
    await handler.delete(context(), id, live.state);
    back = (await handler.create(context(), news)).state;
  } else back = await handler.update(context(), id, live.state, news);
  const now = (await raw.read())!;
  for (const [name, { json }] of names) {
    if (kind.kept?.includes(name) || (replaces && kind.resumed?.includes(name))) continue;
    const [is, was] = [now, before].map((config) => (name === "metadata" ? ownMetadata(config[json]) : config[json]));
    assert.ok(sameJson(is, was), `${name} is back: ${JSON.stringify([is, was])}`);
  }
  await isClean(kind, id, back, news);
  await handler.delete(context(), id, back);
  return { named, how };
}

/** The properties that none of these changes has made a refresh name. */
export function neverNamed(fields: Fields, drifted: readonly Drifted[]): string[] {
  const named = new Set(drifted.flatMap(({ named: some }) => some));
  return Object.keys(fields).filter((name) => !named.has(name));
}

/** What makes one configuration of another, member by member; what is not said any more is taken away. */
export function changeBetween(before: JsonObject, after: JsonObject): JsonObject {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const different = names.filter((name) => name !== "name" && !sameJson(before[name], after[name]));
  return Object.fromEntries<JsonObject[string]>(different.map((name) => [name, after[name]]));
}

async function checked<Inputs extends object, State extends Inputs>(
  { handler, context }: DriftKind<Inputs, State>,
  olds: State | undefined,
  inputs: Inputs,
): Promise<Inputs> {
  const { inputs: news, problems } = await handler.check(context(), olds, inputs);
  const errors = problems.filter(({ severity }) => severity !== "warning");
  assert.deepEqual(errors, []);
  return news;
}

async function isClean<Inputs extends object, State extends Inputs>(
  { handler, context }: DriftKind<Inputs, State>,
  id: string,
  state: State,
  inputs: Inputs,
): Promise<void> {
  const live = (await handler.read(context(), id, state))!;
  assert.deepEqual(live, { inputs, state });
  assert.deepEqual((await handler.diff(context(), id, live.state, inputs)).changes, {});
}

/** Where a server does not take the change in place, somebody may have made the object anew. */
async function written(raw: RawObject, config: JsonObject): Promise<"written" | "remade" | "refused"> {
  const before = (await raw.read())!;
  const isTaken = (work: Promise<void>): Promise<boolean> =>
    work.then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof JetStreamError, String(error));
        return false;
      },
    );
  if (await isTaken(raw.write(config))) return "written";
  if (await isTaken(raw.remake(config))) return "remade";
  if (!(await raw.read())) await raw.remake(before);
  return "refused";
}

function propertyOf(path: string): string {
  return path.replace(/^unexpected\./, "").split(/[.[]/)[0]!;
}

/** A whole property is added, taken away or changed as the program has it and the server had it. */
function assertKind(path: string, how: string, wanted: object, live: object): void {
  if (path !== propertyOf(path) || !(path in wanted || path in live)) return;
  const usual = !(path in live) ? "add" : !(path in wanted) ? "delete" : "update";
  assert.equal(how.replace("-replace", ""), usual, path);
}
