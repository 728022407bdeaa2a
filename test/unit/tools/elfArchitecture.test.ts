import assert from "node:assert/strict";
import { elfArchitecture } from "../../../provider/tools/elfArchitecture";

describe("The first bytes of a program", () => {
  const header = (machine: number, bigEndian = false): Buffer => {
    const start = Buffer.alloc(64);
    start.write("\x7fELF", "latin1");
    start[5] = bigEndian ? 2 : 1;
    if (bigEndian) start.writeUInt16BE(machine, 18);
    else start.writeUInt16LE(machine, 18);
    return start;
  };

  it("tell what it runs on", () => {
    assert.equal(elfArchitecture(header(0x3e)), "x64");
    assert.equal(elfArchitecture(header(0xb7)), "arm64");
    assert.equal(elfArchitecture(header(0x16, true)), "s390x");
    assert.equal(elfArchitecture(header(0x15)), "ppc64le");
    assert.equal(elfArchitecture(header(2)), "e_machine 2");
  });

  it("tell that it is none for Linux", () => {
    assert.equal(elfArchitecture(Buffer.from("#!/bin/sh\necho nats-server: v2.15.2\n")), undefined);
    assert.equal(elfArchitecture(header(0x3e).subarray(0, 19)), undefined);
  });
});
