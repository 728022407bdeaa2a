import assert from "node:assert/strict";
import { confText, fromByteString, toByteString } from "../../../provider/conf/bytes";

describe("bytes of a configuration", () => {
  const table: readonly (readonly [hex: string, text: string])[] = [
    ["61", "a"],
    ["c3a9", "é"],
    ["e282ac", "€"],
    ["f09f9880", "😀"],
    ["efbfbd", "\ufffd"],
    ["ff", "\udcff"],
    ["e282", "\udce2\udc82"],
    ["e28261", "\udce2\udc82a"],
    ["c080", "\udcc0\udc80"],
    ["e08080", "\udce0\udc80\udc80"],
    ["eda080", "\udced\udca0\udc80"],
    ["f4908080", "\udcf4\udc90\udc80\udc80"],
    ["c3", "\udcc3"],
  ];
  for (const [hex, text] of table) {
    it(`${hex} is ${JSON.stringify(text)} and back`, () => {
      const bytes = Buffer.from(hex, "hex");
      assert.equal(confText(bytes), text);
      assert.equal(fromByteString(bytes.toString("latin1")), text);
      assert.equal(Buffer.from(toByteString(text), "latin1").toString("hex"), hex);
    });
  }
});
