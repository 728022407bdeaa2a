import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import { textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { expandStream, flattenStream } from "../../provider/model/stream";
import type { StreamInputs } from "../../provider/model/stream";
import { streamFields } from "../../provider/model/streamFields";
import { sealedWhole, settledStream } from "../../provider/model/streamSettled";
import { streamHandler } from "../../provider/resources/streamHandler";
import type { StreamState } from "../../provider/resources/streamState";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs, StreamsState } from "../../provider/resources/streamsHandler";
import { changeBetween, driftOf, neverNamed } from "./drift";
import type { Drifted, RawObject } from "./drift";
import { transitions, withName } from "./streamTransitions";
import type { Transition } from "./streamTransitions";
import { contextOf } from "./suite";

/** Fields that only a new name, or a cluster, changes: see streamCluster for the replicas. */
const elsewhere = ["name", "replicas"];

/** Every transition of a stream as somebody else brings it about, held against what a refresh makes of it. */
export function streamDrift(version: string, bed: () => { readonly js: JetStream; readonly url: string }): void {
  const context = (kind: string) =>
    contextOf(new Map([["servers", bed().url]]), `urn:pulumi:test::drift::pulumi-nodejs:dynamic/nats:${kind}::it`)
      .context;
  const usable = transitions(version).filter(
    ({ before, after }) => Object.keys(changeBetween(before, after)).length > 0,
  );
  const found = new Map<Transition, Drifted>();

  usable.forEach((transition, index) => {
    it(`outside: ${transition.what}`, async () => {
      const named = withName(transition, `D${index}`);
      await origins(bed().js, named);
      const drifted = await driftOf<StreamInputs, StreamState>(
        {
          handler: streamHandler,
          context: () => context("Stream"),
          fields: streamFields,
          settled: (inputs) => settledStream(expandStream(inputs), version),
          settledLive: (config) => settledStream(config, version),
          raw: rawStream(bed().js, `D${index}`),
        },
        flattenStream(named.before, version),
        changeBetween(named.before, named.after),
      );
      found.set(transition, drifted);
    });
  });

  it("outside: every field was seen to change", () => {
    const known = Object.fromEntries(
      Object.entries(streamFields).filter(([name, { json }]) => !elsewhere.includes(name) && json in fieldsOf(usable)),
    );
    assert.deepEqual(neverNamed(known, [...found.values()]), []);
  });

  it("outside: members of a map, all of them at once", async () => {
    const seen = [...found].filter(([, { named }]) => named.length > 0);
    const members = seen.map(([transition], index) => withName(transition, `M${index}`));
    for (const each of members) await origins(bed().js, each);
    const streams = Object.fromEntries(
      members.map(({ before }) => {
        const { name, ...own } = flattenStream(before, version);
        return [name, own];
      }),
    );
    const inputs: StreamsInputs = { streams };
    const { id, state } = await streamsHandler.create(context("Streams"), inputs);
    const clean = async (there: StreamsState): Promise<void> => {
      const live = (await streamsHandler.read(context("Streams"), id, there))!;
      assert.deepEqual(live, { inputs, state: there });
      assert.deepEqual((await streamsHandler.diff(context("Streams"), id, live.state, inputs)).changes, {});
    };
    await clean(state);
    for (const [index, { before, after }] of members.entries()) {
      const raw = rawStream(bed().js, `M${index}`);
      const config = { ...(await raw.read())!, ...changeBetween(before, after) };
      await raw.write(config).catch(() => raw.remake(config));
    }
    const live = (await streamsHandler.read(context("Streams"), id, state))!;
    const { changes } = await streamsHandler.diff(context("Streams"), id, live.state, inputs);
    const paths = Object.keys(changes);
    for (const [index, [{ what }, { named }]] of seen.entries()) {
      const at = `streams.M${index}.`;
      const own = paths.filter((path) => path.startsWith(at)).map((path) => path.slice(at.length).split(/[.[]/)[0]!);
      assert.deepEqual([...new Set(own)].sort(), named, what);
    }
    assert.ok(paths.every((path) => path.startsWith("streams.M")));
    await clean(await streamsHandler.update(context("Streams"), id, live.state, inputs));
    await streamsHandler.delete(context("Streams"), id, state);
  });
}

/** The stream by the servers' own interface. */
export function rawStream(js: JetStream, name: string): RawObject {
  return {
    read: async () => (await streamInfo(js, name))?.config,
    write: async (config) => void (await updateStream(js, sealedWhole(config))),
    remake: async (config) => {
      await deleteStream(js, name);
      const { sealed, ...open } = config;
      await createStream(js, open);
      if (sealed === true) await updateStream(js, sealedWhole(config));
    },
  };
}

async function origins(js: JetStream, { origin = [], consumers = [] }: Transition): Promise<void> {
  for (const config of origin) await createStream(js, config);
  for (const config of consumers) await createConsumer(js, textOf(origin[0]!["name"]), config);
}

function fieldsOf(all: readonly Transition[]): JsonObject {
  return Object.assign({}, ...all.map(({ before, after }) => changeBetween(before, after))) as JsonObject;
}
