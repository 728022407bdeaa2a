import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import {
  consumerInfo,
  createConsumer,
  deleteConsumer,
  pauseConsumer,
  updateConsumer,
} from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { expandConsumer, flattenConsumer } from "../../provider/model/consumer";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerFields } from "../../provider/model/consumerFields";
import { settledConsumer } from "../../provider/model/consumerSettled";
import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import type { ConsumerResourceState } from "../../provider/resources/consumerState";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import type { ConsumersInputs, ConsumersState } from "../../provider/resources/consumersHandler";
import { consumerTransitions } from "./consumerTransitions";
import type { ConsumerTransition } from "./consumerTransitions";
import { changeBetween, driftOf, neverNamed } from "./drift";
import type { Drifted, RawObject } from "./drift";
import { contextOf } from "./suite";

const stream = "DRIFT";

/** Every transition of a consumer as somebody else brings it about, held against what a refresh makes of it. */
export function consumerDrift(version: string, bed: () => { readonly js: JetStream; readonly url: string }): void {
  const context = (kind: string) =>
    contextOf(new Map([["servers", bed().url]]), `urn:pulumi:test::drift::pulumi-nodejs:dynamic/nats:${kind}::it`)
      .context;
  const usable = consumerTransitions(version).filter(
    ({ before, after, bound }) => !bound && Object.keys(changeBetween(before, after)).length > 0,
  );
  const found = new Map<ConsumerTransition, Drifted>();
  before(() => createStream(bed().js, { name: stream, subjects: [`${stream}.>`, "elsewhere"] }));

  usable.forEach((transition, index) => {
    it(`outside: ${transition.what}`, async () => {
      const { before, after } = withName(transition, `D${index}`);
      const drifted = await driftOf<ConsumerInputs, ConsumerResourceState>(
        {
          handler: consumerHandler,
          context: () => context("Consumer"),
          fields: consumerFields,
          resumed: ["deliverPolicy", "optStartSeq", "optStartTime"],
          settled: (inputs) => settledConsumer(expandConsumer(inputs), version),
          settledLive: (config) => settledConsumer(config, version),
          raw: rawConsumer(bed().js, `D${index}`),
        },
        { ...flattenConsumer(before), stream },
        changeBetween(before, after),
      );
      found.set(transition, drifted);
    });
  });

  it("outside: every field was seen to change", () => {
    const changed = new Set(usable.flatMap(({ before, after }) => Object.keys(changeBetween(before, after))));
    const others = Object.entries(consumerFields).filter(([name, { json }]) => name !== "name" && changed.has(json));
    assert.deepEqual(neverNamed(Object.fromEntries(others), [...found.values()]), []);
  });

  it("outside: members of a map, all of them at once", async () => {
    const seen = [...found].filter(([, { named }]) => named.length > 0);
    const members = seen.map(([transition], index) => withName(transition, `M${index}`));
    const own = members.map(({ before }): [string, object] => {
      const { name, ...rest } = flattenConsumer(before);
      return [name, rest];
    });
    const inputs: ConsumersInputs = { consumers: { [stream]: Object.fromEntries(own) } };
    const { id, state } = await consumersHandler.create(context("Consumers"), inputs);
    const clean = async (there: ConsumersState): Promise<void> => {
      const live = (await consumersHandler.read(context("Consumers"), id, there))!;
      assert.deepEqual(live, { inputs, state: there });
      assert.deepEqual((await consumersHandler.diff(context("Consumers"), id, live.state, inputs)).changes, {});
    };
    await clean(state);
    for (const [index, { before, after }] of members.entries()) {
      const raw = rawConsumer(bed().js, `M${index}`);
      const config = { ...(await raw.read())!, ...changeBetween(before, after) };
      await raw.write(config).catch(() => raw.remake(config));
    }
    const live = (await consumersHandler.read(context("Consumers"), id, state))!;
    const { changes } = await consumersHandler.diff(context("Consumers"), id, live.state, inputs);
    const paths = Object.keys(changes);
    for (const [index, [{ what }, { named }]] of seen.entries()) {
      const at = `consumers.${stream}.M${index}.`;
      const mine = paths.filter((path) => path.startsWith(at)).map((path) => path.slice(at.length).split(/[.[]/)[0]!);
      assert.deepEqual([...new Set(mine)].sort(), named, what);
    }
    assert.ok(paths.every((path) => path.startsWith(`consumers.${stream}.M`)));
    await clean(await consumersHandler.update(context("Consumers"), id, live.state, inputs));
    await consumersHandler.delete(context("Consumers"), id, state);
  });
}

/** The consumer by the servers' own interface. */
function rawConsumer(js: JetStream, name: string): RawObject {
  return {
    read: async () => (await consumerInfo(js, stream, name))?.config,
    write: async (config) => {
      const live = (await consumerInfo(js, stream, name))!;
      await updateConsumer(js, stream, config);
      if (sameJson(live.config["pause_until"], config["pause_until"])) return;
      await pauseConsumer(js, stream, name, config["pause_until"] as string | undefined);
    },
    remake: async (config) => {
      await deleteConsumer(js, stream, name);
      await createConsumer(js, stream, config);
    },
  };
}

function withName({ before, after }: ConsumerTransition, name: string): { before: JsonObject; after: JsonObject } {
  const whole = (config: JsonObject): JsonObject => {
    const text = JSON.stringify({ name, durable_name: name, ...config });
    return JSON.parse(text.replaceAll("{name}", name).replaceAll("{stream}", stream)) as JsonObject;
  };
  return { before: whole(before), after: whole(after) };
}
