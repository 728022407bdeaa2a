import type { Json } from "../../model/exactJson";
import type { FieldKind, Fields } from "../../model/jsonFields";
import {
  accountFields,
  consumerFields,
  keyValueFields,
  objectStoreFields,
  streamFields,
} from "../../model/nack/nackFields";
import type { Manifest } from "../kubernetes/manifest";

export const nackGroup = "jetstream.nats.io";
export const nackVersion = `${nackGroup}/v1beta2`;

interface Kind {
  readonly kind: string;
  readonly fields: Fields;
  readonly required: readonly string[];
  /** Where an object says nothing. Without them the controller takes 0 for a limit, and none is stored. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** Columns of `kubectl get`, beside the state. */
  readonly columns: Readonly<Record<string, string>>;
  readonly shortNames?: readonly string[];
}

interface Schema {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: object;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
}

const limits = { maxConsumers: -1, maxMsgs: -1, maxBytes: -1, maxMsgSize: -1 };

const kinds: readonly Kind[] = [
  {
    kind: "Stream",
    fields: streamFields,
    required: ["name"],
    defaults: { ...limits, retention: "limits", discard: "old", storage: "memory", replicas: 1 },
    columns: { "Stream Name": "name", Subjects: "subjects" },
  },
  {
    kind: "Consumer",
    fields: consumerFields,
    required: ["streamName", "durableName"],
    defaults: { deliverPolicy: "all", ackPolicy: "none", replayPolicy: "instant", maxDeliver: -1 },
    columns: { Stream: "streamName", Consumer: "durableName", "Ack Policy": "ackPolicy" },
  },
  {
    kind: "KeyValue",
    fields: keyValueFields,
    required: ["bucket"],
    defaults: { replicas: 1 },
    columns: { "KV Store Name": "bucket" },
    shortNames: ["kv"],
  },
  {
    kind: "ObjectStore",
    fields: objectStoreFields,
    required: ["bucket"],
    defaults: { replicas: 1 },
    columns: { "Object Store Name": "bucket" },
  },
  { kind: "Account", fields: accountFields, required: [], defaults: {}, columns: {} },
];

/** What tells Kubernetes of the objects that nack's controller reads. */
export function nackDefinitions(labels: Readonly<Record<string, string>>): Manifest[] {
  return kinds.map((kind) => {
    const singular = kind.kind.toLowerCase();
    const plural = `${singular}s`;
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      // They outlive the controller, and may be there from an earlier one.
      metadata: { name: `${plural}.${nackGroup}`, labels, annotations: { "pulumi.com/patchForce": "true" } },
      spec: {
        group: nackGroup,
        scope: "Namespaced",
        names: {
          kind: kind.kind,
          listKind: `${kind.kind}List`,
          singular,
          plural,
          ...(kind.shortNames ? { shortNames: kind.shortNames } : {}),
        },
        versions: [version(kind)],
      },
    };
  });
}

function version(kind: Kind): object {
  const columns = Object.entries(kind.columns).map(([name, field]) => column(name, `.spec.${field}`));
  return {
    name: "v1beta2",
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: [column("State", ".status.conditions[?(@.type == 'Ready')].reason"), ...columns],
    schema: {
      openAPIV3Schema: {
        type: "object",
        required: ["spec"],
        properties: { spec: objectSchema(kind.fields, kind.defaults, kind.required), status },
      },
    },
  };
}

function column(name: string, jsonPath: string): object {
  return { name, type: "string", jsonPath };
}

function objectSchema(
  fields: Fields,
  defaults: Readonly<Record<string, Json>> = {},
  required: readonly string[] = [],
): Schema {
  const properties = Object.values(fields).map(({ json, kind }) => {
    const value = defaults[json];
    return [json, value === undefined ? optional(schema(kind)) : { ...schema(kind), default: value }];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties) as object,
    ...(required.length > 0 ? { required } : {}),
  };
}

/** Objects that were made under definitions of other releases have empty texts where they say nothing. */
function optional(own: Schema): Schema {
  return own.enum ? { ...own, enum: [...own.enum, ""] } : own;
}

function schema(kind: FieldKind): Schema {
  if (typeof kind === "object") {
    if ("choices" in kind) return { type: "string", enum: kind.choices };
    if ("object" in kind) return objectSchema(kind.object);
    if ("list" in kind) return { type: "array", items: objectSchema(kind.list) };
    return { type: "string" };
  }
  switch (kind) {
    case "flag":
      return { type: "boolean" };
    case "texts":
    case "durations":
      return { type: "array", items: { type: "string" } };
    case "labels":
      return { type: "object", additionalProperties: { type: "string" } };
    case "text":
    case "duration":
    case "time":
      return { type: "string" };
    default:
      return { type: "integer" };
  }
}

const status = {
  type: "object",
  properties: {
    observedGeneration: { type: "integer" },
    conditions: {
      type: "array",
      items: {
        type: "object",
        properties: Object.fromEntries(
          ["type", "status", "reason", "message", "lastTransitionTime"].map((name) => [name, { type: "string" }]),
        ),
      },
    },
  },
};
