import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { leanBags } from "../../../provider/resources/leanBags";

interface Message {
  toArray(): unknown[];
  toJavaScript(): object;
}

describe("Property bags of a program", () => {
  const load = createRequire(require.resolve("@pulumi/pulumi"));
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb") as {
    readonly Struct: { fromJavaScript: (bag: object) => Message };
  };
  const stock = { ...Struct };
  // Other tests use the same protobuf.
  after(() => Object.assign(Struct, stock));

  it("are values alone in the protobuf that Pulumi's SDK uses", () => {
    leanBags();
    const message = Struct.fromJavaScript({ subjects: ["orders.>"] });
    assert.deepEqual(message.toArray(), []);
    assert.deepEqual(message.toJavaScript(), { subjects: ["orders.>"] });
  });
});
