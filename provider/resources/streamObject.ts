import type { DeclaredObject } from "../host/handler";
import type { StreamOptions } from "../model/stream";
import { declaredAs } from "./declaredAs";
import { called, nameOf } from "./streamKind";
import type { StreamKind } from "./streamKind";

/** The stream that a resource is, whatever it calls it. */
export function streamObject<Inputs extends StreamOptions>(kind: StreamKind<Inputs>, inputs: Inputs): DeclaredObject[] {
  const name = (inputs as Record<string, unknown>)[kind.nameProperty];
  const words = called(kind, nameOf(kind, inputs));
  if (typeof name !== "string" || kind.streamPrefix === "")
    return declaredAs("stream", [name], words, kind.nameProperty);
  if (declaredAs("stream", [name], words, "").length === 0) return [];
  const stream = kind.streamPrefix + name;
  return declaredAs("stream", [stream], `${words} (stream "${stream}")`, kind.nameProperty);
}
