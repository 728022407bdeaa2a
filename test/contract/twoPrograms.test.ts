import assert from "node:assert/strict";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { readEntry } from "../../provider/apply/keyValueEntries";
import type { CallContext, Handler } from "../../provider/host/handler";
import { handlerOf } from "../../provider/host/registry";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { contextOf } from "./suite";

/** One object that two programs say something of: what each changes, by property. */
interface Shared {
  readonly kind: string;
  readonly id: string;
  readonly inputs: (own: object) => object;
  /** Before the properties of the object: `streams.MANY.`. */
  readonly at: string;
  /** Before what is said of it on the row. */
  readonly said: string;
}

const shared: readonly Shared[] = [
  {
    kind: "Stream",
    id: "ORDERS",
    at: "",
    said: "",
    inputs: (own) => ({ name: "ORDERS", subjects: ["orders"], ...own }),
  },
  { kind: "KeyValue", id: "config", at: "", said: "", inputs: (own) => ({ bucket: "config", ...own }) },
  { kind: "ObjectStore", id: "assets", at: "", said: "", inputs: (own) => ({ bucket: "assets", ...own }) },
  { kind: "Consumer", id: "JOBS/one", at: "", said: "", inputs: (own) => ({ stream: "JOBS", name: "one", ...own }) },
  {
    kind: "Streams",
    id: "apps",
    at: "streams.MANY.",
    said: 'stream "MANY": ',
    inputs: (own) => ({ streams: { MANY: { subjects: ["many"], ...own } } }),
  },
  {
    kind: "Consumers",
    id: "workers",
    at: "consumers.JOBS.many.",
    said: 'consumer "JOBS/many": ',
    inputs: (own) => ({ consumers: { JOBS: { many: own } } }),
  },
];

describe("Two programs that change the same object", () => {
  const bed = jetStreamBed();
  before(() => createStream(bed().js, { name: "JOBS", subjects: ["jobs"] }));
  const urnOf = (side: string, kind: string) => `urn:pulumi:${side}::${side}::pulumi-nodejs:dynamic/nats:${kind}::it`;

  /** A program with its own state of the object. */
  class Side {
    readonly lines: string[] = [];
    readonly #handler: Handler<object, object>;
    readonly #of: Shared;
    readonly #context: CallContext;
    #state: object = {};

    constructor(side: string, of: Shared) {
      this.#handler = handlerOf(of.kind)!;
      this.#of = of;
      const { context } = contextOf(new Map([["servers", bed().server.url]]), urnOf(side, of.kind));
      const say = async (message: string) => void this.lines.push(message);
      this.#context = { ...context, warn: say, info: say };
    }

    async make(own: object): Promise<void> {
      this.#state = (await this.#handler.create(this.#context, this.#of.inputs(own))).state;
    }

    async diff(own: object): Promise<{ paths: string[]; notes: string[] }> {
      const { changes, notes = [] } = await this.#handler.diff(
        this.#context,
        this.#of.id,
        this.#state,
        this.#of.inputs(own),
      );
      return { paths: Object.keys(changes), notes: notes.map(({ message }) => message) };
    }

    async update(own: object): Promise<void> {
      this.#state = await this.#handler.update(this.#context, this.#of.id, this.#state, this.#of.inputs(own));
    }

    /** What a refresh says, and what the preview after it names. */
    async refresh(own: object): Promise<string[]> {
      this.#state = (await this.#handler.read(this.#context, this.#of.id, this.#state))!.state;
      return (await this.diff(own)).paths;
    }
  }

  for (const each of shared) {
    describe(each.kind, () => {
      const [left, right] = [{ description: "left" }, { metadata: { side: "right" } }];
      const adopted = { ...right, adopt: true };
      const [leftUrn, rightUrn] = [urnOf("left", each.kind), urnOf("right", each.kind)];
      let one: Side;
      let other: Side;
      beforeEach(async () => {
        [one, other] = [new Side("left", each), new Side("right", each)];
        await one.make({ adopt: true });
        await other.make({ adopt: true });
      });
      const back = `${each.said}metadata was changed outside: it goes back from {"side":"right"} to nothing`;
      const taken = `${each.said}belongs to ${rightUrn} now: this change takes it back`;
      const sorted = (lines: readonly string[]) => [...lines].sort();

      it("the preview says what goes back and whose it is by now; the other is told by whom, and puts it back", async () => {
        await other.update(adopted);
        const { paths, notes } = await one.diff({ ...left, adopt: true });
        assert.deepEqual([paths, sorted(notes)], [[`${each.at}description`], sorted([back, taken])]);
        one.lines.length = 0;
        await one.update({ ...left, adopt: true });
        assert.deepEqual(one.lines, [], "it is said once");
        assert.deepEqual(sorted(await other.refresh(adopted)), sorted([`${each.at}description`, `${each.at}metadata`]));
        assert.match(other.lines.join("\n"), /description.*metadata|metadata.*description/);
        assert.ok(other.lines.join("\n").includes(`changed outside of this stack, by ${leftUrn}`), other.lines.join());
        await other.update(adopted);
        assert.deepEqual(await other.refresh(adopted), []);
      });

      it("what came between the comparison and the write is said by the write", async () => {
        assert.deepEqual((await one.diff({ ...left, adopt: true })).notes, [
          `${each.said}belongs to ${rightUrn} now: this change takes it back`,
        ]);
        await other.update(adopted);
        one.lines.length = 0;
        await one.update({ ...left, adopt: true });
        assert.deepEqual(one.lines, [back]);
      });

      it("of writes at the same moment, whoever's is gone finds it, with the name of the other", async () => {
        for (let round = 0; round < 5; round++) {
          const wanted = [
            { description: `left ${round}`, adopt: true },
            { metadata: { side: `right ${round}` }, adopt: true },
          ] as const;
          await Promise.all([one.update(wanted[0]), other.update(wanted[1])]);
          for (const side of [one, other]) side.lines.length = 0;
          const found = [await one.refresh(wanted[0]), await other.refresh(wanted[1])];
          // The last to write has all that it wants; the other sees each difference.
          const [first, second] = found as [string[], string[]];
          assert.ok(first.length === 0 || second.length === 0, JSON.stringify(found));
          assert.ok(first.length + second.length > 0, JSON.stringify(found));
          const [loser, winner] = first.length > 0 ? [one, rightUrn] : [other, leftUrn];
          assert.ok(loser.lines.join("\n").includes(`changed outside of this stack, by ${winner}`), loser.lines.join());
        }
      });
    });
  }

  describe("KeyValueEntry", () => {
    const entry = { bucket: "values", key: "k", adopt: true };
    const here = (side: string) =>
      contextOf(new Map([["servers", bed().server.url]]), urnOf(side, "KeyValueEntry")).context;
    before(() => keyValueHandler.create(here("left"), { bucket: "values" }));

    it("written by the other meanwhile is refused in words, in the preview and by the write", async () => {
      const mine = (await keyValueEntryHandler.create(here("left"), { ...entry, value: "1" })).state;
      const theirs = (await keyValueEntryHandler.create(here("right"), { ...entry, value: "2" })).state;
      const news = { ...entry, value: "3" };
      const { notes = [] } = await keyValueEntryHandler.diff(here("left"), "values/k", mine, news);
      assert.match(notes[0]!.message, /was changed elsewhere: .*the write will be refused\. Fix: pulumi refresh/);
      await assert.rejects(
        keyValueEntryHandler.update(here("left"), "values/k", mine, news),
        /key "k" of bucket "values" was changed elsewhere: .*Fix: pulumi refresh, then look at the preview/,
      );
      assert.equal((await readEntry(bed().js, entry))!.revision, theirs.revision);
    });

    it("written by both at the same moment is one's, and the other is told", async () => {
      for (let round = 0; round < 5; round++) {
        const news = { ...entry, key: `k${round}` };
        const first = await keyValueEntryHandler.create(here("left"), { ...news, value: "0" });
        const sides = await Promise.allSettled(
          ["left", "right"].map((side) =>
            keyValueEntryHandler.update(here(side), first.id, first.state, { ...news, value: side }),
          ),
        );
        assert.deepEqual(sides.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
        const lost = sides.find((side) => side.status === "rejected")!;
        assert.match((lost.reason as Error).message, /Fix: pulumi refresh/);
        assert.equal((await readEntry(bed().js, news))!.revision, first.state.revision + 1);
      }
    });
  });
});
