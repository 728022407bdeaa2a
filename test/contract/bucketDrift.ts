import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import type { Handler } from "../../provider/host/handler";
import { textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import type { Fields } from "../../provider/model/jsonFields";
import { settledStream } from "../../provider/model/streamSettled";
import { changeBetween, driftOf, neverNamed } from "./drift";
import type { Drifted } from "./drift";
import { rawStream } from "./streamDrift";
import { transitions } from "./streamTransitions";
import { contextOf } from "./suite";

/** One kind of bucket, and every change of its properties. */
export interface BucketDrift<Inputs extends { readonly bucket: string }> {
  readonly handler: Handler<Inputs, Inputs>;
  readonly asset: { readonly fields: Fields; readonly hidden: readonly string[] };
  readonly expand: (inputs: object) => JsonObject;
  readonly pairs: readonly (readonly [from: object, to: object])[];
  readonly version: string;
  readonly bed: () => { readonly js: JetStream; readonly url: string };
  /** Properties that no change of one server's buckets names. */
  readonly elsewhere: readonly string[];
}

/** The same of a bucket, what its kind alone says of its stream included. */
export function bucketDrift<Inputs extends { readonly bucket: string }>(kind: BucketDrift<Inputs>): void {
  const { handler, asset, expand, pairs, version, bed } = kind;
  const found: Drifted[] = [];
  const drifts = async (bucket: string, from: object, change: JsonObject): Promise<void> => {
    const inputs = { bucket, ...from } as unknown as Inputs;
    const urn = `urn:pulumi:test::drift::pulumi-nodejs:dynamic/nats:${handler.kind}::${bucket}`;
    const drifted = await driftOf<Inputs, Inputs>(
      {
        handler,
        context: () => contextOf(new Map([["servers", bed().url]]), urn).context,
        fields: asset.fields,
        hidden: asset.hidden,
        kept: ["allowMsgTtl"],
        settled: (said) => settledStream(expand(said), version),
        settledLive: (config) => settledStream(config, version),
        raw: rawStream(bed().js, textOf(expand(inputs)["name"])),
      },
      inputs,
      change,
    );
    found.push(drifted);
  };

  pairs.forEach(([from, to], index) => {
    const bucket = `${handler.kind.toLowerCase()}${index}`;
    const [before, after] = [from, to].map((each) => expand({ bucket, ...each })) as [JsonObject, JsonObject];
    it(`${handler.kind}, outside: ${JSON.stringify(from)} to ${JSON.stringify(to)}`, () =>
      drifts(bucket, from, changeBetween(before, after)));
  });

  const json = new Set(asset.hidden.map((name) => asset.fields[name]!.json));
  const hidden = transitions(version).filter(({ before, after, origin }) => {
    const names = Object.keys(changeBetween(before, after));
    return origin === undefined && names.length > 0 && names.every((name) => json.has(name));
  });
  hidden.forEach(({ what, before, after }, index) => {
    it(`${handler.kind}, outside, what no property says: ${what}`, () =>
      drifts(`${handler.kind.toLowerCase()}_hidden${index}`, {}, changeBetween(before, after)));
  });

  it(`${handler.kind}, outside: every property and what none says was seen to change`, () => {
    const changed = new Set(hidden.flatMap(({ before, after }) => Object.keys(changeBetween(before, after))));
    const all = Object.fromEntries(
      Object.entries(asset.fields).filter(
        ([name, field]) => !kind.elsewhere.includes(name) && (!asset.hidden.includes(name) || changed.has(field.json)),
      ),
    );
    assert.deepEqual(neverNamed(all, found), []);
  });
}
