import path from "node:path";
import { leanStructs } from "../host/leanStructs";
import type { StructClass } from "../host/leanStructs";

let isDone = false;

/** Requests and answers of a program hold values alone: those of a thousand resources are under way at a time. */
export function leanBags(): void {
  if (isDone) return;
  isDone = true;
  try {
    // The very instances that the SDK uses.
    const sdk = path.dirname(require.resolve("@pulumi/pulumi"));
    const load = (request: string): unknown => require(require.resolve(request, { paths: [sdk] }));
    const { Struct } = load("google-protobuf/google/protobuf/struct_pb") as { Struct: StructClass };
    const { BinaryWriter } = load("google-protobuf") as { BinaryWriter: Parameters<typeof leanStructs>[1] };
    leanStructs(Struct, BinaryWriter);
  } catch {
    // An SDK that is built differently, or a bundle of all: it only takes more memory.
  }
}
