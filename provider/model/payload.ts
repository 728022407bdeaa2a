import { createHash } from "node:crypto";
import type { Problem } from "../errors";
import { sameJson } from "./exactJson";
import type { Json } from "./exactJson";
import { digestText } from "./objectMeta";

/** The ways to say what is stored, of which a program uses one. */
export interface Payload {
  /** Text, as it is. */
  readonly value?: string;
  /** Anything that JSON can say. */
  readonly json?: unknown;
  /** Bytes. */
  readonly base64?: string;
  /** Path of a file. */
  readonly file?: string;
  /** "SHA-256=…" of the file's content. */
  readonly digest?: string;
}

export const payloadForms = ["value", "json", "base64", "file"] as const;
export type PayloadForm = (typeof payloadForms)[number];

/** The one that is used; undefined where none is. */
export function formOf(payload: Payload): PayloadForm | undefined {
  return payloadForms.find((form) => payload[form] !== undefined);
}

/** What is stored, but for a file's content. */
export function bytesOf(payload: Payload): Buffer | undefined {
  if (payload.value !== undefined) return Buffer.from(payload.value);
  if (payload.json !== undefined) return Buffer.from(JSON.stringify(payload.json));
  if (payload.base64 !== undefined) return Buffer.from(payload.base64, "base64");
  return undefined;
}

export function digestOf(bytes: Buffer): string {
  return digestText(createHash("sha256").update(bytes).digest());
}

/** Digest of what is stored; of a file as far as it is known. */
export function payloadDigest(payload: Payload): string | undefined {
  const bytes = bytesOf(payload);
  return bytes ? digestOf(bytes) : payload.digest;
}

/** True where a program that says `payload` means what `stored` is: JSON may be spelled in many ways. */
export function isPayload(payload: Payload, stored: Buffer): boolean {
  if (payload.json !== undefined) {
    const live = jsonOf(stored);
    if (live !== undefined) return sameJson(live, payload.json as Json);
  }
  return payloadDigest(payload) === digestOf(stored);
}

/** True where both programs mean the same. */
export function samePayload(left: Payload, right: Payload): boolean {
  for (const [said, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const bytes = said.json === undefined ? undefined : bytesOf(other);
    if (bytes) return isPayload(said, bytes);
  }
  const digest = payloadDigest(left);
  return digest !== undefined && digest === payloadDigest(right);
}

/** What is stored, said in the form that a program uses; without one as text, or base64 where it is none. */
export function sayAs(form: PayloadForm | undefined, stored: Buffer): Payload {
  const text = stored.toString("utf8");
  switch (form) {
    case "json":
      // In its own place even where it is no JSON any more: a secret stays one by the name of its property.
      return { json: jsonOf(stored) ?? text };
    case "base64":
      return { base64: stored.toString("base64") };
    case "file":
      return { digest: digestOf(stored) };
    case "value":
      return { value: text };
    case undefined:
      return Buffer.from(text).equals(stored) ? { value: text } : { base64: stored.toString("base64") };
  }
}

/** Faults of the payload of an input, never with what it says. */
export function payloadProblems(payload: Payload, example: string): Problem[] {
  const given = payloadForms.filter((form) => payload[form] !== undefined);
  if (given.length === 0) {
    return [
      {
        path: "value",
        reason: `one of ${payloadForms.join(", ")} is wanted (null is none)`,
        fix: `${example}; JSON's null: value: "null"`,
      },
    ];
  }
  if (given.length > 1) {
    const others = given.slice(1).join(", ");
    return [{ path: given[1]!, reason: `it can't stand beside ${given[0]}`, fix: `leave out ${others}` }];
  }
  const form = given[0]!;
  const content = payload[form];
  if (form !== "json" && typeof content !== "string") {
    const fix = form === "value" ? "write json instead of value, or String(…) around it" : undefined;
    return [{ path: form, reason: `text is wanted, it is ${kindOf(content)}`, ...(fix ? { fix } : {}) }];
  }
  if (form === "base64" && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(String(content))) {
    return [{ path: form, reason: "it is no base64", fix: 'base64: Buffer.from(…).toString("base64")' }];
  }
  if (form === "file" && content === "") return [{ path: form, reason: "the path is empty" }];
  return [];
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : value === null ? "null" : `of type ${typeof value}`;
}

function jsonOf(stored: Buffer): Json | undefined {
  try {
    return JSON.parse(stored.toString("utf8")) as Json;
  } catch {
    return undefined;
  }
}
