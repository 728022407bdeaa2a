import path from "node:path";
import type { ChangeKind } from "./handler";
import type { Bag, DynamicDiff } from "./dynamicProvider";
import { leanStructs } from "./leanStructs";
import type { StructClass } from "./leanStructs";
import { providerText, typePrefix } from "./providerText";

export type Severity = "info" | "warning";

/** What the stock server does not hand on: which resource a request is about, and how long it may take (milliseconds). */
export interface RequestContext {
  readonly urn?: string;
  readonly timeout?: number;
  /** Names of the inputs of the last apply, in a diff. */
  readonly oldNames?: readonly string[];
}

/** What makes Pulumi's stock dynamic-provider process more than stock; every part does nothing where the host has no place for it. */
export interface Extension {
  readonly active: boolean;
  contextOf(bag: Bag): RequestContext;
  /** The same answer, which also tells the engine exactly what changes. */
  detailed(diff: DynamicDiff, changes: Readonly<Record<string, DetailedChange>>): DynamicDiff;
  /** False where the engine could not be reached. */
  log(severity: Severity, message: string, urn: string | undefined): Promise<boolean>;
  /** The server prints errors of some calls a second time, with a stack: this one is not printed. */
  silence(error: Error): void;
}

export interface DetailedChange {
  readonly kind: ChangeKind;
  /** True where the path is found in the inputs, false in the outputs. */
  readonly inputDiff: boolean;
}

const plain: Extension = {
  active: false,
  contextOf: () => ({}),
  detailed: (diff) => diff,
  log: async () => false,
  silence: () => {},
};

const globalKey = Symbol.for("pulumi-nats.extension.1");
type Shared = { [globalKey]?: Extension };

/** Extends this process once (two copies of the package share it); outside of a dynamic-provider process, or told so, it does nothing. */
export function extension(): Extension {
  const shared = globalThis as Shared;
  return (shared[globalKey] ??= install());
}

function install(): Extension {
  const script = process.argv[1] ?? "";
  if (!/cmd[\\/]dynamic-provider/.test(script) || process.env["PULUMI_NATS_EXTENSION"] === "off") return plain;
  try {
    const sdk = sdkOf(script);
    // First, so that what it answers carries its context too: an import says on its own row whose the object is.
    importWithoutState(sdk);
    return {
      active: true,
      contextOf: carryContext(sdk),
      detailed: addDetails(sdk),
      log: engineLog(sdk),
      silence: silenceErrors(),
    };
  } catch {
    // An SDK that is built differently: stock behaviour is complete, only plainer.
    return plain;
  }
}

interface Message {
  toJavaScript(): Bag;
}

type Getter = () => unknown;
interface Prototype {
  [method: string]: unknown;
}

interface Sdk {
  readonly provider: Record<string, { prototype: Prototype }> & {
    PropertyDiff: (new () => { setKind(kind: number): void; setInputdiff(input: boolean): void }) & {
      Kind: Record<string, number>;
    };
  };
  readonly structFrom: (bag: Bag) => Message;
  readonly require: (request: string) => unknown;
}

/** The very instances that the server uses. */
function sdkOf(script: string): Sdk {
  const root = path.resolve(path.dirname(require.resolve(script)), "..", "..");
  const load = (request: string): unknown =>
    require(request.startsWith("./") ? path.join(root, request) : require.resolve(request, { paths: [root] }));
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb") as { Struct: StructClass };
  const { BinaryWriter } = load("google-protobuf") as { BinaryWriter: Parameters<typeof leanStructs>[1] };
  leanStructs(Struct, BinaryWriter);
  return {
    provider: load("./proto/provider_pb") as Sdk["provider"],
    structFrom: (bag) => Struct.fromJavaScript(bag),
    require: load,
  };
}

function prototypeOf(sdk: Sdk, message: string, method: string): Prototype {
  const prototype = sdk.provider[message]?.prototype;
  if (typeof prototype?.[method] !== "function") throw new Error(`${message}.${method} is not there`);
  return prototype;
}

/** Ties the request's facts to the bag that is decoded from it. The process's first request is decoded before this is loaded. */
function carryContext(sdk: Sdk): Extension["contextOf"] {
  const contexts = new WeakMap<object, RequestContext>();
  const call = (request: object, method: string): unknown => {
    const get = (request as Record<string, unknown>)[method];
    return typeof get === "function" ? (get as Getter).call(request) : undefined;
  };
  const factsOf = (request: object): RequestContext => {
    const urn = call(request, "getUrn");
    const timeout = call(request, "getTimeout");
    const oldInputs = call(request, "getOldInputs") as Message | undefined;
    return {
      ...(typeof urn === "string" && urn !== "" ? { urn } : {}),
      ...(typeof timeout === "number" && timeout > 0 ? { timeout: timeout * 1000 } : {}),
      ...(oldInputs ? { oldNames: Object.keys(oldInputs.toJavaScript()) } : {}),
    };
  };
  const carry = (message: string, getter: string): void => {
    const prototype = prototypeOf(sdk, message, getter);
    const original = prototype[getter] as Getter;
    prototype[getter] = function (this: object): unknown {
      const struct = original.call(this) as Message | undefined;
      if (!struct) return struct;
      const decode = struct.toJavaScript.bind(struct);
      struct.toJavaScript = () => {
        const bag = decode();
        contexts.set(bag, factsOf(this));
        return bag;
      };
      return struct;
    };
  };
  carry("CheckRequest", "getNews");
  carry("DiffRequest", "getNews");
  carry("CreateRequest", "getProperties");
  carry("UpdateRequest", "getNews");
  carry("DeleteRequest", "getProperties");
  carry("ReadRequest", "getProperties");
  return (bag) => contexts.get(bag) ?? {};
}

const kinds: Record<ChangeKind, string> = {
  add: "ADD",
  delete: "DELETE",
  update: "UPDATE",
  "add-replace": "ADD_REPLACE",
  "delete-replace": "DELETE_REPLACE",
  "update-replace": "UPDATE_REPLACE",
};

interface DiffResponse {
  getDetaileddiffMap(): { set(path: string, diff: unknown): void };
  setHasdetaileddiff(has: boolean): void;
}

/** The server reads `changes` just before it writes it into its answer, in one go: there the details are added. */
function addDetails(sdk: Sdk): Extension["detailed"] {
  const prototype = prototypeOf(sdk, "DiffResponse", "setChanges");
  prototypeOf(sdk, "DiffResponse", "setHasdetaileddiff");
  const original = prototype["setChanges"] as (value: number) => unknown;
  let pending: Readonly<Record<string, DetailedChange>> | undefined;
  prototype["setChanges"] = function (this: DiffResponse, value: number): unknown {
    const changes = pending;
    pending = undefined;
    if (changes) {
      for (const [changed, { kind, inputDiff }] of Object.entries(changes)) {
        const diff = new sdk.provider.PropertyDiff();
        diff.setKind(sdk.provider.PropertyDiff.Kind[kinds[kind]]!);
        diff.setInputdiff(inputDiff);
        this.getDetaileddiffMap().set(changed, diff);
      }
      this.setHasdetaileddiff(true);
    }
    return original.call(this, value);
  };
  return (diff, changes) => {
    if (Object.keys(changes).length === 0) return diff;
    const answer = { ...diff };
    return Object.defineProperty(answer, "changes", {
      get: () => {
        pending = changes;
        queueMicrotask(() => (pending = undefined));
        return diff.changes;
      },
    });
  };
}

/** In an import the engine knows no state yet, and so no provider text: it follows from the type. */
function importWithoutState(sdk: Sdk): void {
  const prototype = prototypeOf(sdk, "ReadRequest", "getProperties");
  const original = prototype["getProperties"] as Getter;
  prototype["getProperties"] = function (this: { getType?(): string; getUrn(): string }): unknown {
    const struct = original.call(this) as Message | undefined;
    if (struct && Object.keys(struct.toJavaScript()).length > 0) return struct;
    const type = this.getType?.() ?? this.getUrn().split("::")[2]?.split("$").pop() ?? "";
    return type.startsWith(typePrefix)
      ? sdk.structFrom({ __provider: providerText(type.slice(typePrefix.length)) })
      : struct;
  };
}

interface EngineClient {
  log(request: object, options: { deadline: number }, done: (error: unknown) => void): void;
}

function engineLog(sdk: Sdk): Extension["log"] {
  const { EngineClient } = sdk.require("./proto/engine_grpc_pb") as {
    EngineClient: new (address: string, credentials: unknown) => EngineClient;
  };
  const messages = sdk.require("./proto/engine_pb") as {
    LogRequest: new () => { setSeverity(n: number): void; setMessage(text: string): void; setUrn(urn: string): void };
    LogSeverity: Record<string, number>;
  };
  const { credentials } = sdk.require("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
  const address = process.argv.slice(2).findLast((argument) => /:\d+$/.test(argument));
  let client: EngineClient | undefined;
  return async (severity, message, urn) => {
    if (address === undefined) return false;
    client ??= new EngineClient(address, credentials.createInsecure());
    const request = new messages.LogRequest();
    request.setSeverity(messages.LogSeverity[severity === "info" ? "INFO" : "WARNING"]!);
    request.setMessage(message);
    if (urn !== undefined) request.setUrn(urn);
    return new Promise((resolve) =>
      client!.log(request, { deadline: Date.now() + 5000 }, (error) => resolve(error === null)),
    );
  };
}

function silenceErrors(): Extension["silence"] {
  const silenced = new Set<string>();
  const original = console.error.bind(console);
  console.error = (...parts: unknown[]) => {
    if (typeof parts[0] === "string" && silenced.delete(parts[0])) return;
    original(...parts);
  };
  return (error) => {
    const printed = `${String(error)}: ${error.stack}`;
    silenced.add(printed);
    setImmediate(() => silenced.delete(printed));
  };
}
