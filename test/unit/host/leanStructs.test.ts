import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { leanStructs } from "../../../provider/host/leanStructs";
import type { StructClass } from "../../../provider/host/leanStructs";
import type { Bag } from "../../../provider/host/dynamicProvider";

interface Message {
  serializeBinary(): Uint8Array;
  toJavaScript(): Bag;
  toObject(): object;
  toArray(): unknown[];
  getFieldsMap(): { getLength(): number; keys(): Iterable<string>; set(key: string, value: unknown): void };
}

interface Structs {
  readonly Struct: Omit<StructClass, "fromJavaScript"> & {
    fromJavaScript: (bag: Bag) => Message;
    deserializeBinary(bytes: Uint8Array): Message;
  };
  readonly Value: { deserializeBinary(bytes: Uint8Array): unknown };
}

const load = createRequire(require.resolve("@pulumi/pulumi"));
const { Struct, Value } = load("google-protobuf/google/protobuf/struct_pb") as Structs;
const { BinaryWriter } = load("google-protobuf") as { BinaryWriter: Parameters<typeof leanStructs>[1] };

/** With lean bags as long as the work goes on: there is one protobuf in a process, and other tests use it too. */
function lean<Result>(work: () => Result, writer = BinaryWriter): Result {
  const { fromJavaScript, deserializeBinaryFromReader, serializeBinaryToWriter } = Struct;
  leanStructs(Struct as unknown as StructClass, writer);
  try {
    return work();
  } finally {
    Object.assign(Struct, { fromJavaScript, deserializeBinaryFromReader, serializeBinaryToWriter });
  }
}

const bytesOf = (bag: Bag): Uint8Array => Struct.fromJavaScript(bag).serializeBinary();

describe("Property bags without a message for each value", () => {
  const bags: Record<string, Bag> = {
    nothing: {},
    "each type": { text: "a", empty: "", number: 1.5, zero: 0, minus: -0, yes: true, no: false, none: null },
    "numbers at their ends": { large: Number.MAX_SAFE_INTEGER, small: 5e-324, negative: -1e300, not: NaN },
    lists: { empty: [], mixed: [1, "two", null, [false, {}], { deep: [[]] }] },
    maps: { empty: {}, "a.b": { c: { d: { e: "f" } } }, "": { "": 1 }, "10": 1, "9": 2 },
    "texts of all the world": { ключ: "значение", "🙂": "𝄞", "line\nbreak": "\u0000" },
    "what Pulumi writes": { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: { x: 1 } },
    "a map of streams": Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `S${index}`,
        { subjects: [`s.${index}.>`], maxMsgs: index, sealed: false },
      ]),
    ),
  };

  for (const [what, bag] of Object.entries(bags)) {
    it(`go over the wire as protobuf's own do: ${what}`, () => {
      const bytes = bytesOf(bag);
      const own = Struct.deserializeBinary(bytes);
      const [values, again] = lean(() => {
        const read = Struct.deserializeBinary(bytes);
        return [read.toJavaScript(), read.serializeBinary()];
      });
      assert.deepEqual(values, own.toJavaScript());
      assert.deepEqual(Object.keys(values), Object.keys(own.toJavaScript()));
      const written = lean(() => bytesOf(bag));
      for (const each of [written, again]) assert.deepEqual(Struct.deserializeBinary(each).toObject(), own.toObject());
    });
  }

  it("are no messages of protobuf's until somebody asks for these", () => {
    const bag = { a: 1, b: { c: "d" } };
    const [bytes, own] = [bytesOf(bag), Struct.fromJavaScript(bag)];
    lean(() => {
      for (const message of [Struct.deserializeBinary(bytes), Struct.fromJavaScript(bag)]) {
        assert.deepEqual(message.toArray(), []);
        assert.equal(message.getFieldsMap().getLength(), 2);
        assert.deepEqual([...message.getFieldsMap().keys()], ["a", "b"]);
        assert.deepEqual(message.toObject(), own.toObject());
        message.getFieldsMap().set("added", Value.deserializeBinary(Uint8Array.of(0x1a, 1, 0x78)));
        assert.deepEqual(message.toJavaScript(), { ...bag, added: "x" });
        assert.deepEqual(Struct.deserializeBinary(message.serializeBinary()).toJavaScript(), { ...bag, added: "x" });
      }
    });
  });

  it("refuse what has no form on the wire, in protobuf's words", () => {
    for (const value of [undefined, () => 1, 5n, Symbol("s")]) {
      const write = () => Struct.fromJavaScript({ deep: [{ value }] });
      assert.throws(write, /Unexpected struct type/);
      lean(() => assert.throws(write, /Unexpected struct type/));
    }
  });

  it("write what an object inherits, as protobuf's own do", () => {
    const bag = Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 }) as Bag;
    for (const bytes of [bytesOf(bag), lean(() => bytesOf(bag))]) {
      assert.deepEqual(Struct.deserializeBinary(bytes).toJavaScript(), { inherited: 1, own: 2 });
    }
  });

  it("leave a protobuf of another make as it is", () => {
    const { fromJavaScript } = Struct;
    lean(() => assert.equal(Struct.fromJavaScript, fromJavaScript), class {} as typeof BinaryWriter);
    lean(() => assert.notEqual(Struct.fromJavaScript, fromJavaScript));
  });
});
